"""Who bids and who reads bids."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from app.bids import policy
from app.core.actor import ANONYMOUS, Actor, Capacity, MemberRole, StaffRole

FIRM, OTHER = uuid.uuid4(), uuid.uuid4()
EDITOR = Actor(
    user_id=uuid.uuid4(),
    organization_id=FIRM,
    member_role=MemberRole.EDITOR,
    capacities=frozenset({Capacity.SUPPLY}),
    is_verified=True,
)
OWNER = replace(EDITOR, member_role=MemberRole.OWNER)
VIEWER = replace(EDITOR, member_role=MemberRole.VIEWER)
UNVERIFIED = replace(EDITOR, is_verified=False)
MAKER = replace(EDITOR, capacities=frozenset({Capacity.DEMAND}))
STRANGER = replace(EDITOR, organization_id=OTHER)
STAFF = [Actor(user_id=uuid.uuid4(), roles=frozenset({role})) for role in StaffRole]


@pytest.mark.parametrize("actor", [EDITOR, OWNER])
def test_editors_and_owners_of_verified_chip_firms_bid(actor: Actor) -> None:
    assert policy.can_bid(actor)


@pytest.mark.parametrize("actor", [ANONYMOUS, VIEWER, UNVERIFIED, MAKER, *STAFF])
def test_nobody_else_bids(actor: Actor) -> None:
    decision = policy.can_bid(actor)

    assert not decision
    assert decision.reason


def test_an_unverified_firm_is_shown_the_way_to_verification() -> None:
    assert policy.can_bid(UNVERIFIED).way_out == "company.verification"


def test_a_firm_bids_for_the_challenge_of_another() -> None:
    assert policy.can_bid_for(EDITOR, owner_id=OTHER)


def test_nobody_bids_for_an_own_challenge() -> None:
    assert not policy.can_bid_for(EDITOR, owner_id=FIRM)


def test_an_editor_changes_the_bids_of_the_own_firm() -> None:
    assert policy.can_change(EDITOR, organization_id=FIRM)


@pytest.mark.parametrize("actor", [STRANGER, VIEWER, UNVERIFIED, *STAFF])
def test_nobody_else_changes_them(actor: Actor) -> None:
    assert not policy.can_change(actor, organization_id=FIRM)


@pytest.mark.parametrize("actor", [EDITOR, OWNER, VIEWER, UNVERIFIED])
def test_everybody_in_the_firm_reads_its_bids(actor: Actor) -> None:
    assert policy.can_read(actor, organization_id=FIRM)


@pytest.mark.parametrize("actor", [ANONYMOUS, STRANGER, *STAFF])
def test_nobody_outside_the_firm_reads_them_in_any_capacity(actor: Actor) -> None:
    assert not policy.can_read(actor, organization_id=FIRM)
