"""Who decides suggestions and who answers pairings."""

from __future__ import annotations

import uuid

import pytest

from app.core.actor import ANONYMOUS, SYSTEM, Actor, MemberRole, StaffRole
from app.matchmaking import policy
from app.matchmaking.workflow import PairingState, Side

DEMAND, SUPPLIER, STRANGER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
PARTIES = {"demand_id": DEMAND, "supplier_id": SUPPLIER}


def staff(role: StaffRole) -> Actor:
    return Actor(user_id=uuid.uuid4(), roles=frozenset({role}))


def member(organization_id: uuid.UUID, role: MemberRole = MemberRole.EDITOR, *, is_verified: bool = True) -> Actor:
    return Actor(user_id=uuid.uuid4(), organization_id=organization_id, member_role=role, is_verified=is_verified)


AUTHORITY, OPERATOR = staff(StaffRole.PROVINCIAL_AUTHORITY), staff(StaffRole.OPERATOR)
SUPERVISOR, EXPERT = staff(StaffRole.SUPERVISOR), staff(StaffRole.EXPERT)


@pytest.mark.parametrize(
    ("actor", "is_allowed"),
    [(AUTHORITY, True), (OPERATOR, True), (SUPERVISOR, True), (EXPERT, False), (member(DEMAND), False)],
)
def test_the_queue_is_open_to_the_desk(actor: Actor, is_allowed: bool) -> None:
    assert bool(policy.can_see_queue(actor)) is is_allowed


@pytest.mark.parametrize(
    ("actor", "is_allowed"),
    [(AUTHORITY, True), (OPERATOR, False), (SUPERVISOR, False), (SYSTEM, False), (member(DEMAND), False)],
)
def test_only_the_authority_decides(actor: Actor, is_allowed: bool) -> None:
    assert bool(policy.can_decide(actor)) is is_allowed


@pytest.mark.parametrize(
    ("actor", "is_allowed"),
    [(AUTHORITY, True), (OPERATOR, True), (SYSTEM, True), (SUPERVISOR, False), (ANONYMOUS, False)],
)
def test_the_desk_and_the_portal_start_a_computation(actor: Actor, is_allowed: bool) -> None:
    assert bool(policy.can_recompute(actor)) is is_allowed


@pytest.mark.parametrize(
    ("actor", "side"),
    [(member(DEMAND), Side.DEMAND), (member(SUPPLIER), Side.SUPPLY), (member(STRANGER), None), (AUTHORITY, None)],
)
def test_a_person_stands_on_the_side_of_the_company(actor: Actor, side: Side | None) -> None:
    assert policy.side_of(actor, **PARTIES) is side


@pytest.mark.parametrize(
    ("actor", "is_allowed"),
    [
        (member(DEMAND, MemberRole.VIEWER), True),
        (member(SUPPLIER), True),
        (SUPERVISOR, True),
        (member(STRANGER), False),
        (ANONYMOUS, False),
    ],
)
def test_a_pairing_is_read_by_its_parties_and_the_desk(actor: Actor, is_allowed: bool) -> None:
    assert bool(policy.can_read(actor, **PARTIES)) is is_allowed


@pytest.mark.parametrize(
    ("actor", "is_allowed"),
    [
        (member(DEMAND, MemberRole.OWNER), True),
        (member(SUPPLIER, MemberRole.EDITOR), True),
        (member(SUPPLIER, MemberRole.VIEWER), False),
        (member(DEMAND, is_verified=False), False),
        (member(STRANGER, MemberRole.OWNER), False),
        (AUTHORITY, False),
    ],
)
def test_a_pairing_is_answered_by_people_who_act_for_a_party(actor: Actor, is_allowed: bool) -> None:
    assert bool(policy.can_answer(actor, **PARTIES)) is is_allowed


def test_a_refused_answer_says_where_to_go() -> None:
    decision = policy.can_answer(member(DEMAND, is_verified=False), **PARTIES)

    assert (decision.reason, decision.way_out) == (
        "Your company has not been verified yet.",
        "company.verification",
    )


@pytest.mark.parametrize(
    ("state", "is_shown"),
    [
        (PairingState.PROPOSED, False),
        (PairingState.INTRODUCED, True),
        (PairingState.DECLINED, False),
        (PairingState.EXPIRED, False),
    ],
)
def test_contacts_appear_only_after_the_introduction(state: PairingState, is_shown: bool) -> None:
    assert policy.shows_contacts(state) is is_shown
