"""A whole schedule with the rules it stands by: for the solver, for hand edits, and for the pages that show it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, select

from app.accounts.models import Organization
from app.demands.models import Need
from app.events.models import EventWish, Meeting, Participant, Seat, Slot
from app.events.placing import Board, Guest, Standing
from app.events.workflow import MeetingState, Role, Wish
from app.matchmaking.embargo import embargoes
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import SuggestionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.events.models import Event
    from app.events.queries.views import EventView, SlotView

Pair = tuple[uuid.UUID, uuid.UUID]


def load_board(session: Session, event: Event | EventView, slots: Sequence[Slot] | Sequence[SlotView]) -> Board:
    """Return the schedule of an event as it stands, in four queries."""
    participants = _participants(session, event.id)
    return Board(
        participants=participants,
        wishes=_wishes(session, event.id),
        standing=standing(session, event.id),
        runs=runs(slots),
        n_tables=event.n_tables,
        most_in_row=event.most_in_row,
        slot_ids=tuple(slot.id for slot in slots),
        embargoed=frozenset(embargoes(session, participants, now=slots[0].starts_at)) if slots else frozenset(),
    )


def runs(slots: Sequence[Slot] | Sequence[SlotView]) -> list[list[int]]:
    """Return the numbers of slots that follow each other without a longer break."""
    found: dict[int, list[int]] = defaultdict(list)
    for slot in slots:
        found[slot.block].append(slot.number)
    return list(found.values())


def _participants(session: Session, event_id: uuid.UUID) -> dict[uuid.UUID, Guest]:
    query = (
        select(Participant, Organization.legal_name_zh)
        .join(Organization, Organization.id == Participant.organization_id)
        .where(Participant.event_id == event_id, Participant.withdrawn_at.is_(None))
        .order_by(Participant.created_at, Participant.id)
    )
    return {
        one.organization_id: Guest(name, one.role, one.most_meetings, frozenset(one.busy_slots))
        for one, name in session.execute(query)
    }


def _wishes(session: Session, event_id: uuid.UUID) -> dict[Pair, Wish]:
    query = select(EventWish.from_id, EventWish.to_id, EventWish.wish).where(EventWish.event_id == event_id)
    return {(from_id, to_id): wish for from_id, to_id, wish in session.execute(query)}


def standing(session: Session, event_id: uuid.UUID) -> list[Standing]:
    """Return every meeting of an event that has a place, by slot and table."""
    query = (
        select(Meeting.id, Meeting.host_id, Meeting.guest_id, Slot.number, Seat.table_no)
        .join(Seat, and_(Seat.meeting_id == Meeting.id, Seat.role == Role.EXHIBITOR))
        .join(Slot, Slot.id == Seat.slot_id)
        .where(Meeting.event_id == event_id, Meeting.state == MeetingState.SET)
        .order_by(Slot.number, Seat.table_no)
    )
    return [Standing(*row) for row in session.execute(query)]


def count_embargoed(session: Session, event_id: uuid.UUID) -> int:
    """Return how many standing meetings have a maker whose challenge still takes bids when the event begins."""
    meetings = standing(session, event_id)
    begins = session.scalar(select(func.min(Slot.starts_at)).where(Slot.event_id == event_id))
    if begins is None or not meetings:
        return 0
    companies = {one for meeting in meetings for one in (meeting.host_id, meeting.guest_id)}
    found = embargoes(session, companies, now=begins)
    return sum(1 for meeting in meetings if found.keys() & {meeting.host_id, meeting.guest_id})


def pinned(session: Session, event_id: uuid.UUID) -> set[Pair]:
    """Return the pairs whose meeting an officer has fixed."""
    query = select(Meeting.host_id, Meeting.guest_id).where(
        Meeting.event_id == event_id, Meeting.state == MeetingState.SET, Meeting.is_pinned.is_(True)
    )
    return {(host, guest) for host, guest in session.execute(query)}


def affinities(session: Session, companies: Collection[uuid.UUID]) -> Mapping[Pair, float]:
    """Return how well companies fit by the model: the best score of a pairing or suggestion between two of them."""
    best: dict[Pair, float] = {}
    for query in (_pairing_scores(companies), _suggestion_scores(companies)):
        for demand, supplier, score in session.execute(query):
            for pair in ((demand, supplier), (supplier, demand)):
                best[pair] = max(best.get(pair, 0.0), float(score))
    return best


def _pairing_scores(companies: Collection[uuid.UUID]) -> Select[Any]:
    return (
        select(Pairing.demand_id, Pairing.supplier_id, func.max(Pairing.score))
        .where(Pairing.demand_id.in_(companies), Pairing.supplier_id.in_(companies))
        .group_by(Pairing.demand_id, Pairing.supplier_id)
    )


def _suggestion_scores(companies: Collection[uuid.UUID]) -> Select[Any]:
    standing_states = (SuggestionState.SUGGESTED, SuggestionState.APPROVED)
    return (
        select(Need.organization_id, Suggestion.supplier_id, func.max(Suggestion.score))
        .join(Need, Need.id == Suggestion.need_id)
        .where(
            Need.organization_id.in_(companies),
            Suggestion.supplier_id.in_(companies),
            Suggestion.state.in_(standing_states),
        )
        .group_by(Need.organization_id, Suggestion.supplier_id)
    )
