"""Meetings as their two companies, and their calendars, see them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.events.models import CalendarFeed, Meeting, MeetingOutcome
from app.events.rules import NO_MEETING
from app.events.workflow import MeetingKind, MeetingState
from app.matchmaking.models import Pairing
from app.matchmaking.policy import can_read as can_read_pairing
from app.matchmaking.policy import shows_contacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

TABS = ("todo", "coming", "past", "ended")
KEPT = dt.timedelta(days=60)
"""How long past meetings stay in the calendar feed."""
MAX_FEED = 500


@dataclass(frozen=True, slots=True)
class OptionView:
    """A proposed time."""

    id: uuid.UUID
    starts_at: dt.datetime
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What one company says came of a meeting."""

    result: str
    rating: int | None
    next_step: str
    reasons: tuple[str, ...]
    note: str
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A meeting as one of its companies sees it."""

    id: uuid.UUID
    kind: MeetingKind
    state: MeetingState
    sequence: int
    event_id: uuid.UUID | None
    event_title_zh: str
    event_title_en: str
    pairing_id: uuid.UUID | None
    host_id: uuid.UUID
    guest_id: uuid.UUID
    own_name: str
    other_name: str
    topic: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None
    time_zone: str
    place: str
    video_url: str
    message: str
    reason: str
    proposed_by: uuid.UUID | None
    is_own_proposal: bool
    options: Sequence[OptionView] = ()
    has_outcome: bool = False

    @property
    def awaits_own_answer(self) -> bool:
        """Whether the reader's company has still to answer."""
        return self.state is MeetingState.PROPOSED and not self.is_own_proposal

    def event_title(self, locale: object) -> str:
        """Return the title of the event in the language of the page."""
        return self.event_title_en if str(locale) == "en" and self.event_title_en else self.event_title_zh

    def title(self, locale: object) -> str:
        """Return what the meeting is about: its topic, or the event it belongs to."""
        return self.topic or self.event_title(locale)

    def needs_outcome(self, now: dt.datetime) -> bool:
        """Whether the meeting is over and the reader's company has not said what came of it."""
        is_over = self.ends_at is not None and self.ends_at <= now
        return self.state is MeetingState.SET and is_over and not self.has_outcome


def my_meetings(session: Session, *, actor: Actor, tab: str, now: dt.datetime, page: int) -> Page[MeetingView]:
    """Return one page of the meetings of the actor's company, in four queries."""
    latest = Meeting.starts_at.desc() if tab in ("past", "ended") else Meeting.starts_at
    query = _of(actor.organization_id).where(_in_tab(tab, actor, now)).order_by(latest, Meeting.id)
    found = paginate(session, query, number=page)
    told = _told(session, actor, [meeting.id for meeting in found.items])
    return found.map(lambda meeting: to_view(meeting, actor, has_outcome=meeting.id in told))


