from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from app.accounts import policy
from app.core.actor import ANONYMOUS, Actor, MemberRole, StaffRole

HOME, ELSEWHERE = uuid.uuid4(), uuid.uuid4()
SINGLE = Actor(user_id=uuid.uuid4(), email="one@example.com")
OWNER = replace(SINGLE, organization_id=HOME, member_role=MemberRole.OWNER)
EDITOR = replace(OWNER, member_role=MemberRole.EDITOR)
VIEWER = replace(OWNER, member_role=MemberRole.VIEWER)
STRANGER = replace(OWNER, organization_id=ELSEWHERE)
AUTHORITY = replace(SINGLE, roles=frozenset({StaffRole.PROVINCIAL_AUTHORITY}))
OPERATOR = replace(SINGLE, roles=frozenset({StaffRole.OPERATOR}))
SUPERVISOR = replace(SINGLE, roles=frozenset({StaffRole.SUPERVISOR}))
EXPERT = replace(SINGLE, roles=frozenset({StaffRole.EXPERT}))


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(ANONYMOUS, False), (SINGLE, True), (EXPERT, True), (OWNER, False), (AUTHORITY, False), (OPERATOR, False)],
)
def test_only_people_without_an_organisation_found_one(actor, allowed) -> None:
    assert bool(policy.can_create_organization(actor)) is allowed


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(ANONYMOUS, False), (SINGLE, False), (OWNER, True), (EDITOR, True), (VIEWER, False), (STRANGER, False),
     (AUTHORITY, False)],
)  # fmt: skip
def test_the_profile_is_edited_by_owners_and_editors_of_the_organisation(actor, allowed) -> None:
    assert bool(policy.can_edit_organization(actor, HOME)) is allowed


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(ANONYMOUS, False), (SINGLE, False), (OWNER, True), (EDITOR, False), (VIEWER, False), (STRANGER, False),
     (AUTHORITY, False)],
)  # fmt: skip
def test_people_are_managed_by_owners_of_the_organisation(actor, allowed) -> None:
    assert bool(policy.can_manage_people(actor, HOME)) is allowed


@pytest.mark.parametrize("actor", [SINGLE, ANONYMOUS])
def test_nobody_edits_the_organisation_that_nobody_belongs_to(actor) -> None:
    assert not policy.can_edit_organization(actor, None)
    assert not policy.can_manage_people(actor, None)


@pytest.mark.parametrize(
    ("role", "n_owners", "allowed"),
    [
        (MemberRole.OWNER, 1, False),
        (MemberRole.OWNER, 2, True),
        (MemberRole.EDITOR, 1, True),
        (MemberRole.VIEWER, 1, True),
    ],
)
def test_the_last_owner_stays(role, n_owners, allowed) -> None:
    assert bool(policy.can_lose_role(role, n_owners=n_owners)) is allowed


@pytest.mark.parametrize(
    ("actor", "is_verified", "is_waiting", "allowed"),
    [
        (OWNER, False, False, True),
        (EDITOR, False, False, True),
        (VIEWER, False, False, False),
        (STRANGER, False, False, False),
        (OWNER, True, False, False),
        (OWNER, False, True, False),
    ],
)
def test_verification_is_asked_for_once_at_a_time(actor, is_verified, is_waiting, allowed) -> None:
    decision = policy.can_request_verification(actor, HOME, is_verified=is_verified, is_waiting=is_waiting)

    assert bool(decision) is allowed


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(AUTHORITY, True), (OPERATOR, True), (SUPERVISOR, True), (EXPERT, False), (OWNER, False), (ANONYMOUS, False)],
)
def test_requests_are_read_at_the_desk(actor, allowed) -> None:
    assert bool(policy.can_read_verifications(actor)) is allowed


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(AUTHORITY, True), (OPERATOR, False), (SUPERVISOR, False), (EXPERT, False), (OWNER, False), (ANONYMOUS, False)],
)
def test_the_provincial_authority_alone_decides(actor, allowed) -> None:
    assert bool(policy.can_decide_verification(actor)) is allowed


def test_every_refusal_says_why() -> None:
    refusals = [
        policy.can_create_organization(OWNER),
        policy.can_edit_organization(VIEWER, HOME),
        policy.can_manage_people(EDITOR, HOME),
        policy.can_lose_role(MemberRole.OWNER, n_owners=1),
        policy.can_decide_verification(OPERATOR),
    ]

    assert all(refusal.reason.endswith(".") for refusal in refusals)
