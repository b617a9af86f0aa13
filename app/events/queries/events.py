"""Lists of events, one event, and who takes part."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from app.accounts.models import Organization
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands.models import Need
from app.events import policy
from app.events.commands import Room, SaveEvent
from app.events.models import Event, EventWish, Participant
from app.events.queries.views import EventView, ParticipantLine, Registration, SlotView, event_view
from app.events.rules import NO_EVENT
from app.events.workflow import EventState, Role, Wish
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import SuggestionState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

TABS: dict[str, tuple[EventState, ...]] = {
    "coming": (EventState.OPEN, EventState.SCHEDULED),
    "past": (EventState.HELD,),
    "cancelled": (EventState.CANCELLED,),
    "draft": (EventState.DRAFT,),
}
PEOPLE_PAGE = 30


def events(session: Session, *, tab: str, page: int, is_desk: bool = False) -> Page[EventView]:
    """Return one page of events, those that come next first, in three queries."""
    query = select(Event).where(_in_tab(tab, is_desk=is_desk))
    newest = Event.first_day.desc() if tab in ("past", "cancelled") else Event.first_day
    found = paginate(session, query.order_by(newest, Event.id), number=page)
    counts = _counts(session, [event.id for event in found.items])
    return found.map(lambda event: event_view(event, (), counts[event.id]))


def tab_counts(session: Session, *, is_desk: bool = False) -> dict[str, int]:
    """Return how many events stand under each tab, in one query."""
    sums = [func.count().filter(_in_tab(tab, is_desk=is_desk)).label(tab) for tab in TABS]
    row = session.execute(select(*sums).select_from(Event)).one()
    return dict(zip(TABS, row, strict=True))


def _in_tab(tab: str, *, is_desk: bool) -> Any:
    within = Event.state.in_(TABS[tab])
    return within if is_desk else and_(within, Event.opened_at.is_not(None))


def my_events(session: Session, *, actor: Actor, now: dt.datetime) -> list[tuple[EventView, Registration | None]]:
    """Return the coming events with the registration of the actor's company, and past ones it took part in."""
    own = and_(Participant.event_id == Event.id, Participant.organization_id == actor.organization_id)
    took_part = and_(Participant.id.is_not(None), Participant.withdrawn_at.is_(None))
    query = (
        select(Event, Participant)
        .outerjoin(Participant, own)
        .where(or_(Event.state.in_(TABS["coming"]), and_(took_part, Event.opened_at.is_not(None))))
        .order_by(Event.first_day.desc(), Event.id)
        .limit(50)
    )
    rows = session.execute(query).all()
    counts = _counts(session, [event.id for event, _ in rows])
    return [(event_view(event, (), counts[event.id]), _registration(one)) for event, one in rows]


def event_page(session: Session, *, actor: Actor, event_id: uuid.UUID) -> EventView:
    """Return one event with its slots; raise NotFound when the actor may not know of it."""
    event = load_event(session, actor=actor, event_id=event_id)
    slots = [SlotView(one.id, one.number, one.block, one.starts_at, one.ends_at) for one in event.slots]
    return event_view(event, slots, _counts(session, [event.id])[event.id])


def load_event(session: Session, *, actor: Actor, event_id: uuid.UUID) -> Event:
    """Return the row of an event with its slots; raise NotFound when the actor may not know of it."""
    query = select(Event).where(Event.id == event_id).options(selectinload(Event.slots))
    event = session.scalars(query).one_or_none()
    if event is None or not policy.can_read(actor, state=event.state, was_public=event.opened_at is not None):
        raise NotFound(NO_EVENT, code="event_not_found")
    return event


def stated(session: Session, *, actor: Actor, event_id: uuid.UUID) -> SaveEvent:
    """Return what an officer has stated of an event, for its form."""
    event = load_event(session, actor=actor, event_id=event_id)
    plain = {name: getattr(event, name) for name in SaveEvent.__dataclass_fields__ if name not in ("rooms", "version")}
    rooms = tuple(Room(room["name"], room["n_tables"]) for room in event.rooms)
    return SaveEvent(**plain, rooms=rooms, version=event.version)


def registration(session: Session, *, actor: Actor, event_id: uuid.UUID) -> Registration | None:
    """Return how the actor's company takes part; None when it never registered."""
    query = select(Participant).where(
        Participant.event_id == event_id, Participant.organization_id == actor.organization_id
    )
    return _registration(session.scalars(query).one_or_none())


def exhibitor_names(session: Session, *, event_id: uuid.UUID, limit: int = 200) -> list[str]:
    """Return who exhibits, for everybody."""
    query = (
        select(Organization.legal_name_zh)
        .join(Participant, Participant.organization_id == Organization.id)
        .where(
            Participant.event_id == event_id,
            Participant.role == Role.EXHIBITOR,
            Participant.withdrawn_at.is_(None),
        )
        .order_by(Organization.legal_name_zh)
    )
    return list(session.scalars(query.limit(limit)))


