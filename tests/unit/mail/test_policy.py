from __future__ import annotations

import uuid

import pytest

from app.core.actor import ANONYMOUS, Actor, MemberRole, StaffRole
from app.mail import policy as mail
from app.notifications import policy as notifications
from app.outbox import policy as outbox

AUTHORITY = Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.PROVINCIAL_AUTHORITY}))
OPERATOR = Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.OPERATOR}))
SUPERVISOR = Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.SUPERVISOR}))
OWNER = Actor(user_id=uuid.uuid4(), member_role=MemberRole.OWNER, organization_id=uuid.uuid4())
READING = (mail.can_read_log, notifications.can_preview_digests, outbox.can_read_jobs)
ACTING = (mail.can_resend, notifications.can_send_digests, outbox.can_retry)


@pytest.mark.parametrize("rule", READING)
@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(AUTHORITY, True), (OPERATOR, True), (SUPERVISOR, True), (OWNER, False), (ANONYMOUS, False)],
)
def test_the_whole_desk_looks(rule, actor: Actor, allowed: bool) -> None:
    assert bool(rule(actor)) is allowed


@pytest.mark.parametrize("rule", ACTING)
@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(AUTHORITY, True), (OPERATOR, True), (SUPERVISOR, False), (OWNER, False), (ANONYMOUS, False)],
)
def test_supervisors_do_not_act(rule, actor: Actor, allowed: bool) -> None:
    assert bool(rule(actor)) is allowed


@pytest.mark.parametrize("rule", READING + ACTING)
def test_a_refusal_has_a_reason(rule) -> None:
    assert rule(OWNER).reason.endswith(".")
