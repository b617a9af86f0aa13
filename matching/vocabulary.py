"""Terms and their numbers; stored ones as sorted 64-bit hashes in a mapped file, so that a million need no reading."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Vocabulary:
    """Term -> number, in order of arrival. Two of a million terms share a hash with a chance of 3 in 10⁸."""

    def __init__(self, hashes: NDArray[np.uint64] | None = None, numbers: NDArray[np.int32] | None = None) -> None:
        self._hashes = hashes if hashes is not None else np.zeros(0, np.uint64)
        self._numbers = numbers if numbers is not None else np.zeros(0, np.int32)
        self._fresh: dict[str, int] = {}
        self._looked_up: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._hashes) + len(self._fresh)

    def __contains__(self, term: str) -> bool:
        return self.get(term) is not None

    def get(self, term: str) -> int | None:
        """Return a term's number, None for an unknown one."""
        number = self._fresh.get(term)
        if number is not None or not len(self._hashes):
            return number
        number = self._looked_up.get(term)
        return number if number is not None else self._stored(term)

    def add(self, term: str) -> int:
        """Return a term's number, the next one for an unknown term."""
        number = self.get(term)
        if number is None:
            number = self._fresh[term] = len(self)
        return number

    def _stored(self, term: str) -> int | None:
        wanted = _hash(term)
        place = int(self._hashes.searchsorted(wanted))
        if place == len(self._hashes) or self._hashes[place] != wanted:
            return None
        number = self._looked_up[term] = int(self._numbers[place])
        return number

    def save(self, directory: Path, name: str) -> None:
        """Write two arrays."""
        fresh = np.fromiter(map(_hash, self._fresh), np.uint64, len(self._fresh))
        hashes = np.concatenate([self._hashes, fresh])
        numbers = np.concatenate([self._numbers, np.fromiter(self._fresh.values(), np.int32, len(self._fresh))])
        order = np.argsort(hashes, kind="stable")
        np.save(directory / f"{name}_hashes.npy", hashes[order])
        np.save(directory / f"{name}_numbers.npy", numbers[order])

    @classmethod
    def load(cls, directory: Path, name: str) -> Vocabulary:
        """Map what ``save`` wrote. Raises OSError when it is not there."""
        parts = (np.load(directory / f"{name}_{part}.npy", "r", allow_pickle=False) for part in ("hashes", "numbers"))
        return cls(*(part.view(np.ndarray) for part in parts))


def _hash(term: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "big"))
