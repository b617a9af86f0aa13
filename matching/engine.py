"""The matcher: fit on product sheets, then ask in both directions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from matching import __version__
from matching.analysis import analyse
from matching.archive import Archive
from matching.bags import Bags
from matching.batch import chunks, pack_all
from matching.catalogue import Catalogue
from matching.category import CategoryModel
from matching.explain import explain
from matching.features import Scored, faintness_of, score_need, votes_of
from matching.firms import roll_up, score_firms
from matching.history import History
from matching.labels import Labels
from matching.lexicon import Concept, translator_of
from matching.packing import Packed
from matching.rank import Ranker, probability
from matching.records import Need, Sheet
from matching.results import FirmMatch, Match
from matching.stage import Reach
from matching.stuffing import Honesty
from matching.views import Views, word_query

#: A need of the past and the sheets chosen for it with the strength of each choice.
PastNeed = tuple[Need, Sequence[tuple[str, float]]]


class Matcher(BaseEstimator):
    """Rank product sheets for a need by words, spelling, category and requirements.

    candidates : int, how many sheets the first stage hands to the second, at least 10.
    firm_products : int, how many products of a firm are kept as evidence.
    lexicon : more concepts beside the shipped ones (an administrator's own words).
    """

    def __init__(self, *, candidates: int = 300, firm_products: int = 3, lexicon: Sequence[Concept] = ()) -> None:
        self.candidates = candidates
        self.firm_products = firm_products
        self.lexicon = lexicon

    def fit(self, sheets: Sequence[Sheet], y: None = None, *, history: Sequence[PastNeed] | None = None) -> Matcher:
        """Learn vocabulary, weights and categories from the catalogue; return self.

        history : past needs, each with (sheet id, strength > 0) of what was chosen for it.

        Raises ValueError for an empty id or a wrong setting. The last of sheets with equal ids wins.
        """
        if self.candidates < 10 or self.firm_products < 1:
            raise ValueError("candidates must be at least 10 and firm_products at least 1")
        unique = list({sheet.id: sheet for sheet in sheets}.values())
        _check(unique)
        self.translator_ = translator_of(tuple(self.lexicon))
        parts = pack_all(unique, self.lexicon, self.translator_)
        self.catalogue_ = Catalogue()
        self.catalogue_.add(unique, parts)
        labels = [[sheet.category for sheet in part] for part in chunks(unique)]
        self.categories_ = CategoryModel().fit(labels, [part.bags["words"] for part in parts], self.lexicon)
        self.honesty_ = Honesty.of(Bags.joined([Bags.of([]), *(part.bags["words"] for part in parts)]))
        self.guessed_, self.stuffing_ = Labels(), np.zeros(0)
        self._note(labels, parts)
        self.views_ = Views().fit(parts)
        past = list(history or ())
        self.history_ = History().fit(
            [analyse(need, self.translator_) for need, _ in past], [choices for _, choices in past]
        )
        self.ranker_ = Ranker.default()
        self.archive_ = Archive()
        return self

    def update(self, sheets: Sequence[Sheet]) -> Matcher:
        """Add or replace sheets; they can be found at once. Term statistics follow, categories wait for fit."""
        check_is_fitted(self, "catalogue_")
        unique = list({sheet.id: sheet for sheet in sheets}.values())
        _check(unique)
        parts = pack_all(unique, self.lexicon, self.translator_)
        self.views_.add(parts)
        self._note([[sheet.category for sheet in part] for part in chunks(unique)], parts)
        self.catalogue_.add(unique, parts)
        return self

    def _note(self, labels: Sequence[Sequence[str]], parts: Sequence[Packed]) -> None:
        """Keep the category of more sheets, guessed where it is not given, and how stuffed they are."""
        for given, part in zip(labels, parts, strict=True):
            blank = np.array([not label for label in given], np.bool_)
            texts = (part.bags[name].some(blank) for name in ("words", "pieces", "head"))
            guessed = iter(self.categories_.guess(*texts) if blank.any() else ())
            self.guessed_.extend(label or next(guessed) for label in given)
        self.stuffing_ = np.concatenate(
            [self.stuffing_, *(self.honesty_.stuffing(part.bags["words"]) for part in parts)]
        )

    def remove(self, ids: Iterable[str]) -> Matcher:
        """Forget sheets; unknown ids are ignored."""
        check_is_fitted(self, "catalogue_")
        self.catalogue_.remove(ids)
        return self

    def __len__(self) -> int:
        """Return how many sheets can be found."""
        check_is_fitted(self, "catalogue_")
        return len(self.catalogue_.rows)

    @property
    def version(self) -> str:
        """Return engine version, ranker version and fingerprints of data and own words; equal inputs, equal version."""
        check_is_fitted(self, "catalogue_")
        words = f".{crc32(repr(tuple(self.lexicon)).encode()):08x}" if self.lexicon else ""
        return f"{__version__}+{self.ranker_.version}.{self.catalogue_.fingerprint}{words}"

    def score(self, need: Need, *, limit: int | None = None) -> Scored:
        """Return the candidates of a need with their features and logits, best first, ties by sheet id."""
        check_is_fitted(self, "catalogue_")
        return score_need(self, need, limit=limit)

    def recommend(self, need: Need, k: int = 10, *, exclude_firms: Iterable[str] = ()) -> list[Match]:
        """Return at most k sheets, best first, with verdicts and reasons. Raises ValueError for k < 1."""
        if k < 1:
            raise ValueError("k must be at least 1")
        check_is_fitted(self, "catalogue_")
        barred = frozenset(exclude_firms)
        scored = score_need(self, need)
        firms = self.catalogue_.firms_of(scored.rows)
        best = [place for place, firm in enumerate(firms) if firm not in barred][:k]
        return [explain(self, need, scored, place) for place in best]

    def rank(self, need: Need, k: int = 100) -> list[tuple[str, float]]:
        """Return at most k (sheet id, score), best first, without reasons. Raises ValueError for k < 1."""
        if k < 1:
            raise ValueError("k must be at least 1")
        scored = self.score(need, limit=max(k, self.candidates))
        return [(scored.sheet(n).id, probability(float(scored.logits[n]))) for n in range(min(k, len(scored)))]

    def rank_firms(self, need: Need, k: int = 100) -> list[tuple[str, float]]:
        """Return at most k (firm, score), best first, without reasons."""
        return [(firm, probability(logit)) for logit, firm, _ in score_firms(self, self.score(need), frozenset())[:k]]

    def explain(self, need: Need, sheet_id: str) -> Match:
        """Return the match of one given sheet, candidate or not. Raises KeyError for an unknown sheet."""
        check_is_fitted(self, "catalogue_")
        scored = score_need(self, need, only=[self.catalogue_.rows[sheet_id]])
        return explain(self, need, scored, 0)

    def firms(self, need: Need, k: int = 10, *, exclude_firms: Iterable[str] = ()) -> list[FirmMatch]:
        """Return at most k firms, best first, each with its best products. Sheets without a firm are left out."""
        if k < 1:
            raise ValueError("k must be at least 1")
        barred = frozenset(exclude_firms)
        scored = self.score(need)
        return roll_up(self, need, scored, k, barred)

    def needs_for(self, offer: Sheet | str, needs: Sequence[Need], k: int = 10) -> list[Match]:
        """Return the needs a sheet, a known sheet id or a firm suits best; scores compare with ``recommend``.

        For a firm each need is carried by the firm's best sheet. Raises KeyError when nothing has that id.
        """
        check_is_fitted(self, "catalogue_")
        rows = self._rows_of(offer)
        pairs = []
        for need in needs:
            scored = score_need(self, need, only=rows)
            pairs.append((-float(scored.logits[0]), need.id, need, scored))
        pairs.sort(key=lambda pair: pair[:2])
        return [explain(self, need, scored, 0) for _, _, need, scored in pairs[:k]]

    def _rows_of(self, offer: Sheet | str) -> list[int]:
        if isinstance(offer, Sheet):
            if offer.id not in self.catalogue_.rows or self.catalogue_.sheets[self.catalogue_.rows[offer.id]] != offer:
                self.update([offer])
            return [self.catalogue_.rows[offer.id]]
        if offer in self.catalogue_.rows:
            return [self.catalogue_.rows[offer]]
        rows = self.catalogue_.rows_of_firm(offer)
        if not offer or not rows:
            raise KeyError(offer)
        return rows

    def predict_categories(self, text: str, k: int = 5) -> list[tuple[str, float]]:
        """Return the k likeliest chip categories of a need's text as (code, probability), best first."""
        check_is_fitted(self, "catalogue_")
        need = analyse(Need("", text), self.translator_)
        query = word_query(self.views_, need, need.words, self.translator_)
        ground = self.views_.ground(need.chinese, self.catalogue_.alive)
        words = Reach(self.views_.indexes["words"], query, ground, "words")
        found = self.categories_.predict(need, votes_of(self, words), faintness=faintness_of(need, words))
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:k]

    def save(self, directory: str | Path) -> None:
        """Write arrays and a JSON manifest to a directory (made if missing)."""
        from matching.persist import save

        check_is_fitted(self, "catalogue_")
        save(self, Path(directory))

    @classmethod
    def load(cls, directory: str | Path) -> Matcher:
        """Read what ``save`` wrote; nothing is unpickled. Raises ValueError for a foreign or damaged directory."""
        from matching.persist import load

        return load(cls, Path(directory))


def _check(sheets: Sequence[Sheet]) -> None:
    if any(not sheet.id for sheet in sheets):
        raise ValueError("every sheet needs an id")
