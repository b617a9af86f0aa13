"""One label per row, kept as small numbers: a question about all rows is then one look-up in a short table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray


class Labels:
    """A growing list of labels. ``names`` holds each label once, ``codes`` the place of every row's label in it."""

    def __init__(self, labels: Iterable[str] = ()) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self.codes: NDArray[np.int32] = np.zeros(0, np.int32)
        self.extend(labels)

    @classmethod
    def of(cls, names: Iterable[str], codes: NDArray[np.int32]) -> Labels:
        """Return labels from their stored parts."""
        labels = cls()
        labels.names, labels.codes = list(names), codes
        labels._numbers = {name: number for number, name in enumerate(labels.names)}
        return labels

    def extend(self, labels: Iterable[str]) -> Labels:
        """Append the labels of more rows; return self."""
        fresh = [self._number(label) for label in labels]
        self.codes = np.concatenate([self.codes, np.array(fresh, np.int32)])
        return self

    def _number(self, label: str) -> int:
        number = self._numbers.setdefault(label, len(self.names))
        if number == len(self.names):
            self.names.append(label)
        return number

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, row: int) -> str:
        return self.names[self.codes[row]]

    def number(self, label: str) -> int:
        """Return the code of a label, -1 for one that no row has."""
        return self._numbers.get(label, -1)

    def worths(self, table: Mapping[str, float]) -> NDArray[np.float64]:
        """Return the table's value for every name, 0 for those it does not hold."""
        return np.array([table.get(name, 0.0) for name in self.names], np.float64)

    def values(self, table: Mapping[str, float], rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the table's value for the label of some rows, 0 for labels it does not hold."""
        return self.worths(table)[self.codes[rows]] if len(rows) else np.zeros(0)
