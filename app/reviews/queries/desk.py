"""Reviews as the desk follows them: which are under way, and one with its bids, seats and progress."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.audit.models import AuditEvent
from app.bids.models import Bid
from app.bids.people import normal_name
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.reviews import policy
from app.reviews.candidates import conflicts_of
from app.reviews.comparison import Column, compare
from app.reviews.criteria import ReviewRules
from app.reviews.models import Expert, FormatCheck, Review, ReviewEntry, ReviewPanel, ReviewSeat, ReviewView
from app.reviews.parties import bidders_of
from app.reviews.queries.desk_views import BidRow, Look, PanelView, ReviewLine, ReviewPage, SeatRow
from app.reviews.queries.scores import score_table
from app.reviews.seats import lacking_of
from app.reviews.sheets import judged_entries, load_reviews, missing_sheets
from app.reviews.signs import Shared, Trace, signs
from app.reviews.workflow import HELD, FormatState, PanelState, Phase, ReviewMethod

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.compliance import MatrixView
    from app.core.actor import Actor
    from app.reviews.conflicts import Bidder

MISSING = "There is no review of this challenge."
SEEN = (PostingState.EVALUATING, PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD)
VIEWS_SHOWN = 20


def review_lines(session: Session, *, actor: Actor, page: int) -> Page[ReviewLine]:
    """Return one page of the challenges under evaluation, then of those that were, in five queries."""
    policy.can_read_reviews(actor).enforce()
    has_panel = exists().where(ReviewPanel.challenge_id == Challenge.id)
    query = (
        select(Challenge)
        .where(or_(Need.state == PostingState.EVALUATING, has_panel))
        .options(joinedload(Challenge.organization, innerjoin=True))
        .order_by((Need.state == PostingState.EVALUATING).desc(), Challenge.bid_deadline_at.desc(), Challenge.id)
    )
    found = paginate(session, query, number=page)
    ids = [challenge.id for challenge in found.items]
    counts = _counts(session, ids)
    panels = {panel.challenge_id: panel for panel in _last_panels(session, ids)}
    return found.map(lambda challenge: _review_line(challenge, counts, panels.get(challenge.id)))


def review_page(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> ReviewPage:
    """Return one challenge with its review; the operator is shown no scores and no comparison. Raises NotFound."""
    policy.can_read_reviews(actor).enforce()
    challenge, bids = load_opened(session, challenge_id)
    bidders = bidders_of(session, bids)
    panel = load_last_panel(session, challenge_id)
    sees_scores = policy.sees_bids(actor)
    is_on_table = panel is not None and panel.state in (PanelState.CONSENSUS, PanelState.PRICING, PanelState.RANKED)
    entries = {entry.bid_id: entry for entry in panel.entries} if panel else {}
    checks, sheets = _check_states(session, bids), load_reviews(session, panel) if panel else ()
    return ReviewPage(
        challenge_id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        owner=challenge.organization.legal_name_zh,
        state=challenge.state,
        bids=tuple(_bid_row(bid, entries.get(bid.id), checks, sees_scores=sees_scores) for bid in bids),
        panel=_panel_view(panel, sheets, bidders, now) if panel else None,
        table=score_table(session, panel, sheets) if panel and sees_scores and is_on_table else None,
        signs=tuple(_signs(session, challenge, bids, bidders)) if sees_scores else (),
        looks=_looks(session, panel) if panel and sees_scores else (),
        firms={bid.id: bid.organization.legal_name_zh for bid in bids if bid.organization},
    )


def desk_comparison(session: Session, *, actor: Actor, challenge_id: uuid.UUID) -> tuple[Challenge, MatrixView]:
    """Return the opened bids of a challenge side by side for those who may read them. Raises NotFound."""
    if not policy.sees_bids(actor):
        raise NotFound(MISSING, code="review_not_found")
    challenge, bids = load_opened(session, challenge_id, with_commitments=True)
    columns = [
        Column(bid.organization.legal_name_zh if bid.organization else "", bid.project_name, "", bid)
        for bid in bids
        if bid.state is not BidState.FORMAT_REJECTED
    ]
    return challenge, compare(challenge.kpis, columns)


def load_opened(
    session: Session, challenge_id: uuid.UUID, *, with_commitments: bool = False
) -> tuple[Challenge, Sequence[Bid]]:
    """Return a challenge past its opening with its opened bids, and what they commit to; raise NotFound."""
    query = select(Challenge).where(Challenge.id == challenge_id)
    query = query.options(joinedload(Challenge.organization, innerjoin=True))
    if with_commitments:
        query = query.options(selectinload(Challenge.kpis))
    challenge = session.scalars(query).unique().one_or_none()
    if challenge is None or challenge.state not in SEEN:
        raise NotFound(MISSING, code="review_not_found")
    opened = (
        select(Bid)
        .where(Bid.challenge_id == challenge_id, Bid.organization_id.is_not(None), Bid.state != BidState.DRAFT)
        .options(joinedload(Bid.organization))
        .order_by(Bid.sealed_at, Bid.id)
    )
    if with_commitments:
        opened = opened.options(selectinload(Bid.commitments))
    return challenge, session.scalars(opened).unique().all()


def load_last_panel(session: Session, challenge_id: uuid.UUID) -> ReviewPanel | None:
    """Return the last panel of a challenge with its entries and seats, or None, in three queries."""
    query = (
        select(ReviewPanel)
        .where(ReviewPanel.challenge_id == challenge_id)
        .options(
            joinedload(ReviewPanel.entries).joinedload(ReviewEntry.bid).joinedload(Bid.organization),
            selectinload(ReviewPanel.seats)
            .joinedload(ReviewSeat.expert)
            .options(joinedload(Expert.user).raiseload(User.roles), selectinload(Expert.ties)),
        )
        .order_by(ReviewPanel.round.desc())
        .limit(1)
    )
    return session.scalars(query).unique().first()


def _counts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    query = (
        select(Bid.challenge_id, func.count(), func.count().filter(Bid.state == BidState.OPENED))
        .where(Bid.challenge_id.in_(ids), Bid.organization_id.is_not(None))
        .group_by(Bid.challenge_id)
    )
    return {challenge_id: (n, n_unchecked) for challenge_id, n, n_unchecked in session.execute(query)}


def _last_panels(session: Session, ids: Sequence[uuid.UUID]) -> Sequence[ReviewPanel]:
    """Return the panels of some challenges, the last round of each at the end."""
    query = select(ReviewPanel).where(ReviewPanel.challenge_id.in_(ids)).order_by(ReviewPanel.round)
    return session.scalars(query).all()


def _review_line(
    challenge: Challenge, counts: Mapping[uuid.UUID, tuple[int, int]], panel: ReviewPanel | None
) -> ReviewLine:
    n_bids, n_unchecked = counts.get(challenge.id, (0, 0))
    return ReviewLine(
        challenge_id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        owner=challenge.organization.legal_name_zh,
        state=challenge.state,
        n_bids=n_bids,
        n_unchecked=n_unchecked,
        panel_state=panel.state if panel else None,
        due_at=panel.due_at if panel else None,
    )


def _check_states(session: Session, bids: Sequence[Bid]) -> dict[uuid.UUID, FormatState]:
    """Return how far the checks of those bids are that are not decided."""
    undecided = [bid.id for bid in bids if bid.state is BidState.OPENED]
    if not undecided:
        return {}
    query = select(FormatCheck.bid_id, FormatCheck.state).where(FormatCheck.bid_id.in_(undecided))
    return dict(session.execute(query).tuples().all())


def _bid_row(
    bid: Bid, entry: ReviewEntry | None, checks: Mapping[uuid.UUID, FormatState], *, sees_scores: bool
) -> BidRow:
    decided = FormatState.REJECTED if bid.state is BidState.FORMAT_REJECTED else FormatState.ACCEPTED
    is_open = bid.state is BidState.OPENED
    return BidRow(
        bid_id=bid.id,
        entry_id=entry.id if entry else None,
        label=entry.label if entry and sees_scores else "",
        firm=bid.organization.legal_name_zh if bid.organization else "",
        state=bid.state,
        check_state=checks.get(bid.id, FormatState.CHECKING) if is_open else decided,
        defence_at=entry.defence_at if entry else None,
        defence_minutes=entry.defence_minutes if entry else None,
        defence_place=entry.defence_place if entry else "",
        outcome=entry.outcome if entry and sees_scores else None,
        place=entry.place if entry and sees_scores else None,
        mean=entry.mean if entry and sees_scores else None,
    )


def _panel_view(panel: ReviewPanel, reviews: Sequence[Review], every: Sequence[Bidder], now: dt.datetime) -> PanelView:
    judged = {entry.bid_id for entry in panel.entries}
    bidders = [bidder for bidder in every if bidder.bid_id in judged]
    replaced = {seat.replaces_id for seat in panel.seats}
    n_missing = missing_sheets(panel, reviews)
    counted = panel.method is ReviewMethod.OWNER
    n_seats = sum(seat.state in HELD and (seat.expert_id is None) == counted for seat in panel.seats)
    done = Counter(one.seat_id for one in reviews if one.locked_at is not None and one.phase is Phase.INDIVIDUAL)
    rows = []
    for seat in panel.seats:
        is_live = seat.state in HELD and seat.expert is not None and panel.state is not PanelState.RANKED
        grounds = conflicts_of(seat.expert, bidders, now) if is_live and seat.expert else ()
        rows.append(_seat_row(seat, tuple(sorted({one.ground for one in grounds})), seat.id in replaced, done[seat.id]))
    return PanelView(
        id=panel.id,
        round=panel.round,
        state=panel.state,
        method=panel.method,
        size=panel.size,
        seed=panel.seed,
        due_at=panel.due_at,
        rules=ReviewRules.restored(panel.rules),
        seats=tuple(rows),
        lacks=dict(lacking_of(panel, [seat.expert for seat in panel.seats if seat.expert and seat.state in HELD])),
        n_missing=n_missing,
        n_sheets=n_seats * len(judged_entries(panel)),
        minutes=panel.minutes,
        ranked_at=panel.ranked_at,
    )


def _seat_row(seat: ReviewSeat, conflicts: tuple[str, ...], is_replaced: bool, n_done: int) -> SeatRow:
    return SeatRow(
        id=seat.id,
        name=seat.expert.user.name if seat.expert else "",
        is_owner=seat.expert_id is None,
        sides=tuple(seat.expert.sides) if seat.expert else (),
        state=seat.state,
        drawn=seat.drawn,
        reason="" if seat.grounds and "declared" not in seat.grounds else seat.reason,
        grounds=tuple(seat.grounds),
        n_done=n_done,
        conflicts=conflicts,
        is_replaced=is_replaced,
    )


def _signs(session: Session, challenge: Challenge, bids: Sequence[Bid], bidders: Sequence[Bidder]) -> list[Shared]:
    """Return what bids of different firms have in common."""
    domains = {
        bidder.bid_id: frozenset(domain for party in bidder.parties[:1] for domain in party.domains)
        for bidder in bidders
    }
    addresses = _addresses(session, bids)
    common = f"{challenge.background}{challenge.research_content}{challenge.use_description}"
    traces = [
        Trace(
            bid_id=bid.id,
            text=f"{bid.approach}{bid.supply_plan}{bid.ip_statement}",
            contacts=_contacts(bid),
            domains=domains.get(bid.id, frozenset()),
            addresses=addresses.get(bid.id, frozenset()),
            leaders=_leaders(bid),
        )
        for bid in bids
    ]
    return signs(traces, common)


def _contacts(bid: Bid) -> frozenset[str]:
    firm = bid.organization
    return frozenset(filter(None, (firm.agent_mobile, firm.agent_email))) if firm else frozenset()


def _leaders(bid: Bid) -> frozenset[str]:
    """Return the name of the leader: that firms name the same person shows only once their bids are open."""
    leader = bid.details.get("leader")
    name = normal_name(str(leader.get("name", ""))) if isinstance(leader, dict) else ""
    return frozenset({name} if name else ())


def _addresses(session: Session, bids: Sequence[Bid]) -> dict[uuid.UUID, frozenset[str]]:
    """Return from which addresses of the network each bid was written and handed in."""
    query = select(AuditEvent.subject_id, AuditEvent.ip).where(
        AuditEvent.subject_type == "bid", AuditEvent.subject_id.in_([bid.id for bid in bids]),
        AuditEvent.action.startswith("bid."), AuditEvent.ip != "",
    )  # fmt: skip
    found: dict[uuid.UUID, set[str]] = {}
    for bid_id, ip in session.execute(query.distinct()):
        found.setdefault(bid_id, set()).add(ip)
    return {bid_id: frozenset(ips) for bid_id, ips in found.items()}


def _looks(session: Session, panel: ReviewPanel) -> tuple[Look, ...]:
    names = {seat.id: seat.expert.user.name if seat.expert else "" for seat in panel.seats}
    labels = {entry.id: entry.label for entry in panel.entries}
    query = (
        select(ReviewView)
        .where(ReviewView.seat_id.in_(names))
        .order_by(ReviewView.viewed_at.desc(), ReviewView.id)
        .limit(VIEWS_SHOWN)
    )
    return tuple(
        Look(names[one.seat_id], labels.get(one.entry_id, "") if one.entry_id else "", one.page, one.viewed_at)
        for one in session.scalars(query)
    )
