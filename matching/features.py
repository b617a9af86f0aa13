"""From a need to its candidates and their features."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.analysis import Analysis, analyse
from matching.category import VOTERS, confirmed, neighbour_votes
from matching.compliance import Verdict, judge, requirements_of
from matching.rank import FEATURES, Matrix
from matching.records import Need, Requirement, Sheet
from matching.shelf import Shelf
from matching.stage import OWN, Ground, Mixture, PartReach, Query, Reach, Scores, best_places, surveyed
from matching.verdicts import compliance_columns
from matching.views import phrase_query, word_query

if TYPE_CHECKING:
    from matching.engine import Matcher

#: How far a part is from being orderable; an unknown stage counts as mature.
MATURITY = {
    "concept": -1.0,
    "in_design": -0.8,
    "taped_out": -0.6,
    "engineering_sample": -0.3,
    "customer_sample": -0.1,
    "nrnd": -1.5,
    "last_time_buy": -3.0,
    "eol": -4.0,
}


#: Up to this many different words single words tell most; from twice as many on, the cosine of whole phrases does.
SHORT = 50
#: A category the maker has confirmed counts this many times a guessed one.
CONFIRMED = 3.0
#: From this chance on a guessed category counts in full.
SURE = 0.5
#: A standing counts up to this.
CAP = 3.0
#: Below this cover by the best sheet the need's words say little: standings lose up to this share, and a guessed
#: category counts up to this many times more.
FAINT, FAINT_LOSS, FAINT_GAIN = 0.2, 0.9, 2.0
#: What makes a candidate: standings in these views, the category's worth, the past.
ROUGH = {"words": 1.0, "phrases": 1.0, "pieces": 0.5}
ROUGH_CATEGORY, ROUGH_HISTORY = 0.3, 2.0
#: Fewer requirements than these say little of a sheet that meets them.
ENOUGH = 3
#: Requirement features: share of musts met, musts violated, musts missed narrowly, see compliance_row, wishes.
_WORTH = {"met": 1.0, "marginal": 0.7}
COMPLIANCE = ("met", "violated", "narrow", "faultless", "wishes")


@dataclass(frozen=True, slots=True)
class Scored:
    """Candidates of one need, best first: rows of the catalogue, features, logits; sheets and verdicts when asked for.

    query : the need's weighted words; categories : label -> probability, or how well it suits if the maker confirmed.
    """

    rows: NDArray[np.int64]
    features: Matrix
    logits: NDArray[np.float64]
    query: Query
    same_language: NDArray[np.bool_]
    categories: dict[str, float]
    shelf: Shelf
    analysis: Analysis
    requirements: tuple[Requirement, ...]
    is_confirmed: bool

    def __len__(self) -> int:
        return len(self.rows)

    def sheet(self, place: int) -> Sheet:
        """Return the sheet at a place."""
        return self.shelf[int(self.rows[place])]

    @property
    def sheets(self) -> list[Sheet]:
        """Return all sheets."""
        return [self.sheet(place) for place in range(len(self))]

    def verdicts(self, place: int) -> list[Verdict]:
        """Return what every requirement says of the sheet at a place."""
        sheet = self.sheet(place)
        return [judge(requirement, sheet) for requirement in self.requirements]


def score_need(
    matcher: Matcher,
    need: Need,
    *,
    limit: int | None = None,
    only: Sequence[int] | None = None,
) -> Scored:
    """Score a need against its candidates, or against the given rows only."""
    analysis = analyse(need, matcher.translator_)
    ground = matcher.views_.ground(analysis.chinese, matcher.catalogue_.alive)
    reaches = _reaches(matcher, analysis, ground)
    with surveyed([reach for name, reach in reaches.items() if name != "words"]):
        guess = _guess(matcher, need, analysis, reaches["words"])
    sights, worths, past = _sights(analysis, reaches, guess.faintness), guess.worths, guess.past
    if only is None:
        rows = _candidates(matcher, ground, sights, worths, past, limit or matcher.candidates)
    else:
        rows = np.sort(np.asarray(only, np.int64))
    chosen = {"category": worths[matcher.guessed_.codes[rows]]}
    chosen["history"], chosen["phrases_rel"] = _at(rows, past), np.zeros(len(rows))
    chosen["history_category"] = guess.past_worths[matcher.guessed_.codes[rows]]
    for name, sight in sights.items():
        chosen[name], chosen[f"{name}_rel"] = sight.columns(rows)
    chosen |= _plain_columns(matcher, analysis, rows)
    chosen["intervals"] = matcher.views_.intervals.fits(analysis.intervals, rows)
    chosen["maturity"] = matcher.catalogue_.stages.values(MATURITY, rows)
    chosen["stuffing"] = matcher.stuffing_[rows]
    requirements = requirements_of(need)
    chosen["bare"] = np.full(len(rows), max(0.0, 1 - len(requirements) / ENOUGH))
    judged = compliance_columns(requirements, matcher.catalogue_.statements, rows)
    chosen |= dict(zip(COMPLIANCE, judged.T, strict=True))
    features = np.column_stack([chosen[name] for name in FEATURES]).astype(np.float64).reshape(len(rows), len(FEATURES))
    logits = matcher.ranker_.logits(features)
    order = _order(matcher, rows, logits)
    return Scored(
        rows[order],
        features[order],
        logits[order],
        reaches["words"].query,
        ground.sides[rows[order]] == OWN,
        guess.categories,
        matcher.catalogue_.sheets,
        analysis,
        requirements,
        bool(need.categories),
    )


def _order(matcher: Matcher, rows: NDArray[np.int64], logits: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return places by falling logit, ties by sheet id."""
    order = np.argsort(-logits, kind="stable")
    sheets, ranked = matcher.catalogue_.sheets, logits[order]
    for start, stop in _runs(ranked):
        order[start:stop] = sorted(order[start:stop].tolist(), key=lambda place: sheets[int(rows[place])].id)
    return order


