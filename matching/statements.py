"""What the sheets of a catalogue state about their parameters: every different statement once, and who makes it.

A statement is all that a sheet says of one parameter. Its numbers lie in arrays, so that a requirement is held
against many sheets at once without reading them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.labels import Labels
from matching.offers import finite, is_stated, rows_of
from matching.records import Parameter, Sheet
from matching.shelf import Lines, as_line, parameter_to_json
from matching.vocabulary import Vocabulary, hashed

_OWN_KEYS = ("temp", "grade", "package", "if")
#: Statements kept after reading.
HELD = 50_000

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Said:
    """The statements of some sheets: each different one once, and which ones every sheet makes, sheet after sheet.

    numbers : min, typ, max, NaN where none is stated; only of statements of one row with a number (``plain``).
    """

    lines: list[str]
    keys: list[str]
    units: list[str]
    numbers: NDArray[np.float64]
    plain: NDArray[np.bool_]
    made: Numbers
    lengths: Numbers

    @classmethod
    def of(cls, sheets: Sequence[Sheet]) -> Said:
        """Return what sheets state."""
        found: dict[str, tuple[int, str, Parameter | None]] = {}
        made: list[int] = []
        lengths: list[int] = []
        for sheet in sheets:
            before = len(made)
            for key in dict.fromkeys((*(row.key for row in sheet.params), *_OWN_KEYS, *sheet.extras)):
                rows = [row for row in rows_of(key, sheet) if row.key == key and is_stated(row)]
                if rows:
                    line = as_line([parameter_to_json(row) for row in rows])
                    alone = rows[0] if len(rows) == 1 and _ends(rows[0]) != (None, None, None) else None
                    made.append(found.setdefault(line, (len(found), key, alone))[0])
            lengths.append(len(made) - before)
        alone_rows = [row for _, _, row in found.values()]
        return cls(
            list(found),
            [key for _, key, _ in found.values()],
            [row.unit if row is not None else "" for row in alone_rows],
            np.array([_ends(row) if row is not None else (None,) * 3 for row in alone_rows], np.float64).reshape(-1, 3),
            np.array([row is not None for row in alone_rows], np.bool_),
            np.array(made, np.int32),
            np.array(lengths, np.int32),
        )


def _ends(row: Parameter) -> tuple[float | None, float | None, float | None]:
    return finite(row.min), finite(row.typ), finite(row.max)


@dataclass(slots=True)
class Statements:
    """Statements by number, and starts[r]:starts[r+1] of ``made`` are those of row r."""

    known: Vocabulary = field(default_factory=Vocabulary)
    lines: Lines = field(default_factory=Lines)
    keys: Labels = field(default_factory=Labels)
    units: Labels = field(default_factory=Labels)
    numbers: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 3)))
    plain: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    starts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    made: Numbers = field(default_factory=lambda: np.zeros(0, np.int32))
    _held: dict[int, tuple[Parameter, ...]] = field(default_factory=dict)

    def add(self, parts: Sequence[Said]) -> Statements:
        """Append rows; return self."""
        made, numbers, plain = [self.made], [self.numbers], [self.plain]
        for part in parts:
            before = len(self.known)
            places = self.known.extend(hashed(part.lines))
            made.append(places[part.made])
            fresh = np.flatnonzero(places >= before)
            self.lines.extend([part.lines[place].encode(errors="surrogatepass") for place in fresh])
            self.keys.extend(part.keys[place] for place in fresh)
            self.units.extend(part.units[place] for place in fresh)
            numbers.append(part.numbers[fresh])
            plain.append(part.plain[fresh])
        self.made, self.numbers, self.plain = np.concatenate(made), np.concatenate(numbers), np.concatenate(plain)
        lengths = np.concatenate([np.zeros(0, np.int64), *(part.lengths for part in parts)])
        self.starts = np.concatenate([self.starts, self.starts[-1] + np.cumsum(lengths, dtype=np.int64)])
        return self

    def of(self, key: str, rows: NDArray[np.int64]) -> Numbers:
        """Return the statement of each row about a parameter, -1 where there is none."""
        starts, lengths = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        owner = np.repeat(np.arange(len(rows)), lengths)
        places = np.arange(len(owner)) + np.repeat(starts - np.cumsum(lengths) + lengths, lengths)
        made = self.made[places]
        asked = self.keys.codes[made] == self.keys.number(key)
        found = np.full(len(rows), -1, np.int32)
        found[owner[asked]] = made[asked]
        return found

    def rows(self, statement: int) -> tuple[Parameter, ...]:
        """Return a statement as rows of a sheet."""
        rows = self._held.get(statement)
        if rows is None:
            if len(self._held) >= HELD:
                self._held.clear()
            stored = json.loads(self.lines[statement].decode(errors="surrogatepass"))
            rows = self._held[statement] = tuple(Parameter(**{"key": "", **row}) for row in stored)
        return rows
