"""Who proposes, confirms, objects and decides."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from app.awards import policy
from app.core.actor import ANONYMOUS, Actor, Capacity, MemberRole, StaffRole
from app.demands.workflow import PostingMode

OWNER_ID, FIRM = uuid.uuid4(), uuid.uuid4()
EDITOR = Actor(
    user_id=uuid.uuid4(),
    organization_id=FIRM,
    member_role=MemberRole.EDITOR,
    capacities=frozenset({Capacity.SUPPLY}),
    is_verified=True,
)
POSER = replace(EDITOR, organization_id=OWNER_ID)
STAFF = {role: Actor(user_id=uuid.uuid4(), roles=frozenset({role})) for role in StaffRole}
OFFICER = STAFF[StaffRole.PROVINCIAL_AUTHORITY]
OTHERS = [actor for role, actor in STAFF.items() if role is not StaffRole.PROVINCIAL_AUTHORITY]


def test_the_challenge_owner_proposes_for_an_own_challenge() -> None:
    assert policy.can_propose(POSER, owner_id=OWNER_ID, mode=PostingMode.ENTERPRISE_POSED)


@pytest.mark.parametrize("actor", [EDITOR, replace(POSER, member_role=MemberRole.VIEWER), OFFICER, *OTHERS])
def test_nobody_else_proposes_for_it(actor: Actor) -> None:
    assert not policy.can_propose(actor, owner_id=OWNER_ID, mode=PostingMode.ENTERPRISE_POSED)


@pytest.mark.parametrize(("actor", "may"), [(OFFICER, True), (POSER, False), *((one, False) for one in OTHERS)])
def test_the_authority_proposes_for_a_government_task(actor: Actor, may: bool) -> None:
    assert bool(policy.can_propose(actor, owner_id=OWNER_ID, mode=PostingMode.GOVERNMENT_TASK)) is may


def test_the_authority_confirms_what_somebody_else_proposed() -> None:
    assert policy.can_confirm(OFFICER, proposed_by=uuid.uuid4())


def test_nobody_confirms_an_own_proposal() -> None:
    assert OFFICER.user_id is not None
    assert not policy.can_confirm(OFFICER, proposed_by=OFFICER.user_id)


@pytest.mark.parametrize("actor", [ANONYMOUS, POSER, EDITOR, *OTHERS])
def test_nobody_but_the_authority_decides(actor: Actor) -> None:
    assert not policy.can_decide(actor)
    assert not policy.can_confirm(actor, proposed_by=uuid.uuid4())


def test_an_objection_is_upheld_by_another_officer_than_the_one_who_found_it_right() -> None:
    assert policy.can_uphold(OFFICER, proposed_by=uuid.uuid4())
    assert not policy.can_uphold(OFFICER, proposed_by=OFFICER.user_id)


def test_a_dismissal_is_looked_at_again_by_another_officer() -> None:
    assert policy.can_look_again(OFFICER, decided_by=uuid.uuid4())
    assert not policy.can_look_again(OFFICER, decided_by=OFFICER.user_id)


@pytest.mark.parametrize("actor", [ANONYMOUS, POSER, EDITOR, *OTHERS])
def test_nobody_but_the_authority_confirms_or_looks_again(actor: Actor) -> None:
    assert not policy.can_uphold(actor, proposed_by=None)
    assert not policy.can_look_again(actor, decided_by=None)


def test_an_award_is_replaced_by_another_officer_than_the_one_who_made_it() -> None:
    assert policy.can_replace(OFFICER, awarded_by=uuid.uuid4())
    assert not policy.can_replace(OFFICER, awarded_by=OFFICER.user_id)


def test_a_verified_company_objects() -> None:
    assert policy.can_object(EDITOR, owner_id=OWNER_ID)


@pytest.mark.parametrize(
    ("actor", "way_out"),
    [
        (ANONYMOUS, "security.login"),
        (OFFICER, "company.new"),
        (replace(EDITOR, is_verified=False), "company.verification"),
        (replace(EDITOR, member_role=MemberRole.VIEWER), "company.people"),
        (POSER, ""),
    ],
)
def test_who_cannot_object_is_told_why(actor: Actor, way_out: str) -> None:
    decision = policy.can_object(actor, owner_id=OWNER_ID)

    assert not decision
    assert decision.reason
    assert decision.way_out == way_out


@pytest.mark.parametrize("actor", [EDITOR, OFFICER, STAFF[StaffRole.SUPERVISOR]])
def test_its_company_the_authority_and_the_supervisor_read_an_objection(actor: Actor) -> None:
    assert policy.can_read_objection(actor, organization_id=FIRM)


@pytest.mark.parametrize("actor", [POSER, ANONYMOUS, STAFF[StaffRole.OPERATOR], STAFF[StaffRole.EXPERT]])
def test_nobody_else_learns_who_objects(actor: Actor) -> None:
    assert not policy.can_read_objection(actor, organization_id=FIRM)
