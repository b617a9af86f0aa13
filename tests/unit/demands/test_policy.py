"""Who drafts, submits, ends, reviews and reads."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from app.core.actor import ANONYMOUS, SYSTEM, Actor, Capacity, MemberRole, StaffRole
from app.demands import policy
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from app.core.policy import Decision

OWN, OTHER = uuid.uuid4(), uuid.uuid4()
DEMAND, SUPPLY = frozenset({Capacity.DEMAND}), frozenset({Capacity.SUPPLY})


def member(
    organization_id: uuid.UUID = OWN,
    role: MemberRole = MemberRole.EDITOR,
    *,
    sides: frozenset[Capacity] = DEMAND,
    is_verified: bool = True,
) -> Actor:
    return Actor(
        user_id=uuid.uuid4(),
        organization_id=organization_id,
        member_role=role,
        capacities=sides,
        is_verified=is_verified,
    )


def staff(role: StaffRole) -> Actor:
    return Actor(user_id=uuid.uuid4(), roles=frozenset({role}))


EDITOR, VIEWER, BOSS = member(), member(role=MemberRole.VIEWER), member(role=MemberRole.OWNER)
UNVERIFIED, CHIP_FIRM, STRANGER = member(is_verified=False), member(sides=SUPPLY), member(OTHER)
LONER = Actor(user_id=uuid.uuid4())
AUTHORITY, OPERATOR = staff(StaffRole.PROVINCIAL_AUTHORITY), staff(StaffRole.OPERATOR)
SUPERVISOR, EXPERT = staff(StaffRole.SUPERVISOR), staff(StaffRole.EXPERT)
PUBLIC = [
    PostingState.PUBLISHED, PostingState.CLOSED, PostingState.SUSPENDED, PostingState.EVALUATING,
    PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD,
]  # fmt: skip
HANDED_IN = [
    PostingState.SUBMITTED, PostingState.RETURNED, PostingState.RECOMMENDED, PostingState.APPRAISING,
    PostingState.APPROVED, PostingState.REJECTED, PostingState.CANCELLED,
]  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (EDITOR, True),
        (BOSS, True),
        (UNVERIFIED, True),
        (VIEWER, False),
        (CHIP_FIRM, False),
        (LONER, False),
        (ANONYMOUS, False),
        (AUTHORITY, False),
        (OPERATOR, False),
        (SYSTEM, False),
    ],
)
def test_editors_of_terminal_makers_draft(actor: Actor, allowed: bool) -> None:
    assert bool(policy.can_draft(actor)) is allowed


@pytest.mark.parametrize(
    ("actor", "way_out"),
    [(LONER, "company.new"), (CHIP_FIRM, "company.show"), (VIEWER, "company.people")],
)
def test_who_may_not_draft_learns_where_to_go(actor: Actor, way_out: str) -> None:
    decision = policy.can_draft(actor)

    assert decision.reason
    assert decision.way_out == way_out


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(EDITOR, True), (BOSS, True), (UNVERIFIED, False), (VIEWER, False), (STRANGER, False), (AUTHORITY, False),
     (ANONYMOUS, False)],
)  # fmt: skip
def test_only_verified_companies_submit_their_own(actor: Actor, allowed: bool) -> None:
    assert bool(policy.can_submit(actor, organization_id=OWN)) is allowed


def test_an_unverified_company_is_sent_to_its_verification() -> None:
    assert policy.can_submit(UNVERIFIED, organization_id=OWN).way_out == "company.verification"


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(EDITOR, True), (UNVERIFIED, True), (VIEWER, False), (STRANGER, False), (AUTHORITY, False)],
)
def test_editors_end_their_own(actor: Actor, allowed: bool) -> None:
    assert bool(policy.can_end(actor, organization_id=OWN)) is allowed


@pytest.mark.parametrize("state", PostingState)
def test_a_text_changes_as_a_draft_or_after_it_was_returned_only(state: PostingState) -> None:
    decision: Decision = policy.can_edit(EDITOR, organization_id=OWN, state=state)

    assert bool(decision) is (state in ("draft", "returned"))


@pytest.mark.parametrize("actor", [STRANGER, VIEWER, AUTHORITY, ANONYMOUS])
def test_nobody_else_changes_a_draft(actor: Actor) -> None:
    assert not policy.can_edit(actor, organization_id=OWN, state=PostingState.DRAFT)


@pytest.mark.parametrize(
    ("actor", "sees", "decides"),
    [
        (AUTHORITY, True, True),
        (OPERATOR, True, False),
        (SUPERVISOR, True, False),
        (EXPERT, False, False),
        (EDITOR, False, False),
        (ANONYMOUS, False, False),
    ],
)
def test_the_desk_sees_the_queue_and_the_authority_decides(actor: Actor, sees: bool, decides: bool) -> None:
    assert bool(policy.can_see_queue(actor)) is sees
    assert bool(policy.can_review(actor)) is decides


def test_an_operator_learns_why_the_buttons_are_missing() -> None:
    assert policy.can_review(OPERATOR).reason == "Only the authority publishes or returns postings."


@pytest.mark.parametrize("state", PUBLIC)
@pytest.mark.parametrize("actor", [ANONYMOUS, STRANGER, EDITOR, OPERATOR])
def test_everybody_reads_what_is_public(actor: Actor, state: PostingState) -> None:
    assert policy.can_read(actor, organization_id=OWN, state=state)


@pytest.mark.parametrize("state", HANDED_IN)
@pytest.mark.parametrize(
    ("actor", "allowed"),
    [(EDITOR, True), (VIEWER, True), (AUTHORITY, True), (OPERATOR, True), (SUPERVISOR, True), (STRANGER, False),
     (EXPERT, False), (ANONYMOUS, False)],
)  # fmt: skip
def test_company_and_desk_read_what_was_handed_in(actor: Actor, allowed: bool, state: PostingState) -> None:
    assert bool(policy.can_read(actor, organization_id=OWN, state=state)) is allowed


@pytest.mark.parametrize(
    ("actor", "allowed"), [(EDITOR, True), (VIEWER, True), (AUTHORITY, False), (OPERATOR, False), (STRANGER, False)]
)
def test_only_the_company_reads_its_drafts(actor: Actor, allowed: bool) -> None:
    assert bool(policy.can_read(actor, organization_id=OWN, state=PostingState.DRAFT)) is allowed


@pytest.mark.parametrize(
    ("actor", "owner", "verified", "confidential"),
    [
        (ANONYMOUS, False, False, False),
        (LONER, False, False, False),
        (member(OTHER, is_verified=False), False, False, False),
        (STRANGER, False, True, False),
        (EXPERT, False, False, False),
        (UNVERIFIED, True, True, True),
        (VIEWER, True, True, True),
        (OPERATOR, True, True, False),
        (SUPERVISOR, True, True, False),
        (AUTHORITY, True, True, True),
    ],
)
def test_what_each_reader_sees_of_a_need_with_a_hidden_owner(
    actor: Actor, owner: bool, verified: bool, confidential: bool
) -> None:
    assert policy.sees_owner(actor, organization_id=OWN, is_owner_shown=False) is owner
    assert policy.sees_verified_part(actor, organization_id=OWN) is verified
    assert policy.sees_confidential_part(actor, organization_id=OWN) is confidential


def test_a_shown_owner_is_shown_to_everybody() -> None:
    assert policy.sees_owner(ANONYMOUS, organization_id=OWN, is_owner_shown=True)
