"""The sample's finished reviews: what experts gave, what they agreed on, the ranking and its minutes."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.matchmaking.panels import choose_panel
from app.reviews.candidates import candidates
from app.reviews.criteria import STEP, ReviewRules
from app.reviews.models import Review, ReviewEntry, ReviewPanel, ReviewScore, ReviewSeat
from app.reviews.scoring import ranking, results
from app.reviews.service.panel import rules_for
from app.reviews.sheets import sheets
from app.reviews.workflow import PanelState, Phase, ReviewMethod, SeatState
from app.sample.people import officer_id
from app.sample.remarks import on_the_whole, remark
from app.sample.source import document, sample_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

SIZE = 5
CALLED, LOCKED, MET, RANKED = (dt.timedelta(days=days) for days in (5, 12, 15, 16))
"""After the deadline of bids."""
SHARES = {BidState.SELECTED: "0.93", BidState.RESERVE: "0.86", BidState.NOT_SELECTED: "0.66"}
"""Of the points, before the reviewers differ."""
BEST_FIRST = tuple(SHARES)
ALONE = Decimal("0.32")
"""By how much one reviewer first stood apart about one bid."""
DISCUSSED = "一名专家初评时未计入附件中的第三方复测数据，合议中逐项核对后修订了评分，其余专家维持原评分。"
MINUTES = (
    "专家组于合议当日逐份讨论。各专家独立评分已全部锁定后公开，对极差超过警戒值的方案进行了专题讨论并形成结论。"
    "按平均分确定排序，达到及格线的方案依次列为建议揭榜与备选；无专家在合议中提出回避。"
)


def load_rankings(session: Session) -> None:
    """Insert a settled review of every competition whose winners the files name; experts and bids must be there."""
    for row in document("challenges.json")["challenges"]:
        if "proposed_winners" in row:
            _load(session, row["challenge_id"])


def _load(session: Session, name: str) -> None:
    query = sa.select(Challenge).where(Challenge.id == sample_id(name))
    needed = (
        joinedload(Challenge.organization),
        joinedload(Challenge.programme),
        selectinload(Challenge.categories),
        selectinload(Challenge.params),
    )
    challenge = session.scalars(query.options(*needed)).unique().one()
    rules, deadline = rules_for(challenge), challenge.bid_deadline_at or challenge.updated_at
    bids = judged(session, challenge.id)
    panel = _panel(challenge, rules, deadline)
    letters = dict(zip(sorted(bid.id for bid in bids), "ABCDEFGH", strict=False))
    panel.entries = [
        ReviewEntry(id=uuid.uuid4(), bid=bid, bid_id=bid.id, label=letters[bid.id], votes=0) for bid in bids
    ]
    panel.seats = list(_seats(session, panel, challenge, bids, deadline))
    session.add(panel)
    session.flush()
    reviews = [
        review
        for entry_place, entry in enumerate(panel.entries)
        for seat_place, seat in enumerate(panel.seats)
        for review in _reviews(rules, seat, entry, (entry_place, seat_place), len(bids), deadline)
    ]
    _insert(session, reviews)
    _settle(panel, reviews, rules)
    session.flush()


def judged(session: Session, challenge_id: uuid.UUID) -> list[Bid]:
    """Return the bids of a competition that were ranked, best first."""
    query = sa.select(Bid).where(Bid.challenge_id == challenge_id, Bid.state.in_(BEST_FIRST))
    found = session.scalars(query.options(joinedload(Bid.organization))).unique().all()
    return sorted(found, key=lambda bid: (BEST_FIRST.index(bid.state), bid.id))


def _panel(challenge: Challenge, rules: ReviewRules, deadline: dt.datetime) -> ReviewPanel:
    return ReviewPanel(
        id=uuid.uuid4(), challenge_id=challenge.id, state=PanelState.RANKED, method=ReviewMethod.PANEL, size=SIZE,
        rules=rules.stored(), seed=challenge.id.int % 2**32, draws=1, due_at=deadline + LOCKED,
        called_at=deadline + CALLED, met_at=deadline + MET, minutes=MINUTES, ranked_at=deadline + RANKED,
        ranked_by=officer_id(), created_by=officer_id(), created_at=deadline + CALLED,
    )  # fmt: skip


def _seats(
    session: Session, panel: ReviewPanel, challenge: Challenge, bids: Sequence[Bid], deadline: dt.datetime
) -> Iterator[ReviewSeat]:
    """Yield the seats of the best panel without a conflict that the pool has."""
    found = candidates(session, challenge, bids, deadline + CALLED)
    composition = ReviewRules.restored(panel.rules).composition
    chosen = choose_panel([one.seat() for one in found], size=SIZE, composition=composition, seed=panel.seed)
    by_id, n_free = {str(one.expert.id): one for one in found}, sum(one.is_free for one in found)
    for place, expert_id in enumerate(chosen.ids):
        one = by_id[expert_id]
        drawn = {"how": "optimum", "seed": panel.seed, "fit": round(one.fit, 4), "free": n_free}
        yield ReviewSeat(
            id=uuid.uuid4(), expert=one.expert, expert_id=one.expert.id, state=SeatState.ACTIVE,
            order_seed=panel.seed + place, drawn=drawn,
            invited_at=deadline + CALLED, pledged_at=deadline + CALLED, pledged_by=one.expert.user_id,
            created_at=deadline + CALLED,
        )  # fmt: skip


def _reviews(
    rules: ReviewRules,
    seat: ReviewSeat,
    entry: ReviewEntry,
    places: tuple[int, int],
    n_bids: int,
    deadline: dt.datetime,
) -> Iterator[Review]:
    """Yield the sheet of a reviewer about a bid; one reviewer revised the last bid's but one after the discussion."""
    of_entry, of_seat = places
    share = Decimal(SHARES[entry.bid.state]) - Decimal("0.012") * of_entry - Decimal("0.01") * (of_seat - SIZE // 2)
    is_apart = of_seat == 0 and of_entry == n_bids - 2
    first = share - ALONE if is_apart else share
    yield _review(rules, seat, entry, (Phase.INDIVIDUAL, first, deadline + LOCKED), place=of_seat)
    if is_apart:
        yield _review(rules, seat, entry, (Phase.CONSENSUS, share, deadline + MET), place=of_seat)


def _review(
    rules: ReviewRules,
    seat: ReviewSeat,
    entry: ReviewEntry,
    given: tuple[Phase, Decimal, dt.datetime],
    *,
    place: int,
) -> Review:
    (phase, share, at), is_weak = given, entry.bid.state is BidState.NOT_SELECTED
    values = {one: (one.maximum * share / STEP).to_integral_value() * STEP for one in rules.criteria}
    scores = [
        ReviewScore(
            criterion=one.code, value=value, comment=remark(one.code, place, 100 * value / one.maximum, is_weak=is_weak)
        )
        for one, value in values.items()
    ]
    return Review(
        id=uuid.uuid4(), seat_id=seat.id, entry_id=entry.id, phase=phase,
        comment=on_the_whole(place, is_weak=is_weak), locked_at=at,
        locked_by=seat.pledged_by, scores=scores, updated_at=at,
    )  # fmt: skip


def _insert(session: Session, reviews: Sequence[Review]) -> None:
    """Insert sheets open, so that points can follow, then lock them: the database refuses points to a locked one."""
    locks = {review.id: review.locked_at for review in reviews}
    for review in reviews:
        review.locked_at = None
    session.add_all(reviews)
    session.flush()
    for review in reviews:
        review.locked_at = locks[review.id]
    session.flush()


def _settle(panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules) -> None:
    """Write the ranking that follows from the points, by the rules of every other review."""
    first = results(sheets(panel, reviews, effective=False), rules)
    found = results(sheets(panel, reviews, effective=True), rules)
    by_id = {entry.id: entry for entry in panel.entries}
    for one in ranking(list(found.values()), rules, votes={}, n_reviewers=len(panel.seats)):
        entry = by_id[one.bid]
        entry.mean, entry.equalised = one.mean, one.equalised
        entry.outcome, entry.place = one.outcome, one.place
        entry.discussion = DISCUSSED if first[one.bid].is_apart else ""
