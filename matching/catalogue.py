"""The sheets a matcher knows: rows that never move, a mask of the living, and a fingerprint of the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.labels import Labels
from matching.records import Sheet
from matching.shelf import Shelf, to_json


def digest(sheet: Sheet) -> int:
    """Return 64 bits that change with any field of the sheet."""
    text = json.dumps(to_json(sheet), ensure_ascii=False, sort_keys=True)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass(slots=True)
class Catalogue:
    """Rows of sheets. A changed sheet gets a new row; the old row dies and is dropped at the next fit."""

    sheets: Shelf = field(default_factory=Shelf)
    rows: dict[str, int] = field(default_factory=dict)
    alive: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    firms: Labels = field(default_factory=Labels)
    stages: Labels = field(default_factory=Labels)
    checksum: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, sheets: Sequence[Sheet]) -> None:
        """Append sheets; one with a known id replaces the old one. The last of equal ids wins."""
        self.remove(sheet.id for sheet in sheets)
        first = len(self.sheets)
        self.sheets.extend(sheets)
        self.firms.extend(sheet.firm for sheet in sheets)
        self.stages.extend(sheet.lifecycle_stage for sheet in sheets)
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

    def rows_of_firm(self, firm: str) -> list[int]:
        """Return the living rows of a firm, in row order."""
        rows: list[int] = np.flatnonzero(self.alive & (self.firms.codes == self.firms.number(firm))).tolist()
        return rows

    def firm_sizes(self) -> dict[str, int]:
        """Return how many living sheets each firm has; firms without any are left out."""
        counts = np.bincount(self.firms.codes[self.alive], minlength=len(self.firms.names)).tolist()
        return {firm: count for firm, count in zip(self.firms.names, counts, strict=True) if count}
