"""Terms and their numbers. A term is known by a 64-bit hash, kept in sorted arrays that are mapped from files.

Two of a million terms share a hash with a chance of 3 in 10⁸.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int32]
Part = tuple[Hashes, Numbers]

#: Looked-up terms that are remembered.
REMEMBERED = 200_000


def hashed(terms: Iterable[str]) -> Hashes:
    """Return the hash of every term."""
    return np.frombuffer(b"".join(map(_digest, terms)), ">u8").astype(np.uint64)


@lru_cache(REMEMBERED)
def _digest(term: str) -> bytes:
    return hashlib.blake2b(term.encode(errors="surrogatepass"), digest_size=8).digest()


class Vocabulary:
    """Hash -> number, in order of arrival.

    parts : sorted hashes with their numbers. Each part is at least twice as long as the next, so there are few, and
    old ones seldom change: only new parts need to be stored.
    """

    def __init__(self, parts: Sequence[Part] = ()) -> None:
        self.parts: list[Part] = list(parts)
        self._length = sum(len(hashes) for hashes, _ in self.parts)
        self._looked_up: dict[str, int] = {}

    def __len__(self) -> int:
        return self._length

    def __contains__(self, term: str) -> bool:
        return self.get(term) is not None

    def get(self, term: str) -> int | None:
        """Return a term's number, None for an unknown one."""
        number = self.places((term,))[0]
        return number if number >= 0 else None

    def places(self, terms: Sequence[str]) -> list[int]:
        """Return the numbers of terms, -1 for unknown ones; what was asked for lately is remembered."""
        held = self._looked_up
        fresh = [term for term in terms if term not in held]
        if fresh:
            if len(held) + len(fresh) >= REMEMBERED:  # another one, since other threads may be reading this one
                held = self._looked_up = {}
                fresh = list(terms)
            held.update(zip(fresh, self.numbers(hashed(fresh)).tolist(), strict=True))
        return [held[term] for term in terms]

    def add(self, term: str) -> int:
        """Return a term's number, the next one for an unknown term."""
        return int(self.extend(hashed((term,)))[0])

    def numbers(self, hashes: Hashes) -> Numbers:
        """Return the numbers of hashes, -1 for unknown ones."""
        found = np.full(len(hashes), -1, np.int32)
        for known, numbers in self.parts:
            places = known.searchsorted(hashes)
            places[places == len(known)] = 0
            same = known[places] == hashes
            found[same] = numbers[places[same]]
        return found

    def extend(self, hashes: Hashes) -> Numbers:
        """Return the numbers of hashes; unknown ones get the next numbers, in order of their first place."""
        unique, first, inverse = np.unique(hashes, return_index=True, return_inverse=True)
        found = self.numbers(unique)
        unknown = np.flatnonzero(found < 0)
        if len(unknown):
            order = unknown[np.argsort(first[unknown])]
            found[order] = np.arange(self._length, self._length + len(order), dtype=np.int32)
            self._append((unique[unknown], found[unknown]))
        return found[inverse]

    def hashes(self) -> Hashes:
        """Return every hash at the place of its number."""
        found = np.zeros(self._length, np.uint64)
        for known, numbers in self.parts:
            found[numbers] = known
        return found

    def _append(self, part: Part) -> None:
        self._length += len(part[0])
        self._looked_up.clear()
        while self.parts and len(self.parts[-1][0]) < 2 * len(part[0]):
            last = self.parts.pop()
            hashes, numbers = np.concatenate([last[0], part[0]]), np.concatenate([last[1], part[1]])
            order = np.argsort(hashes, kind="stable")
            part = (hashes[order], numbers[order])
        self.parts.append(part)
