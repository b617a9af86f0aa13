"""What a reviewer sees: the own seats, the declaration, the bids under letters, the sheet."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.bids.models import Bid, BidFile
from app.challenges.models import Challenge
from app.core.errors import NotAllowed, NotFound
from app.demands.models import Need
from app.reviews import policy
from app.reviews.blind import Reading, reading
from app.reviews.commands import SaveReview, Score
from app.reviews.comparison import Column, compare, uncommitted
from app.reviews.criteria import Criterion, ReviewRules
from app.reviews.models import Expert, Review, ReviewEntry, ReviewPanel, ReviewSeat
from app.reviews.parties import bidders_of, names_of
from app.reviews.prices import shows_prices
from app.reviews.queries.scores import ScoreTable, score_table
from app.reviews.sheets import judged_entries
from app.reviews.workflow import PanelState, Phase, ReviewMethod, SeatState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session
    from sqlalchemy.sql.base import ExecutableOption

    from app.challenges.models import Kpi
    from app.compliance import MatrixView
    from app.core.actor import Actor

MISSING = "There is no such review, or it is not yours."
SHOWN = (SeatState.INVITED, SeatState.ACTIVE, SeatState.RECUSED, SeatState.DECLINED)
LISTED = 100


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One review in the list of its reviewer."""

    id: uuid.UUID
    challenge_id: uuid.UUID
    title: str
    code: str
    is_owner: bool
    state: SeatState
    panel_state: PanelState
    due_at: dt.datetime | None
    n_bids: int
    n_done: int

    @property
    def is_open(self) -> bool:
        """Whether something is left to do here."""
        waits = self.state is SeatState.INVITED and self.panel_state is not PanelState.RANKED
        return waits or (self.state is SeatState.ACTIVE and self.panel_state is PanelState.SCORING
                         and self.n_done < self.n_bids)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BidCard:
    """One bid in the reviewer's own order; ``firm`` is empty for experts."""

    entry_id: uuid.UUID
    label: str
    firm: str
    is_done: bool
    is_begun: bool
    total: Decimal | None
    is_discussed: bool
    is_gone: bool
    """Withdrawn since; nobody judges it any more."""


@dataclass(frozen=True, slots=True)
class SeatView:
    """One review as its reviewer sees it; before the pledge without any bid."""

    line: SeatLine
    method: ReviewMethod
    rules: ReviewRules
    firms: tuple[str, ...]
    """Everybody behind the bids, in alphabetical order: who bids what is not told."""
    bids: tuple[BidCard, ...]
    table: ScoreTable | None
    """From the discussion on, and for those only whose scores count."""
    entry_id: uuid.UUID | None = None
    can_compare: bool = False


@dataclass(frozen=True, slots=True)
class EntryView:
    """One bid with the reviewer's sheet."""

    seat: SeatLine
    entry_id: uuid.UUID
    label: str
    firm: str
    criteria: tuple[Criterion, ...]
    content: Reading
    matrix: MatrixView
    uncommitted: tuple[str, ...]
    sheet: SaveReview
    locked_at: dt.datetime | None
    original: SaveReview | None
    """What was handed in before the discussion, where this sheet is the one after it."""
    is_open: bool
    is_gone: bool
    next_entry_id: uuid.UUID | None


def my_seats(session: Session, *, actor: Actor) -> list[SeatLine]:
    """Return the reviews of a person, those with work first, in four queries."""
    query = _seats().where(_is_mine(actor), ReviewSeat.state.in_(SHOWN)).limit(LISTED)
    lines = [_line(seat) for seat in session.scalars(query).unique()]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(lines, key=lambda line: (not line.is_open, line.due_at or far, line.title))


def seat_page(session: Session, *, actor: Actor, seat_id: uuid.UUID) -> SeatView:
    """Return one review; raise NotFound for those of others."""
    seat = _load(session, actor, seat_id)
    panel, line = seat.panel, _line(seat)
    is_pledged = seat.state is SeatState.ACTIVE
    is_counted = (seat.expert_id is None) == (panel.method is ReviewMethod.OWNER)
    is_open = panel.state in (PanelState.CONSENSUS, PanelState.PRICING, PanelState.RANKED)
    table = score_table(session, panel) if is_pledged and is_counted and is_open else None
    return SeatView(
        line=line,
        method=panel.method,
        rules=ReviewRules.restored(panel.rules),
        firms=_firms(session, panel),
        bids=tuple(_cards(seat, table)) if is_pledged else (),
        table=table,
        can_compare=is_pledged,
    )


