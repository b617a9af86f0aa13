"""An inverted index with BM25 weights: exact scores, rows added and removed in place, arrays that can be mapped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.bags import Bags
from matching.vocabulary import REMEMBERED, Vocabulary

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int32]

Numbered = tuple[IntArray, Bags]

#: Rows that are stored together.
BATCH = 1 << 16
#: More pieces than this are merged into one, so that a query never walks a long list of small ones.
MAX_SEGMENTS = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """Postings of a block of rows, term by term: rows[indptr[t]:indptr[t+1]] hold term t with those weights."""

    first_row: int
    n_rows: int
    indptr: NDArray[np.int64]
    rows: IntArray
    weights: FloatArray

    @property
    def n_terms(self) -> int:
        """How many terms the vocabulary had when the block was made."""
        return len(self.indptr) - 1


@dataclass(slots=True)
class TermIndex:
    """BM25 (Robertson & Zaragoza 2009, FnTIR 3:333) over weighted term counts.

    Posting weights hold the saturated, length-normalised count in [0, 1); idf is applied to the query, so that rows
    can be added without touching the old ones.

    cosine : weigh by sublinear TF-IDF vectors of unit length instead (Salton & Buckley 1988, IPM 24:513); new rows
    are weighed by the frequencies known when they come. looked_up : idf of terms asked for since the last addition.
    """

    k1: float = 1.2
    b: float = 0.75
    cosine: bool = False
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    frequencies: IntArray = field(default_factory=lambda: np.zeros(0, np.int32))
    mean_length: float = 1.0
    n_rows: int = 0
    segments: list[Segment] = field(default_factory=list)
    looked_up: dict[str, float] = field(default_factory=dict)

    def fit(self, counts: Sequence[Mapping[str, float]] | Sequence[Bags]) -> Self:
        """Index one mapping of term -> count per row, or bags of rows, forgetting what was there; return self."""
        parts = _parts(counts)
        self.vocabulary, self.n_rows = Vocabulary(), 0
        self.frequencies = np.zeros(0, np.int32)
        total = sum(float(part.counts.sum(dtype=np.float64)) for part in parts)
        self.mean_length = max(1.0, total / max(1, sum(map(len, parts))))
        self._forget()
        return self.add(parts)

    def add(self, counts: Sequence[Mapping[str, float]] | Sequence[Bags]) -> Self:
        """Append rows; they can be found at once."""
        parts = _parts(counts)
        numbered = [(self._numbered(part), part) for part in parts]
        for some in _batches(numbered):
            terms, bags = np.concatenate([terms for terms, _ in some]), Bags.joined([part for _, part in some])
            self._store(terms, self._weights(terms, bags).astype(np.float32), bags)
        return self

    def _numbered(self, bags: Bags) -> IntArray:
        """Count rows and their terms; return the numbers of the terms."""
        terms = self.vocabulary.extend(bags.hashes)
        fresh = len(self.vocabulary) - len(self.frequencies)
        if fresh > 0:  # with room for more, so that many small additions do not copy it each time
            room = max(fresh, len(self.frequencies) // 4)
            self.frequencies = np.concatenate([self.frequencies, np.zeros(room, np.int32)])
        different, counted = np.unique(terms, return_counts=True)
        self.frequencies[different] += counted.astype(np.int32)
        self.n_rows += len(bags)
        self.looked_up.clear()
        return terms

    def _forget(self) -> None:
        self.segments = []

    def _store(self, terms: IntArray, weights: FloatArray, bags: Bags) -> None:
        order = np.argsort(terms, kind="stable")
        indptr = np.zeros(len(self.vocabulary) + 1, np.int64)
        np.cumsum(np.bincount(terms, minlength=len(self.vocabulary)), out=indptr[1:])
        rows = bags.owners[order].astype(np.int32)
        first = self.segments[-1].first_row + self.segments[-1].n_rows if self.segments else 0
        self.segments.append(Segment(first, len(bags), indptr, rows, weights[order]))
        if len(self.segments) > MAX_SEGMENTS:
            self.segments = [merge(self.segments, len(self.vocabulary))]

    def _weights(self, terms: IntArray, bags: Bags) -> NDArray[np.float64]:
        """Return the posting weights of rows that are counted already."""
        rows, values = bags.owners, bags.counts.astype(np.float64)
        if not self.cosine:
            lengths = np.bincount(rows, values, len(bags))
            norms = self.k1 * (1 - self.b + self.b * lengths / self.mean_length)
            weights: NDArray[np.float64] = values / (values + norms[rows])
            return weights
        known = self.frequencies[terms].astype(np.float64)
        raw = (1 + np.log(values)) * np.log1p((self.n_rows - known + 0.5) / (known + 0.5))
        sizes = np.sqrt(np.bincount(rows, raw * raw, len(bags)))
        normed: NDArray[np.float64] = raw / np.maximum(sizes, 1e-9)[rows]
        return normed

    def idfs(self, terms: Sequence[str]) -> list[float]:
        """Return ln(1 + (N - n + ½)/(n + ½)) of terms; one that nobody has counts as one that a single row has.

        What was asked for lately is remembered.
        """
        held = self.looked_up
        fresh = [term for term in terms if term not in held]
        if fresh:
            if len(held) + len(fresh) >= REMEMBERED:  # another one, since other threads may be reading this one
                held = self.looked_up = {}
                fresh = list(terms)
            held.update(zip(fresh, self._idfs(fresh), strict=True))
        return [held[term] for term in terms]

    def _idfs(self, terms: Sequence[str]) -> list[float]:
        numbers, n_rows = self.vocabulary.places(terms), self.n_rows
        if not n_rows:
            return [0.0] * len(terms)
        counts = self.frequencies[numbers].tolist() if len(self.frequencies) else [1] * len(terms)
        known = [count if number >= 0 else 1 for number, count in zip(numbers, counts, strict=True)]
        return [math.log1p((n_rows - count + 0.5) / (count + 0.5)) for count in known]

    def weigh(self, query: Mapping[str, float]) -> dict[str, float]:
        """Return the query's terms with idf × saturated count; for the cosine as a vector of unit length."""
        pairs = zip(query.items(), self.idfs(list(query)), strict=True)
        if not self.cosine:
            return {term: idf * count * 2 / (count + 1) for (term, count), idf in pairs}
        raw = {term: idf * (1 + math.log(count)) for (term, count), idf in pairs}
        size = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {term: weight / size for term, weight in raw.items()}

    def scores(self, weights: Mapping[str, float]) -> FloatArray:
        """Return Σ weight × posting for every row, (n_rows,), from weighted query terms."""
        result = np.zeros(self.n_rows, np.float32)
        terms, values = self.known(weights)
        for segment in self.segments:
            held = terms < segment.n_terms
            starts, stops = segment.indptr[terms[held]], segment.indptr[terms[held] + 1]
            lengths = stops - starts
            ends = np.cumsum(lengths)
            places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + lengths, lengths)
            products = np.repeat(values[held], lengths) * segment.weights[places]
            sums = np.bincount(segment.rows[places], products, segment.n_rows)
            result[segment.first_row : segment.first_row + segment.n_rows] = sums
        return result

    def products(self, bags: Bags) -> NDArray[np.float64]:
        """Return the scores of every row for many queries at once, (queries, rows); not for the cosine."""
        terms, counts = self.vocabulary.numbers(bags.hashes), bags.counts.astype(np.float64)
        held = terms >= 0
        frequencies = self.frequencies[terms[held]].astype(np.float64)
        idf = np.log1p((self.n_rows - frequencies + 0.5) / (frequencies + 0.5))
        weights = (idf * counts[held] * 2 / (counts[held] + 1)).astype(np.float32)
        n_terms = len(self.vocabulary)
        queries = sparse.csr_matrix((weights, (bags.owners[held], terms[held])), shape=(len(bags), n_terms))
        whole = merge(self.segments, n_terms)
        postings = sparse.csr_matrix((whole.weights, whole.rows, whole.indptr), shape=(n_terms, self.n_rows))
        return (queries @ postings).toarray().astype(np.float64)

    def known(self, weights: Mapping[str, float]) -> tuple[NDArray[np.int64], FloatArray]:
        """Return numbers and weights of the terms in the vocabulary."""
        numbers = np.array(self.vocabulary.places(list(weights)), np.int64)
        held = numbers >= 0
        return numbers[held], np.array(list(weights.values()), np.float32)[held]

    def scores_of(self, rows: NDArray[np.int64], weights: Mapping[str, float]) -> FloatArray:
        """Return ``scores`` of some rows only, given in rising order."""
        result = np.zeros(len(rows))
        known = list(zip(*(part.tolist() for part in self.known(weights)), strict=True))
        for segment in self.segments:
            first, last = np.searchsorted(rows, [segment.first_row, segment.first_row + segment.n_rows])
            wanted = (rows[first:last] - segment.first_row).astype(np.int32)
            part = result[first:last]
            for term, weight in known:
                if term < segment.n_terms and len(wanted):
                    start, stop = segment.indptr[term], segment.indptr[term + 1]
                    held = segment.rows[start:stop]
                    places = np.searchsorted(held, wanted).clip(max=max(len(held) - 1, 0))
                    found = held[places] == wanted if len(held) else np.zeros(len(wanted), np.bool_)
                    part[found] += np.float32(weight) * segment.weights[start:stop][places[found]]
        return result.astype(np.float32)

    def row_weights(self, row: int, terms: Iterable[str]) -> dict[str, float]:
        """Return the posting weight of each given term that the row holds."""
        found: dict[str, float] = {}
        segment = next(s for s in self.segments if s.first_row <= row < s.first_row + s.n_rows)
        for term in terms:
            number = self.vocabulary.get(term)
            if number is None or number >= segment.n_terms:
                continue
            start, stop = segment.indptr[number], segment.indptr[number + 1]
            place = start + int(np.searchsorted(segment.rows[start:stop], row - segment.first_row))
            if place < stop and segment.rows[place] == row - segment.first_row:
                found[term] = float(segment.weights[place])
        return found


