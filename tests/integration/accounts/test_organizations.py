"""Founding an organisation and keeping its profile."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from app.accounts import service
from app.accounts.commands import LabelClaim, SaveOrganization
from app.accounts.models import Membership, Organization, OrganizationCategory, OrganizationLabel
from app.audit.models import AuditEvent
from app.core.actor import Capacity, MemberRole
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.db import transaction
from tests.factories.accounts import OrganizationFactory, UserFactory, VerificationFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

COMMAND = SaveOrganization(
    legal_name_zh="深圳市新桥传感技术有限公司",
    name_en="Xinqiao Sensing",
    uscc="91440300MA5XX00149",
    other_registration="",
    org_type="enterprise",
    capacities=frozenset({Capacity.SUPPLY}),
    region_code="440305",
    industry_code="6520",
    established_on=dt.date(2020, 1, 2),
    registered_capital_wan=Decimal(500),
    employees=120,
    rnd_staff=80,
    revenue_band_wan="2000-10000",
    profile="一家做传感器的公司。",
    legal_rep="林见山",
    agent_name="周渡",
    agent_post="总监",
    agent_mobile="13912345678",
    agent_email="zhou@example.com",
    categories=frozenset({"C1101", "T0701"}),
    labels=(LabelClaim("hnte", dt.date(2027, 1, 1)),),
)


def found(user: Any, **changes: Any) -> Organization:
    with transaction() as session:
        return service.create_organization(
            session, actor=user.as_actor(), command=replace(COMMAND, **changes), now=NOON
        )


def save(user: Any, organization: Organization, **changes: Any) -> Organization:
    with transaction() as session:
        return service.save_organization(
            session,
            actor=user.as_actor(),
            organization_id=organization.id,
            command=replace(COMMAND, **changes),
            now=NOON,
        )


def test_the_founder_owns_the_organisation(session, app) -> None:
    user = UserFactory()

    with app.app_context():
        organization = found(user)

    role = session.scalar(select(Membership.role).where(Membership.user_id == user.id))
    assert role is MemberRole.OWNER
    assert not organization.is_verified


def test_city_and_size_class_are_computed(session, app) -> None:
    with app.app_context():
        organization = found(UserFactory())

    assert organization.city_code == "440300"
    assert organization.size_class == "medium"


def test_categories_and_labels_are_kept(session, app) -> None:
    with app.app_context():
        organization = found(UserFactory())

    codes = session.scalars(
        select(OrganizationCategory.code).where(OrganizationCategory.organization_id == organization.id)
    )
    labels = session.scalars(select(OrganizationLabel.code).where(OrganizationLabel.organization_id == organization.id))
    assert set(codes) == {"C1101", "T0701"}
    assert list(labels) == ["hnte"]


def test_founding_is_on_the_audit_trail(session, app) -> None:
    with app.app_context():
        organization = found(UserFactory())

    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == organization.id))
    assert list(actions) == ["organization.create"]


def test_a_member_of_one_organisation_founds_no_second(session, app) -> None:
    user = UserFactory(organization=OrganizationFactory())

    with app.app_context(), pytest.raises(NotAllowed):
        found(user)


def test_somebody_who_has_just_joined_founds_none(session, app) -> None:
    user = UserFactory()
    actor_of_before = user.as_actor()
    UserFactory(organization=(organization := OrganizationFactory()))
    session.add(Membership(user_id=user.id, organization_id=organization.id, role=MemberRole.EDITOR))
    session.commit()

    with app.app_context(), pytest.raises(Conflict), transaction() as writing:
        service.create_organization(writing, actor=actor_of_before, command=COMMAND, now=NOON)


def test_a_wrong_check_character_is_accepted_for_manual_review(session, app) -> None:
    with app.app_context():
        organization = found(UserFactory(), uscc="91440300MA5XX0014X")

    assert organization.uscc == "91440300MA5XX0014X"


def test_a_code_is_kept_in_capitals_without_blanks(session, app) -> None:
    with app.app_context():
        organization = found(UserFactory(), uscc="9144 0300 ma5x x001 49")

    assert organization.uscc == "91440300MA5XX00149"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"uscc": ""}, "uscc"),
        ({"uscc": "12345"}, "uscc"),
        ({"uscc": "91440300192203821I"}, "uscc"),
        ({"org_type": "public_institution"}, "uscc"),
        ({"uscc": "", "org_type": "foreign"}, "other_registration"),
        ({"region_code": "999999"}, "region_code"),
        ({"capacities": frozenset()}, "capacities"),
        ({"established_on": dt.date(2026, 11, 25)}, "established_on"),
        ({"rnd_staff": 121}, "rnd_staff"),
    ],
)
def test_a_broken_rule_is_told_beside_its_field(session, app, changes, field) -> None:
    with app.app_context(), pytest.raises(RuleViolation) as refusal:
        found(UserFactory(), **changes)

    assert refusal.value.field == field
    assert session.scalar(select(func.count()).select_from(Organization)) == 0


def test_an_organisation_from_abroad_needs_no_credit_code(session, app) -> None:
    with app.app_context():
        organization = found(
            UserFactory(), uscc="", other_registration="HK-1234567", org_type="hk_macao", region_code="810000"
        )

    assert organization.uscc is None


def test_a_credit_code_stands_once_on_the_portal(session, app) -> None:
    OrganizationFactory(uscc="91440300MA5XX00149")

    with app.app_context(), pytest.raises(RuleViolation) as refusal:
        found(UserFactory())

    assert refusal.value.code == "uscc_taken"


def test_an_editor_changes_the_profile(session: Session, app) -> None:
    organization = OrganizationFactory(unverified=True)
    editor = UserFactory(organization=organization)

    with app.app_context():
        save(editor, organization, profile="新的介绍")

    session.expire_all()
    assert session.get(Organization, organization.id).profile == "新的介绍"


def test_the_audit_trail_names_the_changed_fields_and_no_values(session, app) -> None:
    editor = UserFactory(organization=OrganizationFactory(unverified=True))
    organization = editor.membership.organization
    with app.app_context():
        save(editor, organization)
        save(editor, organization, agent_mobile="13800000000")

    details = session.scalars(
        select(AuditEvent.details).where(AuditEvent.action == "organization.save").order_by(AuditEvent.seq.desc())
    ).first()
    assert details == {"fields": ["agent_mobile"]}


def test_a_viewer_changes_nothing(session, app) -> None:
    organization = OrganizationFactory(unverified=True)
    viewer = UserFactory(organization=organization, role=MemberRole.VIEWER)

    with app.app_context(), pytest.raises(NotAllowed):
        save(viewer, organization)


def test_nobody_changes_the_organisation_of_others(session, app) -> None:
    organization = OrganizationFactory(unverified=True)
    stranger = UserFactory(organization=OrganizationFactory(), role=MemberRole.OWNER)

    with app.app_context(), pytest.raises(NotAllowed):
        save(stranger, organization)


IDENTITY = [
    ({"legal_name_zh": "另一个名字有限公司"}, "legal_name_zh"),
    ({"uscc": "91440400MA4XX0020W"}, "uscc"),
    ({"legal_rep": "别人"}, "legal_rep"),
]


def given_profile(**attributes: Any) -> Organization:
    organization: Organization = OrganizationFactory(
        legal_name_zh=COMMAND.legal_name_zh, uscc=COMMAND.uscc, legal_rep=COMMAND.legal_rep, **attributes
    )
    return organization


@pytest.mark.parametrize(("changes", "field"), IDENTITY)
def test_what_has_been_verified_cannot_be_changed(session, app, changes, field) -> None:
    organization = given_profile()
    owner = UserFactory(organization=organization, role=MemberRole.OWNER)

    with app.app_context(), pytest.raises(RuleViolation) as refusal:
        save(owner, organization, **changes)

    assert refusal.value.field == field


@pytest.mark.parametrize(("changes", "field"), IDENTITY)
def test_what_is_being_verified_cannot_be_changed(session, app, changes, field) -> None:
    organization = given_profile(unverified=True)
    VerificationFactory(organization=organization)
    owner = UserFactory(organization=organization, role=MemberRole.OWNER)

    with app.app_context(), pytest.raises(RuleViolation) as refusal:
        save(owner, organization, **changes)

    assert refusal.value.field == field


def test_the_rest_of_a_verified_profile_can_be_changed(session, app) -> None:
    organization = given_profile()
    owner = UserFactory(organization=organization, role=MemberRole.OWNER)

    with app.app_context():
        saved = save(owner, organization, employees=400, revenue_band_wan=">=100000")

    assert saved.size_class == "large"


def test_saving_again_keeps_categories_that_stay(session, app) -> None:
    organization = given_profile(unverified=True)
    owner = UserFactory(organization=organization, role=MemberRole.OWNER)

    with app.app_context():
        save(owner, organization)
        save(owner, organization, categories=frozenset({"C1101", "C0202"}), labels=())

    codes = session.scalars(
        select(OrganizationCategory.code).where(OrganizationCategory.organization_id == organization.id)
    )
    assert set(codes) == {"C1101", "C0202"}
    assert session.scalar(select(func.count()).select_from(OrganizationLabel)) == 0