def participants(session: Session, *, event_id: uuid.UUID, page: int) -> Page[ParticipantLine]:
    """Return one page of all participants, for the desk."""
    query = (
        select(Participant)
        .join(Participant.organization)
        .where(Participant.event_id == event_id, Participant.withdrawn_at.is_(None))
        .options(contains_eager(Participant.organization))
        .order_by(Participant.role, Organization.legal_name_zh, Participant.id)
    )
    return paginate(session, query, number=page, size=PEOPLE_PAGE).map(_line)


def others(session: Session, *, actor: Actor, event_id: uuid.UUID, role: Role) -> list[ParticipantLine]:
    """Return the participants of the other side, most promising first, in four queries.

    First who asks for a meeting, then whom a pairing connects, then by the model's score.
    """
    query = (
        select(Participant)
        .join(Participant.organization)
        .where(Participant.event_id == event_id, Participant.withdrawn_at.is_(None), Participant.role != role)
        .options(contains_eager(Participant.organization))
        .order_by(Organization.legal_name_zh, Participant.id)
        .limit(400)
    )
    rows = session.scalars(query).all()
    own = actor.own_organization_id()
    said, heard = _wishes_of(session, event_id, own)
    paired, scores = _fits(session, own, [row.organization_id for row in rows])
    lines = [
        _line(
            row,
            wish=said.get(row.organization_id),
            asks=row.organization_id in heard,
            is_paired=row.organization_id in paired,
            score=scores.get(row.organization_id, 0.0),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (not line.asks, not line.is_paired, -line.score))


def request_counts(session: Session, *, event_id: uuid.UUID) -> dict[Wish, int]:
    """Return how many requests of each kind an event has."""
    query = select(EventWish.wish, func.count()).where(EventWish.event_id == event_id).group_by(EventWish.wish)
    return dict(session.execute(query).tuples().all())


def _wishes_of(session: Session, event_id: uuid.UUID, own: uuid.UUID) -> tuple[dict[uuid.UUID, Wish], set[uuid.UUID]]:
    """Return what a company says of others, and who asks for a meeting with it."""
    query = select(EventWish.from_id, EventWish.to_id, EventWish.wish).where(
        EventWish.event_id == event_id, or_(EventWish.from_id == own, EventWish.to_id == own)
    )
    rows = session.execute(query).all()
    said = {to_id: wish for from_id, to_id, wish in rows if from_id == own}
    return said, {from_id for from_id, _, wish in rows if from_id != own and wish is not Wish.NO}


def _fits(
    session: Session, own: uuid.UUID, others: Collection[uuid.UUID]
) -> tuple[set[uuid.UUID], dict[uuid.UUID, float]]:
    """Return who is paired with a company, and the model's scores; owners of needs who hide their name stay hidden."""
    is_shown = Need.is_owner_shown.is_(True)
    pairings = select(Pairing.demand_id, Pairing.supplier_id, Pairing.score, Need.is_owner_shown).join(
        Need, Need.id == Pairing.need_id
    )
    pairings = pairings.where(
        or_(
            and_(Pairing.demand_id == own, Pairing.supplier_id.in_(others)),
            and_(Pairing.supplier_id == own, Pairing.demand_id.in_(others)),
        )
    )
    paired, scores = set[uuid.UUID](), defaultdict[Any, float](float)
    for demand, supplier, score, is_named in session.execute(pairings):
        if is_named or demand == own:
            other = supplier if demand == own else demand
            paired.add(other)
            scores[other] = max(scores[other], float(score))
    for demand, supplier, score in session.execute(_suggested(own, others, is_shown)):
        other = supplier if demand == own else demand
        scores[other] = max(scores[other], float(score))
    return paired, dict(scores)


def _suggested(own: uuid.UUID, others: Collection[uuid.UUID], is_shown: Any) -> Select[Any]:
    return (
        select(Need.organization_id, Suggestion.supplier_id, Suggestion.score)
        .join(Need, Need.id == Suggestion.need_id)
        .where(
            Suggestion.state.in_((SuggestionState.SUGGESTED, SuggestionState.APPROVED)),
            or_(
                and_(Need.organization_id == own, Suggestion.supplier_id.in_(others)),
                and_(Suggestion.supplier_id == own, Need.organization_id.in_(others), is_shown),
            ),
        )
    )


def _counts(session: Session, event_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[Role, int]]:
    query = (
        select(Participant.event_id, Participant.role, func.count())
        .where(Participant.event_id.in_(event_ids), Participant.withdrawn_at.is_(None))
        .group_by(Participant.event_id, Participant.role)
    )
    found: dict[uuid.UUID, dict[Role, int]] = defaultdict(dict)
    for event_id, role, number in session.execute(query):
        found[event_id][role] = number
    return found


def _registration(row: Participant | None) -> Registration | None:
    if row is None:
        return None
    return Registration(row.role, row.most_meetings, frozenset(row.busy_slots), row.offer, row.withdrawn_at is not None)


def _line(row: Participant, **said: Any) -> ParticipantLine:
    return ParticipantLine(
        organization_id=row.organization_id,
        name=row.organization.legal_name_zh,
        city_code=row.organization.city_code,
        role=row.role,
        offer=row.offer,
        most_meetings=row.most_meetings,
        n_busy=len(row.busy_slots),
        **said,
    )
