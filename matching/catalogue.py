"""The sheets a matcher knows: rows that never move, a mask of the living, and a fingerprint of the data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.labels import Labels
from matching.packing import Packed
from matching.records import Sheet
from matching.shelf import Lines, Shelf
from matching.statements import Statements
from matching.vocabulary import Vocabulary, hashed


class Rows:
    """Row of every living sheet by its id."""

    def __init__(self, ids: Vocabulary | None = None, rows: NDArray[np.int32] | None = None) -> None:
        self.ids = ids or Vocabulary()
        self.rows = rows if rows is not None else np.zeros(0, np.int32)
        self._length = int((self.rows >= 0).sum())

    def __len__(self) -> int:
        return self._length

    def __contains__(self, sheet_id: str) -> bool:
        return self.get(sheet_id) is not None

    def __getitem__(self, sheet_id: str) -> int:
        row = self.get(sheet_id)
        if row is None:
            raise KeyError(sheet_id)
        return row

    def get(self, sheet_id: str) -> int | None:
        """Return the row of a living sheet, or None."""
        number = self.ids.get(sheet_id)
        row = -1 if number is None else int(self.rows[number])
        return row if row >= 0 else None

    def place(self, sheet_ids: Sequence[str], first: int) -> NDArray[np.int32]:
        """Give sheets with different ids the rows from ``first`` on; return the rows that are given up."""
        numbers = self.ids.extend(hashed(sheet_ids))
        fresh = np.full(len(self.ids) - len(self.rows), -1, np.int32)
        self.rows = np.concatenate([self.rows, fresh])
        before = self.rows[numbers]
        self.rows[numbers] = np.arange(first, first + len(numbers), dtype=np.int32)
        self._length = int((self.rows >= 0).sum())
        return before[before >= 0]

    def pop(self, sheet_id: str) -> int | None:
        """Forget a sheet; return the row it had."""
        row, number = self.get(sheet_id), self.ids.get(sheet_id)
        if row is not None and number is not None:
            self.rows[number] = -1
            self._length -= 1
        return row


@dataclass(slots=True)
class Catalogue:
    """Rows of sheets. A changed sheet gets a new row; the old row dies and is dropped at the next fit.

    written : how each sheet writes its words, see ``Analysis``.
    """

    sheets: Shelf = field(default_factory=Shelf)
    written: Lines = field(default_factory=Lines)
    rows: Rows = field(default_factory=Rows)
    alive: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    firms: Labels = field(default_factory=Labels)
    stages: Labels = field(default_factory=Labels)
    statements: Statements = field(default_factory=Statements)
    checksum: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, sheets: Sequence[Sheet], parts: Sequence[Packed]) -> None:
        """Append sheets with different ids, as they were packed; one with a known id replaces the old one."""
        lines = [line for part in parts for line in part.lines]
        for row in self.rows.place([sheet.id for sheet in sheets], len(self.sheets)).tolist():
            self._kill(row)
        self.sheets.lines.extend(lines)
        self.written.extend([line for part in parts for line in part.written])
        self.statements.add([part.said for part in parts])
        self.firms.extend(sheet.firm for sheet in sheets)
        self.stages.extend(sheet.lifecycle_stage for sheet in sheets)
        self.alive = np.concatenate([self.alive, np.ones(len(sheets), np.bool_)])
        for line in lines:
            self.checksum ^= _digest(line)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget sheets; unknown ids are ignored."""
        for sheet_id in ids:
            row = self.rows.pop(sheet_id)
            if row is not None:
                self._kill(row)

    def _kill(self, row: int) -> None:
        self.alive[row] = False
        self.checksum ^= _digest(self.sheets.lines[row])

    @property
    def fingerprint(self) -> str:
        """Return 16 hex digits that depend on the living sheets, not on their order."""
        return f"{self.checksum:016x}"

    def written_in(self, row: int) -> dict[str, str]:
        """Return how a sheet writes its words where it is not as they are counted."""
        written: dict[str, str] = json.loads(self.written[row].decode(errors="surrogatepass"))
        return written

    def living(self) -> list[Sheet]:
        """Return the living sheets in row order."""
        return [self.sheets[row] for row in np.flatnonzero(self.alive).tolist()]

    def rows_of_firm(self, firm: str) -> list[int]:
        """Return the living rows of a firm, in row order."""
        rows: list[int] = np.flatnonzero(self.alive & (self.firms.codes == self.firms.number(firm))).tolist()
        return rows

    def firms_of(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the firm of each row."""
        return [self.firms.names[code] for code in self.firms.codes[rows].tolist()]

    def firm_sizes(self) -> dict[str, int]:
        """Return how many living sheets each firm has; firms without any are left out."""
        counts = np.bincount(self.firms.codes[self.alive], minlength=len(self.firms.names)).tolist()
        return {firm: count for firm, count in zip(self.firms.names, counts, strict=True) if count}


def _digest(line: bytes) -> int:
    """Return 64 bits that change with any field of the sheet."""
    return int.from_bytes(hashlib.blake2b(line, digest_size=8).digest(), "big")
