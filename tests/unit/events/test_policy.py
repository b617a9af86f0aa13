"""Who may do what with events and meetings."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from app.core.actor import ANONYMOUS, Actor, MemberRole, StaffRole
from app.events import policy
from app.events.workflow import EventState, MeetingState
from tests.support.clock import NOON

OWN, OTHER, THIRD = (uuid.UUID(int=number) for number in (1, 2, 3))
MEMBER = Actor(user_id=uuid.UUID(int=9), organization_id=OWN, member_role=MemberRole.EDITOR, is_verified=True)
VIEWER = replace(MEMBER, member_role=MemberRole.VIEWER)
UNVERIFIED = replace(MEMBER, is_verified=False)
STRANGER = replace(MEMBER, organization_id=THIRD)
OFFICER = Actor(user_id=uuid.UUID(int=8), roles=frozenset({StaffRole.PROVINCIAL_AUTHORITY}))
OPERATOR = Actor(user_id=uuid.UUID(int=8), roles=frozenset({StaffRole.OPERATOR}))
SUPERVISOR = Actor(user_id=uuid.UUID(int=8), roles=frozenset({StaffRole.SUPERVISOR}))
PARTIES = {"host_id": OWN, "guest_id": OTHER}
WINDOW: dict[str, Any] = {
    "state": EventState.OPEN,
    "registers_from": NOON - dt.timedelta(days=1),
    "registers_until": NOON + dt.timedelta(days=1),
    "now": NOON,
}
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("actor", "may"), [(OFFICER, True), (OPERATOR, True), (SUPERVISOR, False), (MEMBER, False), (ANONYMOUS, False)]
)
def test_the_desk_runs_events(actor: Actor, may: bool) -> None:
    assert bool(policy.can_manage(actor)) is may
    assert bool(policy.can_compute(actor, state=EventState.OPEN)) is may


@pytest.mark.parametrize(
    ("state", "was_public", "may"),
    [
        (EventState.DRAFT, False, False),
        (EventState.OPEN, True, True),
        (EventState.SCHEDULED, True, True),
        (EventState.HELD, True, True),
        (EventState.CANCELLED, True, True),
        (EventState.CANCELLED, False, False),
    ],
)
def test_everybody_reads_what_was_announced(state: EventState, was_public: bool, may: bool) -> None:
    assert bool(policy.can_read(ANONYMOUS, state=state, was_public=was_public)) is may
    assert policy.can_read(SUPERVISOR, state=state, was_public=was_public)


@pytest.mark.parametrize("state", [one for one in EventState if one is not EventState.DRAFT])
def test_an_announced_event_keeps_its_days(state: EventState) -> None:
    assert policy.can_change(OFFICER, state=EventState.DRAFT)
    assert not policy.can_change(OFFICER, state=state)


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"state": EventState.SCHEDULED}, False),
        ({"now": NOON - dt.timedelta(days=2)}, False),
        ({"now": NOON + dt.timedelta(days=1)}, False),
    ],
)
def test_companies_register_in_the_window(changes: dict[str, Any], may: bool) -> None:
    assert bool(policy.can_register(MEMBER, **{**WINDOW, **changes})) is may


@pytest.mark.parametrize(
    ("actor", "way_out"),
    [(VIEWER, "company.people"), (UNVERIFIED, "company.verification"), (OFFICER, "company.new")],
)
def test_who_cannot_register_is_told_the_way_out(actor: Actor, way_out: str) -> None:
    decision = policy.can_register(actor, **WINDOW)

    assert not decision
    assert decision.way_out == way_out


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"state": EventState.SCHEDULED}, False),
        ({"registers_until": NOON + HOUR}, False),
        ({"n_meetings": 0}, False),
        ({"n_embargoed": 1}, False),
    ],
)
def test_a_schedule_is_published_once_after_registration(changes: dict[str, Any], may: bool) -> None:
    given = {
        "state": EventState.OPEN,
        "registers_until": NOON,
        "n_meetings": 3,
        "n_embargoed": 0,
        "now": NOON,
        **changes,
    }

    assert bool(policy.can_publish(OPERATOR, **given)) is may


def test_the_side_that_proposed_does_not_answer() -> None:
    answer = {"proposed_by": OWN, "state": MeetingState.PROPOSED, **PARTIES}

    assert not policy.can_answer(MEMBER, **answer)
    assert policy.can_answer(replace(MEMBER, organization_id=OTHER), **answer)


@pytest.mark.parametrize("state", [one for one in MeetingState if one is not MeetingState.PROPOSED])
def test_only_proposals_are_answered(state: MeetingState) -> None:
    assert not policy.can_answer(MEMBER, proposed_by=OTHER, state=state, **PARTIES)


@pytest.mark.parametrize("actor", [STRANGER, VIEWER, UNVERIFIED, OFFICER])
def test_nobody_else_acts_for_the_two_companies(actor: Actor) -> None:
    assert not policy.can_act(actor, **PARTIES)
    assert not policy.can_propose(actor, is_introduced=True, **PARTIES)


def test_meetings_need_an_introduction() -> None:
    assert policy.can_propose(MEMBER, is_introduced=True, **PARTIES)
    assert not policy.can_propose(MEMBER, is_introduced=False, **PARTIES)


def test_a_meeting_is_read_by_its_companies_once_they_were_told() -> None:
    assert policy.can_read_meeting(VIEWER, is_announced=True, **PARTIES)
    assert not policy.can_read_meeting(VIEWER, is_announced=False, **PARTIES)
    assert not policy.can_read_meeting(STRANGER, is_announced=True, **PARTIES)


@pytest.mark.parametrize(
    ("state", "starts_at", "may"),
    [
        (MeetingState.SET, NOON, True),
        (MeetingState.SET, NOON + HOUR, False),
        (MeetingState.CANCELLED, NOON, False),
        (MeetingState.PROPOSED, None, False),
    ],
)
def test_the_outcome_is_said_once_the_meeting_has_begun(
    state: MeetingState, starts_at: dt.datetime | None, may: bool
) -> None:
    assert bool(policy.can_record(MEMBER, state=state, starts_at=starts_at, now=NOON, **PARTIES)) is may


def test_figures_are_for_the_desk() -> None:
    assert policy.can_see_figures(SUPERVISOR)
    assert not policy.can_see_figures(MEMBER)
