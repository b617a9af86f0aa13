"""From a need to its candidates and their features."""

from __future__ import annotations

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
from matching.views import Query, Scores, ViewScores, best_places, phrase_query, score, word_query

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
#: Requirement features: share of musts met, musts violated, musts missed narrowly, see compliance_row, wishes.
#: Candidates judged at a time.
TOGETHER = 25
_WORTH = {"met": 1.0, "marginal": 0.7}
COMPLIANCE = ("met", "violated", "narrow", "faultless", "wishes")


@dataclass(frozen=True, slots=True)
class Scored:
    """Candidates of one need, best first: rows of the catalogue, their sheets, features, logits, verdicts.

    query : the need's weighted words; categories : label -> probability.
    """

    rows: NDArray[np.int64]
    sheets: list[Sheet]
    features: Matrix
    logits: NDArray[np.float64]
    verdicts: list[list[Verdict]]
    query: Query
    same_language: NDArray[np.bool_]
    categories: dict[str, float]


def score_need(
    matcher: Matcher,
    need: Need,
    *,
    limit: int | None = None,
    only: Sequence[int] | None = None,
    enough: int | None = None,
) -> Scored:
    """Score a need against its candidates, or against the given rows only.

    enough : how many of the best are wanted; others may be missing.
    """
    analysis = analyse(need, matcher.translator_)
    query, columns = _text_columns(matcher, analysis)
    alive = matcher.catalogue_.alive
    votes = votes_of(matcher, columns["words"] * alive)
    predicted = matcher.categories_.predict(analysis, votes)
    categories = confirmed(need.categories, matcher.categories_.labels_) if need.categories else predicted
    if need.categories:
        columns["category"] = CONFIRMED * matcher.guessed_.values(categories)
    else:
        columns["category"] = _category_scores(matcher, categories)
    columns |= _history_columns(matcher, analysis)
    if only is None:
        rough = columns["words_rel"] + columns["phrases_rel"] + 0.5 * columns["pieces_rel"] + 0.3 * columns["category"]
        rows = _candidates(rough + 2 * columns["history"], alive, limit or matcher.candidates)
    else:
        rows = np.asarray(only, np.int64)
    chosen = {name: column[rows] for name, column in columns.items()}
    chosen |= _plain_columns(matcher, analysis, rows)
    chosen["intervals"] = matcher.views_.intervals.fits(analysis.intervals, rows)
    chosen["maturity"] = matcher.catalogue_.stages.values(MATURITY)[rows]
    chosen["stuffing"] = np.array([matcher.stuffing_[row] for row in rows.tolist()])
    chosen |= {name: np.zeros(len(rows)) for name in COMPLIANCE}
    features = np.column_stack([chosen[name] for name in FEATURES]).astype(np.float64).reshape(len(rows), len(FEATURES))
    sheets, verdicts = _judged(matcher, requirements_of(need), rows, features, enough or len(rows))
    logits = matcher.ranker_.logits(features)
    order = np.array(sorted(sheets, key=lambda i: (-logits[i], sheets[i].id)), np.int64)
    return Scored(
        rows[order],
        [sheets[i] for i in order.tolist()],
        features[order],
        logits[order],
        [verdicts[i] for i in order.tolist()],
        query,
        (matcher.views_.chinese == analysis.chinese)[rows[order]],
        categories,
    )


def _judged(
    matcher: Matcher, requirements: Sequence[Requirement], rows: NDArray[np.int64], features: Matrix, enough: int
) -> tuple[dict[int, Sheet], dict[int, list[Verdict]]]:
    """Judge candidates, the most promising first, until no other can be among the best ``enough``.

    Fills their compliance features; returns the sheets that were judged and their verdicts, by place.
    """
    ranker, shelf = matcher.ranker_, matcher.catalogue_.sheets
    bare = ranker.logits(features)
    reach = bare + ranker.highest(COMPLIANCE) + 1e-9
    queue = np.argsort(-bare, kind="stable").tolist()
    columns = [FEATURES.index(name) for name in COMPLIANCE]
    sheets: dict[int, Sheet] = {}
    verdicts: dict[int, list[Verdict]] = {}
    best = np.zeros(0)
    for start in range(0, len(queue), TOGETHER):
        some = queue[start : start + TOGETHER]
        if len(best) >= enough and reach[some[0]] < best[-enough]:
            break
        sheets |= {place: shelf[int(rows[place])] for place in some}
        verdicts |= {place: [judge(requirement, sheets[place]) for requirement in requirements] for place in some}
        features[np.ix_(some, columns)] = [compliance_row(verdicts[place]) for place in some]
        best = np.sort(np.concatenate([best, ranker.logits(features[some])]))
    return sheets, verdicts