def entry_page(session: Session, *, actor: Actor, seat_id: uuid.UUID, entry_id: uuid.UUID) -> EntryView:
    """Return one bid with the reviewer's sheet. Raises NotFound, and NotAllowed before the pledge."""
    seat = _load(session, actor, seat_id)
    check_pledged(seat)
    entry = next((one for one in seat.panel.entries if one.id == entry_id), None)
    if entry is None:
        raise NotFound(MISSING, code="entry_not_found")
    bid, kpis = _content(session, entry.bid_id)
    names = None if seat.expert_id is None else names_of(session, [bid])[bid.id]
    reviews = {one.phase: one for one in seat.reviews if one.entry_id == entry_id}
    first, last = reviews.get(Phase.INDIVIDUAL), reviews.get(Phase.CONSENSUS)
    is_meeting = seat.panel.state is PanelState.CONSENSUS
    is_discussed = is_meeting and any(
        row.entry_id == entry_id and _is_discussed(row.was_apart, [cell.veto for cell in row.cells])
        for row in score_table(session, seat.panel).rows
    )
    is_revised = is_discussed or last is not None
    rules = ReviewRules.restored(seat.panel.rules)
    shows = shows_prices(seat.panel.state, rules)
    shown = (last or first) if is_revised else first
    is_gone = entry not in judged_entries(seat.panel)
    is_locked = (last is not None and last.locked_at is not None) if is_revised else _is_locked(first)
    return EntryView(
        seat=_line(seat),
        entry_id=entry.id,
        label=entry.label,
        firm=_firm(seat, entry),
        criteria=rules.scored,
        content=reading(bid, {kpi.id: kpi.name for kpi in kpis}, names, shows_price=shows),
        matrix=compare(kpis, [Column(entry.label, "", "", bid)]),
        uncommitted=tuple(uncommitted(kpis, bid)),
        sheet=_sheet(shown, with_version=not is_revised or last is not None),
        locked_at=shown.locked_at if shown is not None and is_locked else None,
        original=_sheet(first) if is_revised and first is not None else None,
        is_open=not is_locked and not is_gone and (is_discussed or seat.panel.state is PanelState.SCORING),
        is_gone=is_gone,
        next_entry_id=_next(seat, entry_id),
    )


def comparison_page(session: Session, *, actor: Actor, seat_id: uuid.UUID) -> tuple[SeatLine, MatrixView]:
    """Return all bids of a review side by side, under the names the reviewer may know them by."""
    seat = _load(session, actor, seat_id)
    check_pledged(seat)
    bids, kpis = _contents(session, seat.panel)
    columns = [Column(entry.label, _firm(seat, entry), "", bids[entry.bid_id]) for entry in _in_order(seat)]
    return _line(seat), compare(kpis, columns)


def check_pledged(seat: ReviewSeat) -> None:
    """Raise NotAllowed before the pledge, and once the seat is given up."""
    if seat.state is not SeatState.ACTIVE:
        raise NotAllowed("Declare and pledge before you see or judge a bid.", code="not_pledged")


def is_open_sheet(session: Session, actor: Actor, entry_id: str) -> bool:
    """Return whether the actor may judge this bid now, so that unsaved input may be kept; False for what is no id."""
    wanted = _uuid(entry_id)
    if wanted is None:
        return False
    query = (
        select(ReviewSeat.id)
        .join(ReviewSeat.panel)
        .join(ReviewEntry, ReviewEntry.panel_id == ReviewPanel.id)
        .join(Need, Need.id == ReviewPanel.challenge_id)
        .outerjoin(Expert, Expert.id == ReviewSeat.expert_id)
        .where(
            _is_mine(actor),
            ReviewEntry.id == wanted,
            ReviewSeat.state == SeatState.ACTIVE,
            ReviewPanel.state.in_((PanelState.SCORING, PanelState.CONSENSUS)),
        )
    )
    return session.scalar(query) is not None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _is_mine(actor: Actor) -> ColumnElement[bool]:
    owners = and_(ReviewSeat.expert_id.is_(None), Need.organization_id == actor.organization_id)
    return or_(Expert.user_id == actor.user_id, owners)


def _seats() -> Select[tuple[ReviewSeat]]:
    return (
        select(ReviewSeat)
        .join(ReviewSeat.panel)
        .join(ReviewPanel.challenge)
        .outerjoin(ReviewSeat.expert)
        .options(
            contains_eager(ReviewSeat.panel).options(
                contains_eager(ReviewPanel.challenge),
                selectinload(ReviewPanel.entries).joinedload(ReviewEntry.bid).joinedload(Bid.organization),
                selectinload(ReviewPanel.seats),
            ),
            contains_eager(ReviewSeat.expert),
            selectinload(ReviewSeat.reviews).selectinload(Review.scores),
        )
    )


