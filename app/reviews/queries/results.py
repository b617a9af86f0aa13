"""What a review came to: the ranking for those who award, the feedback for each bidder."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.bids.models import Bid
from app.challenges.models import Challenge
from app.reviews.comparison import Column, compare
from app.reviews.criteria import ReviewRules
from app.reviews.models import Review, ReviewEntry, ReviewPanel
from app.reviews.prices import final_results
from app.reviews.scoring import Outcome
from app.reviews.sheets import counting_seats, load_reviews
from app.reviews.workflow import PanelState, Phase, ReviewMethod

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RankedBid:
    """One line of a ranking; ``place`` is empty below the line and for vetoed bids."""

    bid_id: uuid.UUID
    organization_id: uuid.UUID | None
    organization_name: str
    label: str
    outcome: Outcome
    place: int | None
    mean: Decimal
    equalised: Decimal
    votes: int
    discussion: str


@dataclass(frozen=True, slots=True)
class RankingView:
    """The settled ranking of the last review of a challenge, best first."""

    panel_id: uuid.UUID
    challenge_id: uuid.UUID
    round: int
    method: ReviewMethod
    ranked_at: dt.datetime
    pass_line: Decimal
    n_reviewers: int
    minutes: str
    lines: tuple[RankedBid, ...]

    @property
    def proposed(self) -> tuple[RankedBid, ...]:
        """The bids that the ranking proposes."""
        return tuple(line for line in self.lines if line.outcome is Outcome.PROPOSED)

    @property
    def reserve(self) -> tuple[RankedBid, ...]:
        """The bids that follow, in order, if one of the proposed is lost."""
        return tuple(line for line in self.lines if line.outcome is Outcome.RESERVE)


@dataclass(frozen=True, slots=True)
class CriterionMean:
    """What the reviewers gave on average for one criterion."""

    code: str
    name: str
    maximum: Decimal
    mean: Decimal


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody said about a criterion (empty: about the whole), without a name."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """An indicator that the bid does not, or not certainly, meet."""

    name: str
    is_must: bool
    required: str
    offered: str
    status: str
    margin: str


@dataclass(frozen=True, slots=True)
class FeedbackView:
    """What a bidder learns about its own bid, and nothing about others."""

    bid_id: uuid.UUID
    outcome: Outcome
    place: int | None
    mean: Decimal
    pass_line: Decimal
    criteria: tuple[CriterionMean, ...]
    remarks: tuple[Remark, ...]
    gaps: tuple[Gap, ...]


def ranking_of(session: Session, challenge_id: uuid.UUID) -> RankingView | None:
    """Return the ranking of the last settled review of a challenge, or None, in at most seven queries."""
    query = (
        _panels()
        .where(ReviewPanel.challenge_id == challenge_id, ReviewPanel.state == PanelState.RANKED)
        .order_by(ReviewPanel.round.desc())
        .limit(1)
    )
    panel = session.scalars(query).first()
    if panel is None or panel.ranked_at is None:
        return None
    entries = sorted((one for one in panel.entries if one.outcome is not None), key=_order)
    return RankingView(
        panel_id=panel.id,
        challenge_id=challenge_id,
        round=panel.round,
        method=panel.method,
        ranked_at=panel.ranked_at,
        pass_line=ReviewRules.restored(panel.rules).pass_line,
        n_reviewers=len(counting_seats(panel)),
        minutes=panel.minutes,
        lines=tuple(map(_line, entries)),
    )


def feedback_of(session: Session, bid_id: uuid.UUID) -> FeedbackView | None:
    """Return what the reviewers said about a bid in its last settled review, or None where no sheet is kept."""
    query = (
        select(ReviewEntry)
        .join(ReviewEntry.panel)
        .where(ReviewEntry.bid_id == bid_id, ReviewPanel.state == PanelState.RANKED)
        .options(joinedload(ReviewEntry.bid).selectinload(Bid.commitments))
        .order_by(ReviewPanel.round.desc())
        .limit(1)
    )
    entry = session.scalars(query).first()
    if entry is None or entry.outcome is None:
        return None
    panel = session.scalars(_panels().where(ReviewPanel.id == entry.panel_id)).one()
    rules, reviews = ReviewRules.restored(panel.rules), load_reviews(session, panel)
    found = final_results(panel, reviews, rules).get(entry.id)
    if found is None:
        return None
    return FeedbackView(
        bid_id=bid_id,
        outcome=entry.outcome,
        place=entry.place,
        mean=found.mean,
        pass_line=rules.pass_line,
        criteria=tuple(CriterionMean(c.code, c.name, c.maximum, found.by_criterion[c.code]) for c in rules.criteria),
        remarks=_remarks(panel, reviews, entry, rules),
        gaps=gaps_of(session, entry.bid),
    )


def gaps_of(session: Session, bid: Bid) -> tuple[Gap, ...]:
    """Return the indicators that a bid does not certainly meet; its commitments must be loaded."""
    query = select(Challenge).where(Challenge.id == bid.challenge_id).options(selectinload(Challenge.kpis))
    view = compare(session.scalars(query).one().kpis, [Column("", "", "", bid)])
    return tuple(
        Gap(row.name, row.must, row.requirement_text, cell.offered, cell.status, cell.margin_text)
        for row in view.rows
        for cell in row.cells
        if cell.status != "met"
    )


def _panels() -> Select[tuple[ReviewPanel]]:
    return select(ReviewPanel).options(
        selectinload(ReviewPanel.seats),
        selectinload(ReviewPanel.entries).joinedload(ReviewEntry.bid).joinedload(Bid.organization),
    )


def _line(entry: ReviewEntry) -> RankedBid:
    bid = entry.bid
    return RankedBid(
        bid_id=bid.id,
        organization_id=bid.organization_id,
        organization_name=bid.organization.legal_name_zh if bid.organization else "",
        label=entry.label,
        outcome=entry.outcome or Outcome.BELOW_LINE,
        place=entry.place,
        mean=entry.mean or Decimal(0),
        equalised=entry.equalised or Decimal(0),
        votes=entry.votes,
        discussion=entry.discussion,
    )


def _order(entry: ReviewEntry) -> tuple[int, int, Decimal, str]:
    groups = (Outcome.PROPOSED, Outcome.RESERVE, Outcome.BELOW_LINE, Outcome.UNPRICED, Outcome.VETOED)
    outcome = entry.outcome or Outcome.VETOED
    return groups.index(outcome), entry.place or 0, -(entry.mean or Decimal(0)), entry.label


def _remarks(
    panel: ReviewPanel, reviews: Sequence[Review], entry: ReviewEntry, rules: ReviewRules
) -> tuple[Remark, ...]:
    """Return the comments by criterion, in alphabetical order: their order must not tell who wrote which."""
    seats = {seat.id for seat in counting_seats(panel)}
    last: dict[uuid.UUID, Review] = {}
    for review in sorted(reviews, key=lambda one: one.phase is Phase.CONSENSUS):
        if review.entry_id == entry.id and review.seat_id in seats and review.locked_at is not None:
            last[review.seat_id] = review
    by_code: dict[str, list[str]] = {}
    for review in last.values():
        by_code.setdefault("", []).append(review.comment)
        for score in review.scores:
            by_code.setdefault(score.criterion, []).append(score.comment)
    codes = [*(criterion.code for criterion in rules.criteria), ""]
    return tuple(Remark(code, text) for code in codes for text in sorted(filter(None, by_code.get(code, ()))))
