"""The sheets a matcher knows: rows that never move, a mask of the living, and a fingerprint of the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

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


def digest(sheet: Sheet) -> int:
    """Return 64 bits that change with any field of the sheet."""
    text = json.dumps(to_json(sheet), ensure_ascii=False, sort_keys=True)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass(slots=True)
class Catalogue:
    """Rows of sheets. A changed sheet gets a new row; the old row dies and is dropped at the next fit."""

    sheets: list[Sheet] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    alive: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    checksum: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, sheets: Sequence[Sheet]) -> None:
        """Append sheets; one with a known id replaces the old one. The last of equal ids wins."""
        self.remove(sheet.id for sheet in sheets)
        first = len(self.sheets)
        self.sheets.extend(sheets)
        self.alive = np.concatenate([self.alive, np.ones(len(sheets), np.bool_)])
        for row, sheet in enumerate(sheets, first):
            if sheet.id in self.rows:
                self._kill(self.rows[sheet.id])
            self.rows[sheet.id] = row
            self.checksum ^= digest(sheet)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget sheets; unknown ids are ignored."""
        for sheet_id in ids:
            row = self.rows.pop(sheet_id, None)
            if row is not None:
                self._kill(row)

    def _kill(self, row: int) -> None:
        self.alive[row] = False
        self.checksum ^= digest(self.sheets[row])

    @property
    def fingerprint(self) -> str:
        """Return 16 hex digits that depend on the living sheets, not on their order."""
        return f"{self.checksum:016x}"

    def living(self) -> list[Sheet]:
        """Return the living sheets in row order."""
        return [self.sheets[row] for row in sorted(self.rows.values())]
