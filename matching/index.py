"""An inverted index with BM25 weights: exact scores, rows added and removed in place, arrays that can be mapped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from matching.vocabulary import Vocabulary

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int32]

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
    are weighed by the frequencies known when they come.
    """

    k1: float = 1.2
    b: float = 0.75
    cosine: bool = False
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    frequencies: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    mean_length: float = 1.0
    n_rows: int = 0
    segments: list[Segment] = field(default_factory=list)

    def fit(self, counts: Sequence[Mapping[str, float]]) -> TermIndex:
        """Index one mapping of term -> count per row, forgetting what was there; return self."""
        self.vocabulary, self.segments, self.n_rows = Vocabulary(), [], 0
        self.frequencies = np.zeros(0, np.int64)
        self.mean_length = max(1.0, sum(sum(c.values()) for c in counts) / max(1, len(counts)))
        return self.add(counts)

    def add(self, counts: Sequence[Mapping[str, float]]) -> TermIndex:
        """Append rows; they can be found at once."""
        if not counts:
            return self
        segment = self._segment(counts)
        grown = np.zeros(len(self.vocabulary), np.int64)
        grown[: len(self.frequencies)] = self.frequencies
        self.frequencies = grown + np.diff(segment.indptr)
        self.segments.append(segment)
        self.n_rows += len(counts)
        if len(self.segments) > MAX_SEGMENTS:
            self.segments = [merge(self.segments, len(self.vocabulary))]
        return self

    def _segment(self, counts: Sequence[Mapping[str, float]]) -> Segment:
        vocabulary = self.vocabulary
        term_list = [vocabulary.add(term) for mapping in counts for term in mapping]
        terms = np.asarray(term_list, np.int64)
        values = np.asarray([count for mapping in counts for count in mapping.values()], np.float64)
        rows = np.repeat(np.arange(len(counts), dtype=np.int32), [len(mapping) for mapping in counts])
        order = np.argsort(terms, kind="stable")
        indptr = np.zeros(len(vocabulary) + 1, np.int64)
        np.cumsum(np.bincount(terms, minlength=len(vocabulary)), out=indptr[1:])
        weights = self._weights(terms, values, rows, len(counts), np.diff(indptr))
        return Segment(self.n_rows, len(counts), indptr, rows[order], weights[order].astype(np.float32))

    def _weights(
        self,
        terms: NDArray[np.int64],
        values: NDArray[np.float64],
        rows: IntArray,
        n_rows: int,
        fresh: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Return the posting weights of new rows; ``fresh`` counts the new rows of each term."""
        if not self.cosine:
            lengths = np.bincount(rows, values, n_rows)
            norms = self.k1 * (1 - self.b + self.b * lengths / self.mean_length)
            weights: NDArray[np.float64] = values / (values + norms[rows])
            return weights
        known = fresh.astype(np.float64)
        known[: len(self.frequencies)] += self.frequencies
        idf = np.log1p((self.n_rows + n_rows - known + 0.5) / (known + 0.5))
        raw = (1 + np.log(values)) * idf[terms]
        sizes = np.sqrt(np.bincount(rows, raw * raw, n_rows))
        normed: NDArray[np.float64] = raw / np.maximum(sizes, 1e-9)[rows]
        return normed

    def idf(self, term: str) -> float:
        """Return ln(1 + (N - n + ½)/(n + ½)); a term nobody has counts as one that a single row has."""
        number = self.vocabulary.get(term)
        frequency = float(self.frequencies[number]) if number is not None else 1.0
        return math.log1p((self.n_rows - frequency + 0.5) / (frequency + 0.5)) if self.n_rows else 0.0

    def weigh(self, query: Mapping[str, float]) -> dict[str, float]:
        """Return the query's terms with idf × saturated count; for the cosine as a vector of unit length."""
        if not self.cosine:
            return {term: self.idf(term) * count * 2 / (count + 1) for term, count in query.items()}
        raw = {term: self.idf(term) * (1 + math.log(count)) for term, count in query.items()}
        size = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {term: weight / size for term, weight in raw.items()}

    def scores(self, weights: Mapping[str, float]) -> FloatArray:
        """Return Σ weight × posting for every row, (n_rows,), from weighted query terms."""
        result = np.zeros(self.n_rows, np.float32)
        terms, values = self._known(weights)
        for segment in self.segments:
            held = terms[terms < segment.n_terms]
            spans = [slice(a, b) for a, b in zip(segment.indptr[held], segment.indptr[held + 1], strict=True)]
            if not spans:
                continue
            columns = (
                np.concatenate([segment.weights[span] for span in spans]),
                np.concatenate([segment.rows[span] for span in spans]),
                np.cumsum([0, *(span.stop - span.start for span in spans)]),
            )
            postings = sparse.csc_matrix(columns, shape=(segment.n_rows, len(spans)))
            result[segment.first_row : segment.first_row + segment.n_rows] = postings @ values[terms < segment.n_terms]
        return result

    def _known(self, weights: Mapping[str, float]) -> tuple[NDArray[np.int64], FloatArray]:
        """Return numbers and weights of the terms in the vocabulary."""
        pairs = [(self.vocabulary.get(term), weight) for term, weight in weights.items()]
        known = [(number, weight) for number, weight in pairs if number is not None]
        return np.array([n for n, _ in known], np.int64), np.array([w for _, w in known], np.float32)

    def scores_of(self, rows: NDArray[np.int64], weights: Mapping[str, float]) -> FloatArray:
        """Return ``scores`` of some rows only, given in rising order."""
        result = np.zeros(len(rows), np.float32)
        known = list(zip(*(part.tolist() for part in self._known(weights)), strict=True))
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
        return result

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