def tab_counts(session: Session, *, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Return how many meetings stand under each tab, in one query."""
    sums = [func.count().filter(_in_tab(tab, actor, now)).label(tab) for tab in TABS]
    row = session.execute(select(*sums).where(_is_of(actor.organization_id))).one()
    return dict(zip(TABS, row, strict=True))


def meeting_page(session: Session, *, actor: Actor, meeting_id: uuid.UUID) -> MeetingView:
    """Return one meeting; raise NotFound for everybody but its two companies."""
    query = _of(actor.organization_id).where(Meeting.id == meeting_id).options(selectinload(Meeting.options))
    meeting = session.scalars(query).unique().one_or_none()
    if meeting is None:
        raise NotFound(NO_MEETING, code="meeting_not_found")
    told = _told(session, actor, [meeting.id])
    options = [OptionView(one.id, one.starts_at, one.ends_at) for one in meeting.options]
    return to_view(meeting, actor, options=options, has_outcome=meeting.id in told)


def own_outcome(session: Session, *, actor: Actor, meeting_id: uuid.UUID) -> OutcomeView | None:
    """Return what the actor's company has said of a meeting; what the other side said stays with the desk."""
    query = select(MeetingOutcome).where(
        MeetingOutcome.meeting_id == meeting_id, MeetingOutcome.organization_id == actor.organization_id
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    return OutcomeView(row.result, row.rating, row.next_step, tuple(row.reasons), row.note, row.updated_at)


def waiting(session: Session, *, actor: Actor, now: dt.datetime, limit: int = 20) -> list[MeetingView]:
    """Return the meetings that wait for the actor's company: proposals to answer, outcomes to tell, in one query."""
    query = _of(actor.organization_id).where(_in_tab("todo", actor, now)).order_by(Meeting.starts_at, Meeting.id)
    return [to_view(meeting, actor) for meeting in session.scalars(query.limit(limit)).unique()]


def of_event(session: Session, *, actor: Actor, event_id: uuid.UUID) -> list[MeetingView]:
    """Return the meetings of the actor's company at an event, in the order of time."""
    query = _of(actor.organization_id).where(Meeting.event_id == event_id, Meeting.state == MeetingState.SET)
    rows = session.scalars(query.order_by(Meeting.starts_at, Meeting.id)).unique()
    return [to_view(meeting, actor) for meeting in rows]


def of_pairing(session: Session, *, actor: Actor, pairing_id: uuid.UUID) -> list[MeetingView]:
    """Return the meetings of a pairing, newest first."""
    query = _of(actor.organization_id).where(Meeting.pairing_id == pairing_id)
    rows = session.scalars(query.order_by(Meeting.created_at.desc(), Meeting.id).limit(20)).unique()
    return [to_view(meeting, actor) for meeting in rows]


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The pairing for which a meeting is to be proposed."""

    pairing_id: uuid.UUID
    title: str
    other_name: str
    host_id: uuid.UUID
    guest_id: uuid.UUID
    is_introduced: bool


def counterpart(session: Session, *, actor: Actor, pairing_id: uuid.UUID) -> Counterpart:
    """Return whom a proposal would go to; raise NotFound for everybody but the pairing's companies."""
    query = select(Pairing).where(Pairing.id == pairing_id)
    loaded = (joinedload(Pairing.need), joinedload(Pairing.demand), joinedload(Pairing.supplier))
    pairing = session.scalars(query.options(*loaded)).unique().one_or_none()
    parties = {} if pairing is None else {"demand_id": pairing.demand_id, "supplier_id": pairing.supplier_id}
    if pairing is None or actor.organization_id is None or not can_read_pairing(actor, **parties):
        raise NotFound("There is no such pairing.", code="not_found")
    is_introduced = shows_contacts(pairing.state)
    other = pairing.supplier if actor.belongs_to(pairing.demand_id) else pairing.demand
    return Counterpart(
        pairing_id=pairing.id,
        title=pairing.need.title,
        other_name=other.legal_name_zh if is_introduced else "",
        host_id=pairing.demand_id,
        guest_id=pairing.supplier_id,
        is_introduced=is_introduced,
    )


def feed_generation(session: Session, user_id: uuid.UUID | None) -> int:
    """Return which calendar address of a person counts; the first until it was renewed."""
    return session.scalar(select(CalendarFeed.generation).where(CalendarFeed.user_id == user_id)) or 1


def feed(session: Session, *, user_id: uuid.UUID, generation: int, now: dt.datetime) -> tuple[Actor, list[MeetingView]]:
    """Return whose calendar an address is, and its meetings, past ones for a while.

    Raises NotFound for an address that was renewed since, and for people who left.
    """
    person = session.scalars(select(User).where(User.id == user_id)).unique().one_or_none()
    if person is None or not person.active or generation != feed_generation(session, user_id):
        raise NotFound("This calendar address is no longer in use.", code="feed_gone")
    actor = person.as_actor()
    if actor.organization_id is None:
        return actor, []
    query = _of(actor.organization_id).where(
        Meeting.state == MeetingState.SET, Meeting.announced.is_not(None), Meeting.ends_at > now - KEPT
    )
    rows = session.scalars(query.order_by(Meeting.starts_at, Meeting.id).limit(MAX_FEED)).unique()
    return actor, [to_view(meeting, actor) for meeting in rows]


def to_view(
    meeting: Meeting, actor: Actor, *, options: Sequence[OptionView] = (), has_outcome: bool = False
) -> MeetingView:
    """Return a meeting with companies and event loaded as the actor's company sees it."""
    is_host = actor.belongs_to(meeting.host_id)
    own, other = (meeting.host, meeting.guest) if is_host else (meeting.guest, meeting.host)
    return MeetingView(
        id=meeting.id,
        kind=meeting.kind,
        state=meeting.state,
        sequence=meeting.sequence,
        event_id=meeting.event_id,
        event_title_zh=meeting.event.title_zh if meeting.event else "",
        event_title_en=meeting.event.title_en if meeting.event else "",
        pairing_id=meeting.pairing_id,
        host_id=meeting.host_id,
        guest_id=meeting.guest_id,
        own_name=own.legal_name_zh,
        other_name=other.legal_name_zh,
        topic=meeting.topic,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        time_zone=meeting.time_zone,
        place=meeting.place,
        video_url=meeting.video_url,
        message=meeting.message,
        reason=meeting.reason,
        proposed_by=meeting.proposed_by,
        is_own_proposal=actor.belongs_to(meeting.proposed_by),
        options=options,
        has_outcome=has_outcome,
    )


def _is_of(organization_id: uuid.UUID | None) -> Any:
    mine = or_(Meeting.host_id == organization_id, Meeting.guest_id == organization_id)
    return and_(mine, Meeting.announced.is_not(None))


def _of(organization_id: uuid.UUID | None) -> Select[tuple[Meeting]]:
    return (
        select(Meeting)
        .where(_is_of(organization_id))
        .options(
            joinedload(Meeting.host, innerjoin=True),
            joinedload(Meeting.guest, innerjoin=True),
            joinedload(Meeting.event),
        )
    )


def _in_tab(tab: str, actor: Actor, now: dt.datetime) -> Any:
    own = select(MeetingOutcome.id).where(
        MeetingOutcome.meeting_id == Meeting.id, MeetingOutcome.organization_id == actor.organization_id
    )
    to_answer = and_(Meeting.state == MeetingState.PROPOSED, Meeting.proposed_by != actor.organization_id)
    to_tell = and_(Meeting.state == MeetingState.SET, Meeting.ends_at <= now, ~own.exists())
    if tab == "todo":
        return or_(to_answer, to_tell)
    if tab == "coming":
        waits = and_(Meeting.state == MeetingState.PROPOSED, Meeting.proposed_by == actor.organization_id)
        return or_(and_(Meeting.state == MeetingState.SET, Meeting.ends_at > now), waits)
    if tab == "past":
        return and_(Meeting.state == MeetingState.SET, Meeting.ends_at <= now, own.exists())
    return Meeting.state.in_((MeetingState.DECLINED, MeetingState.CANCELLED))


def _told(session: Session, actor: Actor, meeting_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    query = select(MeetingOutcome.meeting_id).where(
        MeetingOutcome.meeting_id.in_(meeting_ids), MeetingOutcome.organization_id == actor.organization_id
    )
    return set(session.scalars(query))
