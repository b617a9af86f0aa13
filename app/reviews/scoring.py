"""From single scores to a ranking: sums, means, spread, outliers, equalised scores, ties; pure."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from app.reviews.criteria import ReviewRules

B = TypeVar("B", bound=Hashable)
R = TypeVar("R", bound=Hashable)
CENT = Decimal("0.01")
OUTLIER = 2.0
"""Standard deviations of the others from which on a reviewer stands apart."""
LEAST_DEVIATION = 3.0
"""Points; closer panels would make outliers of trifles."""
MIN_OTHERS = 3


class Outcome(StrEnum):
    """What the ranking says of a bid."""

    PROPOSED = "proposed"
    RESERVE = "reserve"
    BELOW_LINE = "below_line"
    VETOED = "vetoed"
    UNPRICED = "unpriced"


@dataclass(frozen=True, slots=True)
class Sheet(Generic[R, B]):
    """What one reviewer gave one bid, by criterion, and whether with a veto."""

    reviewer: R
    bid: B
    points: Mapping[str, Decimal]
    veto: str = ""

    @property
    def total(self) -> Decimal:
        """The sum of the points."""
        return sum(self.points.values(), Decimal(0))


@dataclass(frozen=True, slots=True)
class Result(Generic[B]):
    """What the panel gave one bid. ``mean`` decides; ``equalised`` stands beside it and decides nothing.

    place : from 1 among all that are above the line and not vetoed; None for the others.
    """

    bid: B
    n: int
    mean: Decimal
    equalised: Decimal
    spread: Decimal
    dropped: int
    by_criterion: Mapping[str, Decimal]
    n_vetoes: int
    is_apart: bool
    first: Decimal
    """Mean of the criterion that decides between equals."""
    price_points: Decimal | None = None
    """By the formula, and a part of ``mean``; empty: scored by the reviewers, or not known."""
    votes: int = 0
    outcome: Outcome = Outcome.BELOW_LINE
    place: int | None = None


class TiedError(ValueError):
    """Bids that nothing tells apart; the panel must vote between them."""

    def __init__(self, bids: Sequence[Hashable]) -> None:
        self.bids = tuple(bids)
        super().__init__("The panel must vote between equals.")


def mean_of(values: Sequence[Decimal], drop_from: int) -> tuple[Decimal, int]:
    """Return the mean, rounded to cents, and how many values did not count: highest and lowest of a large panel."""
    kept = sorted(values)[1:-1] if len(values) >= drop_from and len(values) > 2 else list(values)
    return _rounded(sum(kept, Decimal(0)) / len(kept)), len(values) - len(kept)


def price_points(prices: Mapping[B, Decimal], maximum: Decimal) -> dict[B, Decimal]:
    """Return the points of every price: all for the lowest, the others in proportion, rounded to cents.

    Lowest price ÷ price × maximum: article 55 of decree 87 of the Ministry of Finance (2017), 低价优先法.
    """
    lowest = min(prices.values(), default=Decimal(0))
    return {bid: _rounded(lowest / price * maximum) for bid, price in prices.items()}


def with_prices(found: Mapping[B, Result[B]], points: Mapping[B, Decimal], code: str) -> dict[B, Result[B]]:
    """Return the results with the points of the prices in every sum; a bid without stays as the reviewers left it."""
    return {bid: _priced(one, points[bid], code) if bid in points else one for bid, one in found.items()}


def _priced(one: Result[B], points: Decimal, code: str) -> Result[B]:
    return replace(
        one,
        mean=one.mean + points,
        equalised=min(one.equalised + points, Decimal(100)),
        by_criterion={**one.by_criterion, code: points},
        price_points=points,
    )


def in_reach(found: Sequence[Result[B]], rules: ReviewRules, n_reviewers: int) -> list[B]:
    """Return the bids that the best price could still bring to the line, and that are not vetoed."""
    return [
        one.bid
        for one in found
        if one.n_vetoes <= n_reviewers / 2 and one.mean + rules.price_maximum >= rules.pass_line
    ]


def results(sheets: Sequence[Sheet[R, B]], rules: ReviewRules) -> dict[B, Result[B]]:
    """Return what the reviewers gave every bid; where the price is sealed apart without points for it."""
    equal = equalised(sheets)
    by_bid: dict[B, list[Sheet[R, B]]] = {}
    for sheet in sheets:
        by_bid.setdefault(sheet.bid, []).append(sheet)
    return {bid: _result(bid, group, equal, rules) for bid, group in by_bid.items()}


def _result(
    bid: B, sheets: Sequence[Sheet[R, B]], equal: Mapping[tuple[R, B], Decimal], rules: ReviewRules
) -> Result[B]:
    totals = [sheet.total for sheet in sheets]
    mean, dropped = mean_of(totals, rules.drop_high_low_from)
    codes = [criterion.code for criterion in rules.criteria]
    parts = {code: _rounded(_mean([s.points.get(code, Decimal(0)) for s in sheets])) for code in codes}
    spread = max(totals) - min(totals)
    beside, _ = mean_of([equal[sheet.reviewer, bid] for sheet in sheets], rules.drop_high_low_from)
    return Result(
        bid=bid,
        n=len(sheets),
        mean=mean,
        equalised=beside,
        spread=spread,
        dropped=dropped,
        by_criterion=parts,
        n_vetoes=sum(bool(sheet.veto) for sheet in sheets),
        is_apart=spread > rules.spread_alert,
        first=parts[rules.first],
    )


def equalised(sheets: Sequence[Sheet[R, B]]) -> dict[tuple[R, B], Decimal]:
    """Return every total as if all reviewers were equally strict and used the scale equally widely.

    Each reviewer's totals are moved to the mean, and stretched to the mean deviation, of all reviewers; a reviewer
    who gave all bids the same, or judged one, is moved only. Bounded by 0 and 100.
    """
    by_reviewer: dict[R, list[Sheet[R, B]]] = {}
    for sheet in sheets:
        by_reviewer.setdefault(sheet.reviewer, []).append(sheet)
    means = {who: statistics.fmean(float(s.total) for s in own) for who, own in by_reviewer.items()}
    widths = {who: statistics.pstdev(float(s.total) for s in own) for who, own in by_reviewer.items()}
    middle = statistics.fmean(means.values()) if means else 0.0
    wide = [width for width in widths.values() if width]
    usual = statistics.fmean(wide) if wide else 0.0
    found = {}
    for sheet in sheets:
        own, width = means[sheet.reviewer], widths[sheet.reviewer]
        stretch = usual / width if width else 1.0
        value = middle + (float(sheet.total) - own) * stretch
        found[sheet.reviewer, sheet.bid] = _rounded(Decimal(repr(min(100.0, max(0.0, value)))))
    return found


def deviations(sheets: Sequence[Sheet[R, B]]) -> dict[tuple[R, B], float]:
    """Return for each total how many deviations of the other reviewers it lies from their mean; needs three others."""
    by_bid: dict[B, list[Sheet[R, B]]] = {}
    for sheet in sheets:
        by_bid.setdefault(sheet.bid, []).append(sheet)
    found = {}
    for group in by_bid.values():
        for sheet in group:
            others = [float(other.total) for other in group if other is not sheet]
            if len(others) >= MIN_OTHERS:
                found[sheet.reviewer, sheet.bid] = _apart(float(sheet.total), others)
    return found


def strictness(sheets: Sequence[Sheet[R, B]]) -> dict[R, float]:
    """Return for each reviewer how far the mean lies from those of the others, in their deviations: below 0 strict."""
    totals: dict[R, list[float]] = {}
    for sheet in sheets:
        totals.setdefault(sheet.reviewer, []).append(float(sheet.total))
    means = {who: statistics.fmean(own) for who, own in totals.items()}
    found = {}
    for who, mean in means.items():
        others = [other for name, other in means.items() if name != who]
        if len(others) >= MIN_OTHERS:
            found[who] = _apart(mean, others)
    return found


def _apart(value: float, others: Sequence[float]) -> float:
    deviation = max(statistics.stdev(others), LEAST_DEVIATION)
    return (value - statistics.fmean(others)) / deviation


def is_outlier(deviation: float) -> bool:
    """Return whether a score, or a reviewer, stands apart."""
    return abs(deviation) >= OUTLIER


def ranking(
    found: Sequence[Result[B]],
    rules: ReviewRules,
    *,
    votes: Mapping[B, int],
    n_reviewers: int,
    unpriced: frozenset[B] = frozenset(),
) -> list[Result[B]]:
    """Return all results in order: proposed, reserve, below the line, unpriced, vetoed.

    An ``unpriced`` bid, whose price envelope was given up, takes no place. A bid is vetoed when more than half of the
    reviewers veto it. Equals are told apart by the criterion of the indicators, then by the panel's votes. Raises
    TiedError when those are equal too and a place depends on it.
    """
    judged = [replace(one, votes=votes.get(one.bid, 0)) for one in found]
    vetoed = [one for one in judged if one.n_vetoes > n_reviewers / 2]
    closed = [one for one in judged if one.bid in unpriced and one not in vetoed]
    standing = [one for one in judged if one not in vetoed and one not in closed]
    above = sorted((one for one in standing if one.mean >= rules.pass_line), key=_order)
    for first, second in itertools.pairwise(above):
        if _order(first) == _order(second):
            raise TiedError([one.bid for one in above if _order(one) == _order(first)])
    placed = [
        replace(one, place=place, outcome=Outcome.PROPOSED if place <= rules.award_max else Outcome.RESERVE)
        for place, one in enumerate(above, 1)
    ]
    below = [one for one in standing if one.mean < rules.pass_line]
    ends = ((below, Outcome.BELOW_LINE), (closed, Outcome.UNPRICED), (vetoed, Outcome.VETOED))
    return [*placed, *(replace(one, outcome=outcome) for group, outcome in ends for one in sorted(group, key=_order))]


def equals(found: Sequence[Result[B]], rules: ReviewRules) -> list[tuple[B, ...]]:
    """Return the groups of bids above the line that only votes can tell apart."""
    groups: dict[tuple[Decimal, Decimal], list[B]] = {}
    for one in found:
        if one.mean >= rules.pass_line:
            groups.setdefault((one.mean, one.first), []).append(one.bid)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _order(one: Result[B]) -> tuple[Decimal, Decimal, int]:
    return (-one.mean, -one.first, -one.votes)


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values) if values else Decimal(0)


def _rounded(value: Decimal) -> Decimal:
    if not math.isfinite(value):
        raise ValueError("a score must be a number")
    return value.quantize(CENT, ROUND_HALF_UP)