def _text_columns(matcher: Matcher, need: Analysis) -> tuple[Query, dict[str, Scores]]:
    """Return the word query and the text features of every row."""
    views = matcher.views_
    same = views.chinese == need.chinese
    query = word_query(views, need, need.words, matcher.translator_)
    head = word_query(views, need.head_only(), need.head, matcher.translator_)
    columns: dict[str, Scores] = {}

    def put(name: str, found: ViewScores) -> None:
        columns[name], columns[f"{name}_rel"] = found.cover, np.minimum(found.standing, 3.0)

    put("words", score(views, "words", query, same))
    put("head", score(views, "words", head, same))
    put("title", score(views, "head", query, same))
    put("phrases", score(views, "phrases", phrase_query(views, need, query), same))
    length = min(1.0, max(0.0, (len(need.words) - SHORT) / SHORT))
    columns["phrases"] *= length
    columns["phrases_rel"] *= length
    columns["words_rel"] *= 1 - length
    weights = views.indexes["pieces"].weigh(need.pieces)
    put("pieces", score(views, "pieces", Query(weights, weights), same))
    return query, columns


def _plain_columns(matcher: Matcher, need: Analysis, rows: NDArray[np.int64]) -> dict[str, Scores]:
    """Return the text features that only candidates need: what share of the need's concepts and quantities is there."""
    columns: dict[str, Scores] = {}
    for name, view, counts in (("concepts", "concepts", need.concepts), ("quantities", "words", need.quantities)):
        index = matcher.views_.indexes[view]
        weights = index.weigh(counts)
        columns[name] = index.scores_of(rows, weights).astype(np.float64) / max(sum(weights.values()), 1e-9)
    return columns


def votes_of(matcher: Matcher, scores: Scores) -> dict[str, float]:
    """Return the votes for categories by the rows with the highest scores."""
    voters = best_places(scores, VOTERS)
    return neighbour_votes(scores[voters], [matcher.guessed_[row] for row in voters.tolist()])


def _category_scores(matcher: Matcher, categories: Mapping[str, float]) -> Scores:
    """Return how well each row's category suits, in [0, 1], on a logarithmic scale."""
    present = set(matcher.guessed_.names)
    top = max((p for label, p in categories.items() if label in present), default=0.0)
    scale = {label: max(0.0, 1 + np.log10(max(p / top, 1e-9)) / 3) if top else 0.0 for label, p in categories.items()}
    scores: Scores = np.clip(matcher.guessed_.values(scale), 0.0, 1.0)
    return scores


def _history_columns(matcher: Matcher, need: Analysis) -> dict[str, Scores]:
    """Return what past pairings say of every row, and of every row's category."""
    own = np.zeros(len(matcher.catalogue_.sheets))
    by_category: dict[str, float] = {}
    for sheet_id, vote in matcher.history_.votes(need).items():
        row = matcher.catalogue_.rows.get(sheet_id)
        if row is not None:
            own[row] = vote
            label = matcher.guessed_[row]
            by_category[label] = by_category.get(label, 0.0) + vote
    total = sum(by_category.values())
    if not total:
        return {"history": own, "history_category": own}
    return {
        "history": own,
        "history_category": matcher.guessed_.values(by_category) / total,
    }


def _candidates(scores: Scores, alive: NDArray[np.bool_], limit: int) -> NDArray[np.int64]:
    """Return the living rows with the highest scores, in row order."""
    living = np.flatnonzero(alive)
    return living[best_places(scores[living], limit)].astype(np.int64)


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