def _parts(counts: Sequence[Mapping[str, float]] | Sequence[Bags]) -> list[Bags]:
    bags = [part for part in counts if isinstance(part, Bags)]
    texts = [part for part in counts if not isinstance(part, Bags)]
    return bags or ([Bags.of(texts)] if texts else [])


def _batches(parts: Sequence[Numbered]) -> Iterator[list[Numbered]]:
    """Yield parts in groups of at least BATCH rows, but for the last."""
    group: list[Numbered] = []
    for part in parts:
        group.append(part)
        if sum(len(bags) for _, bags in group) >= BATCH:
            yield group
            group = []
    if group:
        yield group


def merge(segments: Sequence[Segment], n_terms: int) -> Segment:
    """Return one segment that holds the rows of all, in order."""
    lengths = np.zeros(n_terms, np.int64)
    for segment in segments:
        lengths[: segment.n_terms] += np.diff(segment.indptr)
    indptr = np.zeros(n_terms + 1, np.int64)
    np.cumsum(lengths, out=indptr[1:])
    rows, weights = np.empty(indptr[-1], np.int32), np.empty(indptr[-1], np.float32)
    cursor = indptr[:-1].copy()
    for segment in segments:
        counts = np.diff(segment.indptr)
        places = np.repeat(cursor[: segment.n_terms] - segment.indptr[:-1], counts) + np.arange(len(segment.rows))
        rows[places] = segment.rows + np.int32(segment.first_row)
        weights[places] = segment.weights
        cursor[: segment.n_terms] += counts
    return Segment(0, sum(segment.n_rows for segment in segments), indptr, rows, weights)
