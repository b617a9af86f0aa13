"""Term counts of many texts as arrays: they travel between processes and are indexed without a look at each term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.vocabulary import Hashes, hashed


@dataclass(frozen=True, slots=True)
class Bags:
    """Hashes of terms and their counts, text after text; ``lengths`` tells how many different terms each text has."""

    hashes: Hashes
    counts: NDArray[Any]
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, texts: Sequence[Mapping[str, float]], kind: type[np.number[Any]] = np.float32) -> Bags:
        """Return the counts of some texts, stored as numbers of that kind."""
        return cls(
            hashed(chain.from_iterable(texts)),
            np.fromiter(chain.from_iterable(text.values() for text in texts), kind),
            np.array([len(text) for text in texts], np.int32),
        )

    @classmethod
    def joined(cls, parts: Sequence[Bags]) -> Bags:
        """Return all texts of at least one bag, in order."""
        names = ("hashes", "counts", "lengths")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def some(self, chosen: NDArray[np.bool_]) -> Bags:
        """Return the texts that are chosen."""
        entries = np.repeat(chosen, self.lengths)
        return Bags(self.hashes[entries], self.counts[entries], self.lengths[chosen])

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def owners(self) -> NDArray[np.int64]:
        """Return the text of every entry."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)
