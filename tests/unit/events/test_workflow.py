"""Every state of events and meetings under every event."""

from __future__ import annotations

from itertools import product

import pytest

from app.core.errors import Conflict
from app.events.workflow import (
    EVENT_WORKFLOW,
    MEETING_WORKFLOW,
    EventEvent,
    EventState,
    MeetingEvent,
    MeetingState,
)

E, M = EventState, MeetingState
EVENT_ARROWS = {
    (E.DRAFT, EventEvent.OPEN): E.OPEN,
    (E.OPEN, EventEvent.PUBLISH): E.SCHEDULED,
    (E.SCHEDULED, EventEvent.HOLD): E.HELD,
    (E.DRAFT, EventEvent.CANCEL): E.CANCELLED,
    (E.OPEN, EventEvent.CANCEL): E.CANCELLED,
    (E.SCHEDULED, EventEvent.CANCEL): E.CANCELLED,
}
MEETING_ARROWS = {
    (M.PROPOSED, MeetingEvent.ACCEPT): M.SET,
    (M.PROPOSED, MeetingEvent.DECLINE): M.DECLINED,
    (M.PROPOSED, MeetingEvent.COUNTER): M.PROPOSED,
    (M.PROPOSED, MeetingEvent.CANCEL): M.CANCELLED,
    (M.SET, MeetingEvent.COUNTER): M.PROPOSED,
    (M.SET, MeetingEvent.CANCEL): M.CANCELLED,
    (M.SET, MeetingEvent.PLACE): M.SET,
    (M.CANCELLED, MeetingEvent.PLACE): M.SET,
}
NO_EVENT_ARROWS = sorted(set(product(EventState, EventEvent)) - EVENT_ARROWS.keys())
NO_MEETING_ARROWS = sorted(set(product(MeetingState, MeetingEvent)) - MEETING_ARROWS.keys())


@pytest.mark.parametrize(("state", "event"), sorted(EVENT_ARROWS))
def test_an_event_goes_on(state: EventState, event: EventEvent) -> None:
    assert EVENT_WORKFLOW.step(state, event) is EVENT_ARROWS[state, event]


@pytest.mark.parametrize(("state", "event"), NO_EVENT_ARROWS)
def test_an_event_goes_no_other_way(state: EventState, event: EventEvent) -> None:
    with pytest.raises(Conflict):
        EVENT_WORKFLOW.step(state, event)


@pytest.mark.parametrize(("state", "event"), sorted(MEETING_ARROWS))
def test_a_meeting_goes_on(state: MeetingState, event: MeetingEvent) -> None:
    assert MEETING_WORKFLOW.step(state, event) is MEETING_ARROWS[state, event]


@pytest.mark.parametrize(("state", "event"), NO_MEETING_ARROWS)
def test_a_meeting_goes_no_other_way(state: MeetingState, event: MeetingEvent) -> None:
    with pytest.raises(Conflict):
        MEETING_WORKFLOW.step(state, event)
