"""Product sheets by row, as lines of JSON in arrays that can be mapped; a sheet is read when somebody asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.records import Parameter, Sheet

_FIELDS = tuple(Sheet.__dataclass_fields__)
_PARAMETER_FIELDS = tuple(Parameter.__dataclass_fields__)
#: Sheets kept after reading.
HELD = 20_000
#: Writes JSON in one form: equal values, equal lines.
as_line = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode

Part = tuple[NDArray[np.uint8], NDArray[np.int64]]


def to_json(sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as plain JSON values, blanks left out."""
    stored = {name: getattr(sheet, name) for name in _FIELDS}
    stored["params"] = [parameter_to_json(row) for row in sheet.params]
    stored["interfaces"], stored["extras"] = list(sheet.interfaces), dict(sheet.extras)
    return {name: value for name, value in stored.items() if value not in (None, "", [], {})}


def parameter_to_json(row: Parameter) -> dict[str, Any]:
    """Return a row of a sheet as plain JSON values, blanks left out."""
    return {name: value for name in _PARAMETER_FIELDS if (value := getattr(row, name)) not in (None, "")}


def to_line(sheet: Sheet) -> bytes:
    """Return a sheet as one line; equal sheets have equal lines."""
    return as_line(to_json(sheet)).encode(errors="surrogatepass")


def from_json(stored: dict[str, Any]) -> Sheet:
    """Return the sheet that ``to_json`` wrote."""
    values = dict(stored)
    values.setdefault("text", "")
    values["params"] = tuple(Parameter(**{"key": "", **row}) for row in stored.get("params", ()))
    values["interfaces"] = tuple(stored.get("interfaces", ()))
    return Sheet(**values)


class Lines:
    """Lines of bytes by number; they are only ever added.

    parts : bytes and where each line ends. A part is at least twice as long as the next, so that old ones seldom
    change.
    """

    def __init__(self, parts: Sequence[Part] = ()) -> None:
        self.parts = list(parts)

    def __len__(self) -> int:
        return sum(len(ends) for _, ends in self.parts)

    def __getitem__(self, number: int) -> bytes:
        place = number
        for held, ends in self.parts:
            if 0 <= place < len(ends):
                return held[ends[place - 1] if place else 0 : ends[place]].tobytes()
            place -= len(ends)
        raise IndexError(number)

    def extend(self, lines: Sequence[bytes]) -> None:
        """Append lines."""
        if not lines:
            return
        part = np.frombuffer(b"".join(lines), np.uint8), np.cumsum([len(line) for line in lines], dtype=np.int64)
        while self.parts and len(self.parts[-1][1]) < 2 * len(part[1]):
            held, ends = self.parts.pop()
            part = np.concatenate([held, part[0]]), np.concatenate([ends, part[1] + ends[-1]])
        self.parts.append(part)


class Shelf:
    """Sheets by row number, read from their lines when somebody asks for them."""

    def __init__(self, lines: Lines | None = None) -> None:
        self.lines = lines or Lines()
        self._held: dict[int, Sheet] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Sheet]:
        return (self[row] for row in range(len(self)))

    def __getitem__(self, row: int) -> Sheet:
        sheet = self._held.get(row)
        if sheet is None:
            if len(self._held) >= HELD:
                self._held.clear()
            sheet = self._held[row] = from_json(json.loads(self.lines[row].decode(errors="surrogatepass")))
        return sheet
