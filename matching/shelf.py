"""Product sheets by row: new ones in memory, stored ones read from a mapped file when somebody asks for them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from matching.records import Parameter, Sheet


def to_json(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as plain JSON values, blanks left out."""
    stored = {name: getattr(sheet, name) for name in Sheet.__dataclass_fields__}
    stored["params"] = [{k: v for k, v in asdict(p).items() if v not in (None, "")} for p in sheet.params]
    stored["interfaces"], stored["extras"] = list(sheet.interfaces), dict(sheet.extras)
    return {name: value for name, value in stored.items() if value not in (None, "", [], {})}


def from_json(stored: dict[str, Any]) -> Sheet:
    """Return the sheet that ``to_json`` wrote."""
    values = dict(stored)
    values.setdefault("text", "")
    values["params"] = tuple(Parameter(**{"key": "", **row}) for row in stored.get("params", ()))
    values["interfaces"] = tuple(stored.get("interfaces", ()))
    return Sheet(**values)


class Shelf:
    """Sheets by row number; rows are only ever added. A stored sheet is read once and then kept."""

    def __init__(self, lines: NDArray[np.uint8] | None = None, ends: NDArray[np.int64] | None = None) -> None:
        self._lines = lines if lines is not None else np.zeros(0, np.uint8)
        self._ends = ends if ends is not None else np.zeros(0, np.int64)
        self._held: dict[int, Sheet] = {}
        self._length = len(self._ends)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Sheet]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, row: int) -> Sheet:
        sheet = self._held.get(row)
        if sheet is None:
            sheet = self._held[row] = from_json(json.loads(self._line(row)))
        return sheet

    def _line(self, row: int) -> bytes:
        if not 0 <= row < len(self._ends):
            raise IndexError(row)
        return self._lines[self._ends[row - 1] if row else 0 : self._ends[row]].tobytes()

    def extend(self, sheets: Iterable[Sheet]) -> None:
        """Append sheets."""
        for sheet in sheets:
            self._held[self._length] = sheet
            self._length += 1

    def save(self, directory: Path) -> None:
        """Write one line of JSON per sheet, and where the lines end; stored lines are copied as they are."""
        ends = list(self._ends.tolist())
        with (directory / "sheets.jsonl").open("wb") as stream:
            self._lines.tofile(stream)
            _append(stream, (self._held[row] for row in range(len(self._ends), len(self))), ends)
        np.save(directory / "sheet_ends.npy", np.array(ends, np.int64))

    @classmethod
    def load(cls, directory: Path) -> Shelf:
        """Map what ``save`` wrote. Raises ValueError when the lines are cut short."""
        path = directory / "sheets.jsonl"
        ends = np.load(directory / "sheet_ends.npy", allow_pickle=False)
        lines = np.memmap(path, np.uint8, "r").view(np.ndarray) if path.stat().st_size else np.zeros(0, np.uint8)
        if len(lines) != (int(ends[-1]) if len(ends) else 0):
            raise ValueError("sheets.jsonl is damaged")
        return cls(lines, ends)


def _append(stream: BinaryIO, sheets: Iterable[Sheet], ends: list[int]) -> None:
    for sheet in sheets:
        line = json.dumps(to_json(sheet), ensure_ascii=False).encode() + b"\n"
        stream.write(line)
        ends.append((ends[-1] if ends else 0) + len(line))