def _load(session: Session, actor: Actor, seat_id: uuid.UUID) -> ReviewSeat:
    seat = session.scalars(_seats().where(ReviewSeat.id == seat_id)).unique().one_or_none()
    if seat is None or seat.state not in SHOWN:
        raise NotFound(MISSING, code="seat_not_found")
    user_id = seat.expert.user_id if seat.expert else None
    owner_id = seat.panel.challenge.organization_id
    if not policy.can_sit(actor, user_id=user_id, owner_id=owner_id):
        raise NotFound(MISSING, code="seat_not_found")
    return seat


def _line(seat: ReviewSeat) -> SeatLine:
    panel = seat.panel
    judged = {entry.id for entry in judged_entries(panel)}
    locked = (one.entry_id for one in seat.reviews if one.locked_at is not None and one.phase is Phase.INDIVIDUAL)
    return SeatLine(
        id=seat.id,
        challenge_id=panel.challenge_id,
        title=panel.challenge.title,
        code=panel.challenge.code or "",
        is_owner=seat.expert_id is None,
        state=seat.state,
        panel_state=panel.state,
        due_at=panel.due_at,
        n_bids=len(judged),
        n_done=len(judged.intersection(locked)),
    )


def _firms(session: Session, panel: ReviewPanel) -> tuple[str, ...]:
    bidders = bidders_of(session, [entry.bid for entry in panel.entries])
    return tuple(sorted({party.name for bidder in bidders for party in bidder.parties if party.name}))


def _in_order(seat: ReviewSeat) -> list[ReviewEntry]:
    """Return the bids in the order drawn for this reviewer."""
    entries = sorted(seat.panel.entries, key=lambda entry: entry.label)
    random.Random(seat.order_seed).shuffle(entries)  # noqa: S311 - its seed is on record, to be repeated
    return entries


def _cards(seat: ReviewSeat, table: ScoreTable | None) -> list[BidCard]:
    mine = {one.entry_id: one for one in seat.reviews if one.phase is Phase.INDIVIDUAL}
    rows = {row.entry_id: row for row in table.rows} if table else {}
    judged, cards = judged_entries(seat.panel), []
    for entry in _in_order(seat):
        review, row = mine.get(entry.id), rows.get(entry.id)
        points = [score.value for score in review.scores if score.value is not None] if review else []
        cards.append(
            BidCard(
                entry_id=entry.id,
                label=entry.label,
                firm=_firm(seat, entry),
                is_done=_is_locked(review),
                is_begun=review is not None,
                total=sum(points, Decimal(0)) if points else None,
                is_discussed=row is not None and _is_discussed(row.was_apart, [cell.veto for cell in row.cells]),
                is_gone=entry not in judged,
            )
        )
    return cards


def _is_discussed(was_apart: bool, vetoes: Sequence[str]) -> bool:
    return was_apart or any(vetoes)


def _is_locked(review: Review | None) -> bool:
    return review is not None and review.locked_at is not None


def _firm(seat: ReviewSeat, entry: ReviewEntry) -> str:
    """Return whose bid it is to the challenge's owner; experts are never told."""
    organization = entry.bid.organization
    return organization.legal_name_zh if seat.expert_id is None and organization else ""


def _next(seat: ReviewSeat, entry_id: uuid.UUID) -> uuid.UUID | None:
    """Return the next bid that this reviewer has not handed in a sheet for."""
    done = {one.entry_id for one in seat.reviews if one.locked_at is not None}
    left = {entry.id for entry in judged_entries(seat.panel)} - done
    order = [entry.id for entry in _in_order(seat)]
    place = order.index(entry_id)
    return next((one for one in order[place + 1 :] + order[:place] if one in left), None)


def _sheet(review: Review | None, *, with_version: bool = True) -> SaveReview:
    if review is None:
        return SaveReview()
    return SaveReview(
        scores={score.criterion: Score(score.value, score.comment) for score in review.scores},
        comment=review.comment,
        veto=review.veto,
        veto_reason=review.veto_reason,
        version=review.version if with_version else None,
    )


def _content(session: Session, bid_id: uuid.UUID) -> tuple[Bid, Sequence[Kpi]]:
    query = select(Bid).where(Bid.id == bid_id)
    bid = session.scalars(query.options(*_parts())).unique().one()
    return bid, bid.challenge.kpis


def _contents(session: Session, panel: ReviewPanel) -> tuple[dict[uuid.UUID, Bid], Sequence]:  # type: ignore[type-arg]
    query = select(Bid).where(Bid.id.in_([entry.bid_id for entry in panel.entries]))
    bids = {bid.id: bid for bid in session.scalars(query.options(*_parts())).unique()}
    return bids, next(iter(bids.values())).challenge.kpis if bids else []


def _parts() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Bid.challenge, innerjoin=True).selectinload(Challenge.kpis),
        selectinload(Bid.commitments),
        selectinload(Bid.files).joinedload(BidFile.file),
        joinedload(Bid.organization),
    )
