"""The scores on the table: raw and equalised side by side, spreads, outliers, and what the ranking would be."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.bids.workflow import PriceState
from app.reviews.criteria import ReviewRules
from app.reviews.prices import PRICED, contenders, final_results, unpriced
from app.reviews.scoring import (
    Outcome,
    TiedError,
    deviations,
    equalised,
    equals,
    is_outlier,
    ranking,
    results,
    strictness,
)
from app.reviews.sheets import counting_seats, load_reviews, sheets
from app.reviews.workflow import Phase

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.reviews.models import Review, ReviewPanel
    from app.reviews.scoring import Result, Sheet


@dataclass(frozen=True, slots=True)
class ScoreCell:
    """What one reviewer gave one bid: at first, after the discussion where that differs, and equalised."""

    first: Decimal | None
    last: Decimal | None
    equalised: Decimal | None
    deviation: float | None
    veto: str
    veto_reason: str

    @property
    def is_outlier(self) -> bool:
        """Whether the score stands apart from those of the others."""
        return self.deviation is not None and is_outlier(self.deviation)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One bid with everybody's scores and what they come to."""

    entry_id: uuid.UUID
    label: str
    cells: tuple[ScoreCell, ...]
    result: Result[uuid.UUID] | None
    was_apart: bool
    original_mean: Decimal | None
    discussion: str
    is_tied: bool
    is_in_reach: bool = True
    """Whether its price, where that is sealed apart, may be opened."""
    price_state: PriceState = PriceState.NONE
    price_error: str = ""
    price_total_wan: Decimal | None = None
    """Of a price that was sealed apart, once it is open."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One column: a number instead of a name, and how strict the reviewer is compared with the others."""

    seat_id: uuid.UUID
    number: int
    strictness: float | None

    @property
    def is_outlier(self) -> bool:
        """Whether the reviewer is much stricter, or milder, than the others."""
        return self.strictness is not None and is_outlier(self.strictness)


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Everything on the table."""

    rules: ReviewRules
    reviewers: tuple[Reviewer, ...]
    rows: tuple[ScoreRow, ...]
    has_ties: bool
    is_technical: bool = False
    """Whether prices are sealed apart and still missing in every sum."""

    @property
    def has_envelopes(self) -> bool:
        """Whether prices are sealed apart and computed by formula."""
        return self.rules.has_price_envelope

    @property
    def n_apart(self) -> int:
        """How many bids must be discussed."""
        return sum(row.was_apart for row in self.rows)


def score_table(session: Session, panel: ReviewPanel, reviews: Sequence[Review] | None = None) -> ScoreTable:
    """Return the scores of a panel in discussion or later; its seats and entries must be loaded.

    Reviewers are numbered by the draw of their reading order, which tells nobody who they are.
    """
    rules = ReviewRules.restored(panel.rules)
    reviews = load_reviews(session, panel) if reviews is None else reviews
    seats = sorted(counting_seats(panel), key=lambda seat: seat.order_seed % 1_000_003)
    first, last = sheets(panel, reviews, effective=False), sheets(panel, reviews, effective=True)
    original, found = results(first, rules), _ranked(panel, reviews, rules, len(seats))
    reach = {entry.id for entry in contenders(panel, reviews, rules)}
    strict = strictness(last)
    cells = _cells(reviews, last)
    is_technical = rules.has_price_envelope and panel.state not in PRICED
    placed = () if is_technical else tuple(one for one in found.values() if one.outcome is not Outcome.UNPRICED)
    tied = {bid for group in equals(placed, rules) for bid in group}
    rows = tuple(
        ScoreRow(
            entry_id=entry.id,
            label=entry.label,
            cells=tuple(cells.get((seat.id, entry.id), EMPTY) for seat in seats),
            result=found.get(entry.id),
            was_apart=entry.id in original and original[entry.id].is_apart,
            original_mean=original[entry.id].mean if entry.id in original else None,
            discussion=entry.discussion,
            is_tied=entry.id in tied,
            is_in_reach=entry.id in reach,
            price_state=entry.bid.price_state,
            price_error=entry.bid.price_error,
            price_total_wan=entry.bid.price_total_wan if rules.has_price_envelope and not is_technical else None,
        )
        for entry in panel.entries
    )
    reviewers = tuple(Reviewer(seat.id, n, strict.get(seat.id)) for n, seat in enumerate(seats, 1))
    return ScoreTable(rules, reviewers, tuple(sorted(rows, key=_best_first)), bool(tied), is_technical)


EMPTY = ScoreCell(None, None, None, None, "", "")


def _cells(
    reviews: Sequence[Review], last: Sequence[Sheet[uuid.UUID, uuid.UUID]]
) -> dict[tuple[uuid.UUID, uuid.UUID], ScoreCell]:
    equal, apart = equalised(last), deviations(last)
    found: dict[tuple[uuid.UUID, uuid.UUID], ScoreCell] = {}
    for review in sorted(reviews, key=lambda one: one.phase is Phase.CONSENSUS):
        if review.locked_at is None:
            continue
        key = (review.seat_id, review.entry_id)
        total = sum((score.value for score in review.scores if score.value is not None), Decimal(0))
        before = found.get(key)
        found[key] = ScoreCell(
            first=before.first if before else total,
            last=total if before else None,
            equalised=equal.get(key),
            deviation=apart.get(key),
            veto=review.veto,
            veto_reason=review.veto_reason,
        )
    return found


def _ranked(
    panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules, n: int
) -> Mapping[uuid.UUID, Result[uuid.UUID]]:
    found, closed = final_results(panel, reviews, rules), unpriced(panel, reviews, rules)
    if rules.has_price_envelope and panel.state not in PRICED:
        return found
    votes = {entry.id: entry.votes for entry in panel.entries}
    order = list(found.values())
    try:
        return {one.bid: one for one in ranking(order, rules, votes=votes, n_reviewers=n, unpriced=closed)}
    except TiedError:
        return found


def _best_first(row: ScoreRow) -> tuple[int, Decimal, str]:
    if row.result is None:
        return 999, Decimal(0), row.label
    return row.result.place or 998, -row.result.mean, row.label
