from __future__ import annotations

import uuid

import pytest

from app.core.actor import Actor, MemberRole, StaffRole
from app.demands.workflow import PostingMode
from app.reviews import policy

ME, FIRM = uuid.uuid4(), uuid.uuid4()


def _staff(role: StaffRole) -> Actor:
    return Actor(user_id=ME, roles=frozenset({role}))


def _member(role: MemberRole) -> Actor:
    return Actor(user_id=ME, organization_id=FIRM, member_role=role)


R = StaffRole


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (policy.can_manage_experts, {R.PROVINCIAL_AUTHORITY, R.OPERATOR}),
        (policy.can_check_format, {R.PROVINCIAL_AUTHORITY, R.OPERATOR}),
        (policy.can_schedule, {R.PROVINCIAL_AUTHORITY, R.OPERATOR}),
        (policy.can_lead, {R.PROVINCIAL_AUTHORITY}),
        (policy.sees_bids, {R.PROVINCIAL_AUTHORITY, R.SUPERVISOR}),
        (policy.can_read_reviews, {R.PROVINCIAL_AUTHORITY, R.OPERATOR, R.SUPERVISOR, R.AUDIT_ADMIN}),
    ],
)
def test_each_role_does_and_sees_its_own(rule: object, allowed: set[StaffRole]) -> None:
    assert {role for role in R if rule(_staff(role))} == allowed  # type: ignore[operator]


def test_nobody_signs_what_they_prepared() -> None:
    officer = _staff(R.PROVINCIAL_AUTHORITY)

    assert policy.can_sign_format(officer, prepared_by=uuid.uuid4())
    assert not policy.can_sign_format(officer, prepared_by=ME)
    assert not policy.can_sign_format(_staff(R.OPERATOR), prepared_by=None)


@pytest.mark.parametrize(
    ("actor", "user_id", "owner_id", "allowed"),
    [
        (_staff(R.EXPERT), ME, FIRM, True),
        (_staff(R.EXPERT), uuid.uuid4(), FIRM, False),
        (_member(MemberRole.EDITOR), None, FIRM, True),
        (_member(MemberRole.VIEWER), None, FIRM, False),
        (_member(MemberRole.OWNER), None, uuid.uuid4(), False),
    ],
)
def test_a_seat_is_its_holders(actor: Actor, user_id: uuid.UUID | None, owner_id: uuid.UUID, allowed: bool) -> None:
    assert bool(policy.can_sit(actor, user_id=user_id, owner_id=owner_id)) is allowed


@pytest.mark.parametrize(
    ("method", "mode", "allowed"),
    [
        ("panel", PostingMode.GOVERNMENT_TASK, True),
        ("owner", PostingMode.ENTERPRISE_POSED, True),
        ("owner", PostingMode.GOVERNMENT_TASK, False),
    ],
)
def test_only_a_companys_challenge_is_judged_by_its_owner(method: str, mode: PostingMode, allowed: bool) -> None:
    assert bool(policy.can_use_method(method, mode)) is allowed
