"""Who may keep, publish and read what of a sheet."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from app.catalog import policy
from app.catalog.workflow import ProductState
from app.core.actor import ANONYMOUS, Actor, Capacity, MemberRole, StaffRole

FIRM, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
TODAY = dt.date(2026, 11, 24)
EDITOR = Actor(
    user_id=uuid.UUID(int=9),
    organization_id=FIRM,
    member_role=MemberRole.EDITOR,
    capacities=frozenset({Capacity.SUPPLY}),
    is_verified=True,
)
OWNER = replace(EDITOR, member_role=MemberRole.OWNER)
VIEWER = replace(EDITOR, member_role=MemberRole.VIEWER)
UNVERIFIED = replace(EDITOR, is_verified=False)
MAKER = replace(EDITOR, capacities=frozenset({Capacity.DEMAND}))
OFFICER = Actor(user_id=uuid.UUID(int=8), roles=frozenset({StaffRole.PROVINCIAL_AUTHORITY}))
SUPERVISOR = Actor(user_id=uuid.UUID(int=7), roles=frozenset({StaffRole.SUPERVISOR}))
NEWCOMER = Actor(user_id=uuid.UUID(int=6))


@pytest.mark.parametrize(
    ("actor", "may"),
    [(EDITOR, True), (OWNER, True), (UNVERIFIED, True),
     (VIEWER, False), (MAKER, False), (OFFICER, False), (NEWCOMER, False), (ANONYMOUS, False)],
)  # fmt: skip
def test_editors_and_owners_of_chip_firms_keep_products(actor: Actor, may: bool) -> None:
    assert bool(policy.can_keep_products(actor)) is may


@pytest.mark.parametrize(
    ("actor", "may"),
    [(EDITOR, True), (OWNER, True), (UNVERIFIED, False), (VIEWER, False), (MAKER, False), (ANONYMOUS, False)],
)
def test_only_verified_firms_publish(actor: Actor, may: bool) -> None:
    assert bool(policy.can_publish(actor)) is may


@pytest.mark.parametrize(("organization_id", "may"), [(FIRM, True), (OTHER, False)])
def test_a_sheet_is_changed_by_its_own_firm_only(organization_id: uuid.UUID, may: bool) -> None:
    assert bool(policy.can_edit(EDITOR, organization_id)) is may


@pytest.mark.parametrize(
    ("actor", "state", "may"),
    [(ANONYMOUS, ProductState.PUBLISHED, True), (ANONYMOUS, ProductState.DRAFT, False),
     (ANONYMOUS, ProductState.ARCHIVED, False), (VIEWER, ProductState.DRAFT, True),
     (VIEWER, ProductState.ARCHIVED, True), (OFFICER, ProductState.DRAFT, False)],
)  # fmt: skip
def test_the_catalogue_is_public_and_the_rest_is_the_firms_own(actor: Actor, state: ProductState, may: bool) -> None:
    assert bool(policy.can_read(actor, FIRM, state)) is may


@pytest.mark.parametrize(
    ("actor", "may"),
    [(MAKER, True), (OFFICER, True), (SUPERVISOR, True), (NEWCOMER, False), (ANONYMOUS, False),
     (replace(MAKER, is_verified=False), False)],
)  # fmt: skip
def test_supply_facts_are_for_verified_companies_and_staff(actor: Actor, may: bool) -> None:
    assert bool(policy.can_read_supply_facts(actor, OTHER)) is may


def test_an_unverified_firm_reads_its_own_supply_facts() -> None:
    assert policy.can_read_supply_facts(UNVERIFIED, FIRM)


@pytest.mark.parametrize(
    ("actor", "is_introduced", "may"),
    [(MAKER, False, False), (MAKER, True, True), (OFFICER, False, True), (SUPERVISOR, False, False),
     (NEWCOMER, False, False), (ANONYMOUS, False, False)],
)  # fmt: skip
def test_confidential_facts_are_for_introduced_companies_and_the_authority(
    actor: Actor, is_introduced: bool, may: bool
) -> None:
    assert bool(policy.can_read_confidential_facts(actor, OTHER, is_introduced=is_introduced)) is may


def test_a_firm_reads_its_own_confidential_facts() -> None:
    assert policy.can_read_confidential_facts(UNVERIFIED, FIRM, is_introduced=False)


def test_whoever_is_not_logged_in_is_sent_to_the_login() -> None:
    assert policy.can_read_supply_facts(ANONYMOUS, FIRM).way_out == "security.login"


def test_whoever_is_not_verified_is_sent_to_the_company_page() -> None:
    assert policy.can_publish(UNVERIFIED).way_out == "company.show"


@pytest.mark.parametrize(
    ("confirmed_on", "is_stale"),
    [(TODAY, False), (TODAY - dt.timedelta(days=180), False), (TODAY - dt.timedelta(days=181), True), (None, True)],
)
def test_a_sheet_is_stale_after_180_days_without_confirmation(confirmed_on: dt.date | None, is_stale: bool) -> None:
    assert policy.is_stale(confirmed_on, TODAY) is is_stale
