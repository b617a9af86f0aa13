"""How an event and a meeting proceed (domain §2.3)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class EventState(StrEnum):
    """Where an event stands."""

    DRAFT = "draft"
    OPEN = "open"
    """Public; companies register and say whom they want to meet."""
    SCHEDULED = "scheduled"
    """The schedule has been published and invitations have gone out."""
    HELD = "held"
    CANCELLED = "cancelled"


class EventEvent(StrEnum):
    """What happens to an event."""

    OPEN = "open"
    PUBLISH = "publish"
    HOLD = "hold"
    CANCEL = "cancel"


EVENT_WORKFLOW = Workflow(
    initial=EventState.DRAFT,
    arrows={
        (EventState.DRAFT, EventEvent.OPEN): EventState.OPEN,
        (EventState.OPEN, EventEvent.PUBLISH): EventState.SCHEDULED,
        (EventState.SCHEDULED, EventEvent.HOLD): EventState.HELD,
        (EventState.DRAFT, EventEvent.CANCEL): EventState.CANCELLED,
        (EventState.OPEN, EventEvent.CANCEL): EventState.CANCELLED,
        (EventState.SCHEDULED, EventEvent.CANCEL): EventState.CANCELLED,
    },
)


class MeetingState(StrEnum):
    """Where a meeting stands."""

    PROPOSED = "proposed"
    """One company has named times; the other has not answered."""
    SET = "set"
    """Time and place are fixed."""
    DECLINED = "declined"
    CANCELLED = "cancelled"


class MeetingEvent(StrEnum):
    """What happens to a meeting; ``PLACE`` is what a schedule does, the others are what people do."""

    ACCEPT = "accept"
    DECLINE = "decline"
    COUNTER = "counter"
    """Other times are proposed instead, before or after an agreement."""
    CANCEL = "cancel"
    PLACE = "place"


MEETING_WORKFLOW = Workflow(
    initial=MeetingState.PROPOSED,
    arrows={
        (MeetingState.PROPOSED, MeetingEvent.ACCEPT): MeetingState.SET,
        (MeetingState.PROPOSED, MeetingEvent.DECLINE): MeetingState.DECLINED,
        (MeetingState.PROPOSED, MeetingEvent.COUNTER): MeetingState.PROPOSED,
        (MeetingState.PROPOSED, MeetingEvent.CANCEL): MeetingState.CANCELLED,
        (MeetingState.SET, MeetingEvent.COUNTER): MeetingState.PROPOSED,
        (MeetingState.SET, MeetingEvent.CANCEL): MeetingState.CANCELLED,
        (MeetingState.SET, MeetingEvent.PLACE): MeetingState.SET,
        (MeetingState.CANCELLED, MeetingEvent.PLACE): MeetingState.SET,
    },
)


class MeetingKind(StrEnum):
    """Whether an event's schedule or the two companies set the time."""

    EVENT = "event"
    PERSONAL = "personal"


class Role(StrEnum):
    """What a company is at an event: exhibitors sit at tables, visitors come to them."""

    EXHIBITOR = "exhibitor"
    VISITOR = "visitor"


class Wish(StrEnum):
    """What one participant says of another."""

    MUST = "must"
    LIKE = "like"
    NO = "no"


class RunState(StrEnum):
    """How far the computation of a schedule has come."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    """Fixed meetings contradict each other, or the event changed too often meanwhile."""
