"""Who may see and set group robots."""

from __future__ import annotations

import uuid

import pytest

from app.core.actor import ANONYMOUS, Actor, MemberRole, StaffRole
from app.robots import policy
from app.robots.models import GroupRobot
from tests.support.clock import NOON

COMPANY, OTHER = uuid.uuid4(), uuid.uuid4()


def member(role: MemberRole, company: uuid.UUID = COMPANY) -> Actor:
    return Actor(user_id=uuid.uuid4(), organization_id=company, member_role=role)


OFFICER = Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.PROVINCIAL_AUTHORITY}))
OWNER, EDITOR, VIEWER = (member(role) for role in (MemberRole.OWNER, MemberRole.EDITOR, MemberRole.VIEWER))
STRANGER = member(MemberRole.OWNER, OTHER)
ROBOT = GroupRobot(organization_id=COMPANY)


@pytest.mark.parametrize(
    ("actor", "sees", "sets", "changes"),
    [
        (ANONYMOUS, False, False, False),
        (OFFICER, False, False, False),
        (VIEWER, True, False, False),
        (EDITOR, True, True, True),
        (OWNER, True, True, True),
        (STRANGER, True, True, False),
    ],
)
def test_a_company_sets_its_own_robots(actor: Actor, sees: bool, sets: bool, changes: bool) -> None:
    asked = (policy.can_see(actor), policy.can_set(actor), policy.can_change(actor, ROBOT))

    assert tuple(bool(one) for one in asked) == (sees, sets, changes)


@pytest.mark.parametrize("decide", [policy.can_see, policy.can_set, lambda actor: policy.can_change(actor, ROBOT)])
def test_a_refusal_names_its_reason(decide) -> None:
    assert decide(ANONYMOUS).reason


@pytest.mark.parametrize(("n_robots", "may"), [(0, True), (2, True), (3, False)])
def test_three_robots_are_enough(n_robots: int, may: bool) -> None:
    assert bool(policy.can_add(OWNER, n_robots)) is may


@pytest.mark.parametrize(
    ("off_at", "is_trying", "may"), [(None, False, True), (None, True, False), (NOON, False, False)]
)
def test_a_robot_that_is_on_is_tried_one_message_at_a_time(off_at, is_trying: bool, may: bool) -> None:
    robot = GroupRobot(organization_id=COMPANY, off_at=off_at)

    assert bool(policy.can_try(EDITOR, robot, is_trying=is_trying)) is may