def _runs(values: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return where equal neighbours begin and end."""
    edges = np.flatnonzero(np.diff(values)) + 1
    starts, stops = np.concatenate([[0], edges]), np.concatenate([edges, [len(values)]])
    return [(a, b) for a, b in zip(starts.tolist(), stops.tolist(), strict=True) if b - a > 1]


@dataclass(frozen=True, slots=True)
class Sight:
    """What a need sees in one view, and how much a standing there counts."""

    reach: Reach
    weight: float

    def columns(self, rows: NDArray[np.int64]) -> tuple[Scores, Scores]:
        """Return cover and standing of some rows."""
        cover = self.reach.cover(rows)
        standing = self.weight * np.minimum(self.reach.standing(rows, cover), CAP)
        return cover, standing


def length_of(need: Analysis) -> float:
    """Return 0 for a need of up to SHORT different words to 1 from twice as many on."""
    return min(1.0, max(0.0, (len(need.words) - SHORT) / SHORT))


def faintness_of(need: Analysis, words: Reach) -> float:
    """Return how little a need's words say of any sheet, in [0, 1]; those of a long need always say something."""
    cover = max(float(scores.max(initial=0.0)) for _, scores in words.best)
    return (1 - length_of(need)) * max(0.0, 1 - cover / FAINT)


def _reaches(matcher: Matcher, need: Analysis, ground: Ground) -> dict[str, Reach]:
    """Return what the need can look at by the name of the features that come of it."""
    views = matcher.views_
    query = word_query(views, need, need.words, matcher.translator_)
    head = word_query(views, need.head_only(), need.head, matcher.translator_)
    pieces = views.indexes["pieces"].weigh(need.pieces)
    asked = {"pieces": ("pieces", Query(pieces, pieces))}
    if length_of(need):
        asked["phrases"] = ("phrases", phrase_query(views, need, query))
    asked |= {"words": ("words", query), "title": ("head", query)}
    reaches = {
        name: Reach(views.indexes[view], one, ground, name, is_kept=name in ROUGH)
        for name, (view, one) in asked.items()
    }
    title = reaches.pop("title")  # last, for it is the shortest: so threads share them well
    return reaches | {"head": PartReach.of(reaches["words"], head, "head"), "title": title}


def _sights(need: Analysis, reaches: Mapping[str, Reach], faintness: float) -> dict[str, Sight]:
    """Return what the need sees in each view."""
    length, trust = length_of(need), 1 - FAINT_LOSS * faintness
    weights = dict.fromkeys(reaches, trust) | {"words": trust * (1 - length), "phrases": trust * length}
    return {name: Sight(reach, weights[name]) for name, reach in reaches.items()}


@dataclass(frozen=True, slots=True)
class Guess:
    """What a need's words and the past say before a sheet is looked at.

    faintness : how little the words say of any sheet, in [0, 1]; worths, past_worths : what every known category counts
    by its name and by past pairings; past : row -> what past pairings say of it.
    """

    faintness: float
    categories: dict[str, float]
    worths: Scores
    past: dict[int, float]
    past_worths: Scores


def _guess(matcher: Matcher, need: Need, analysis: Analysis, words: Reach) -> Guess:
    """Return what a need's words and the past say."""
    faintness, model = faintness_of(analysis, words), matcher.categories_
    if need.categories:
        categories = confirmed(need.categories, model.labels_)
    else:
        keys = [requirement.key for requirement in need.params]
        categories = model.predict(analysis, votes_of(matcher, words), keys, need.terminal_category, faintness)
    worths = _category_worths(matcher, categories, faintness, is_confirmed=bool(need.categories))
    return Guess(faintness, categories, worths, *_history(matcher, analysis))


def _plain_columns(matcher: Matcher, need: Analysis, rows: NDArray[np.int64]) -> dict[str, Scores]:
    """Return the text features that only candidates need: what share of the need's concepts and quantities is there."""
    columns: dict[str, Scores] = {}
    for name, view, counts in (("concepts", "concepts", need.concepts), ("quantities", "words", need.quantities)):
        index = matcher.views_.indexes[view]
        weights = index.weigh(counts)
        columns[name] = index.scores_of(rows, weights).astype(np.float64) / max(sum(weights.values()), 1e-9)
    return columns


def votes_of(matcher: Matcher, words: Reach) -> dict[str, float]:
    """Return the votes for categories by the rows with the highest scores."""
    rows, scores = (np.concatenate(both) for both in zip(*words.best, strict=True))
    order = np.lexsort((rows, -scores))[:VOTERS]
    return neighbour_votes(scores[order], [matcher.guessed_[row] for row in rows[order].tolist()])


def _category_worths(
    matcher: Matcher, categories: Mapping[str, float], faintness: float, *, is_confirmed: bool
) -> Scores:
    """Return how well each known category suits: in [0, CONFIRMED] by the maker's word, else in [0, 1 + FAINT_GAIN].

    A guess counts by the logarithm of its chance beside the likeliest one's, less while that is unsure itself, and
    more where the words say little.
    """
    if is_confirmed:
        return CONFIRMED * matcher.guessed_.worths(categories)
    present = set(matcher.guessed_.names)
    top = max((p for label, p in categories.items() if label in present), default=0.0)
    scale = {label: max(0.0, 1 + math.log10(max(p / top, 1e-9)) / 3) if top else 0.0 for label, p in categories.items()}
    sureness = min(1.0, top / SURE) * (1 + FAINT_GAIN * faintness)
    worths: Scores = sureness * np.clip(matcher.guessed_.worths(scale), 0.0, 1.0)
    return worths


def _history(matcher: Matcher, need: Analysis) -> tuple[dict[int, float], Scores]:
    """Return what past pairings say of rows, and of every known category."""
    own: dict[int, float] = {}
    by_category: dict[str, float] = {}
    for sheet_id, vote in matcher.history_.votes(need).items():
        row = matcher.catalogue_.rows.get(sheet_id)
        if row is not None:
            own[row] = vote
            label = matcher.guessed_[row]
            by_category[label] = by_category.get(label, 0.0) + vote
    return own, matcher.guessed_.worths(by_category) / (sum(by_category.values()) or 1.0)


def _at(rows: NDArray[np.int64], values: Mapping[int, float]) -> Scores:
    if not values:
        return np.zeros(len(rows))
    return np.array([values.get(row, 0.0) for row in rows.tolist()], np.float64)


def _candidates(
    matcher: Matcher,
    ground: Ground,
    sights: Mapping[str, Sight],
    worths: Scores,
    votes: Mapping[int, float],
    limit: int,
) -> NDArray[np.int64]:
    """Return the most promising rows, in row order: by text and category, and what was chosen before."""
    parts = [(sights[name], weight) for name, weight in ROUGH.items() if name in sights and sights[name].weight]
    mixture = Mixture(
        [sight.reach for sight, _ in parts],
        [weight * sight.weight for sight, weight in parts],
        CAP,
        matcher.guessed_.codes,
        ROUGH_CATEGORY * worths,
    )
    rows = np.union1d(mixture.best(limit, ground), np.array(list(votes), np.int64))
    scores = mixture.exact(rows) + ROUGH_HISTORY * _at(rows, votes)
    return rows[best_places(scores, limit)].astype(np.int64)


def compliance_row(verdicts: Sequence[Verdict]) -> tuple[float, ...]:
    """Return the COMPLIANCE features of one pair; "faultless" is the share met if no must is violated, else 0."""
    n_musts = n_wishes = narrow = violated = balance = 0
    met = 0.0
    for verdict in verdicts:
        status = verdict.status
        if not verdict.must:
            n_wishes += 1
            balance += (status == "met") - (status == "violated")
            continue
        n_musts += 1
        if status == "violated":
            narrow += verdict.reason == "narrowly_violated"
            violated += verdict.reason != "narrowly_violated"
        else:
            met += _WORTH.get(status, 0.0)
    met /= max(1, n_musts)
    faultless = met if not violated and not narrow else 0.0
    return met, float(min(violated, 4)), float(min(narrow, 4)), faultless, balance / max(1, n_wishes)
