"""Roles: changing them, handing over, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.accounts.models import Membership, Organization, User
from app.audit.models import AuditEvent
from app.core.actor import MemberRole
from tests.factories.accounts import OrganizationFactory, UserFactory

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

PEOPLE = "/workspace/company/people"


@pytest.fixture
def company(session: Session) -> Organization:
    organization: Organization = OrganizationFactory()
    return organization


@pytest.fixture
def owner(company: Organization) -> User:
    user: User = UserFactory(organization=company, role=MemberRole.OWNER, locale="en")
    return user


@pytest.fixture
def editor(company: Organization) -> User:
    user: User = UserFactory(organization=company, role=MemberRole.EDITOR, locale="en")
    return user


def role_of(session: Session, user: User) -> MemberRole | None:
    session.expire_all()
    return session.scalar(select(Membership.role).where(Membership.user_id == user.id))


def set_role(client: FlaskClient, user: User, role: str) -> Any:
    return client.post(f"{PEOPLE}/{user.membership.id}/role", data={"role": role})


def test_an_owner_promotes(client, session, login, owner, editor) -> None:
    answer = set_role(login(client, owner), editor, "owner")

    assert answer.status_code == 303
    assert role_of(session, editor) is MemberRole.OWNER


def test_a_change_of_role_is_on_the_audit_trail(client, session, login, owner, editor) -> None:
    set_role(login(client, owner), editor, "viewer")

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "member.change_role")).one()
    assert event.details == {"before": "editor", "after": "viewer"}


def test_the_same_role_again_changes_and_records_nothing(client, session, login, owner, editor) -> None:
    answer = set_role(login(client, owner), editor, "editor")

    assert answer.status_code == 303
    assert session.scalars(select(AuditEvent).where(AuditEvent.action == "member.change_role")).all() == []


def test_an_editor_promotes_nobody(client, session, login, owner, editor) -> None:
    answer = set_role(login(client, editor), editor, "owner")

    assert answer.status_code == 403
    assert role_of(session, editor) is MemberRole.EDITOR


def test_an_unknown_role_is_refused(client, session, login, owner, editor) -> None:
    assert set_role(login(client, owner), editor, "emperor").status_code == 422


def test_the_last_owner_cannot_become_editor(client, session, login, owner) -> None:
    answer = set_role(login(client, owner), owner, "editor")

    assert answer.status_code == 409
    assert "An organisation needs an owner." in answer.text
    assert role_of(session, owner) is MemberRole.OWNER


def test_one_of_two_owners_can_step_back(client, session, login, company, owner) -> None:
    UserFactory(organization=company, role=MemberRole.OWNER)

    set_role(login(client, owner), owner, "viewer")

    assert role_of(session, owner) is MemberRole.VIEWER


def test_members_of_others_are_out_of_reach(client, session, login, owner) -> None:
    stranger = UserFactory(organization=OrganizationFactory())

    assert set_role(login(client, owner), stranger, "viewer").status_code == 404


def test_an_owner_removes_a_member_whose_account_stays(client, session, login, owner, editor) -> None:
    answer = login(client, owner).post(f"{PEOPLE}/{editor.membership.id}/remove")

    assert answer.status_code == 303
    assert role_of(session, editor) is None
    assert session.get(User, editor.id) is not None


def test_the_last_owner_cannot_be_removed(client, session, login, owner) -> None:
    answer = login(client, owner).post(f"{PEOPLE}/{owner.membership.id}/remove")

    assert answer.status_code == 409


def test_removing_somebody_twice_is_answered_once(client, session, login, owner, editor) -> None:
    address = f"{PEOPLE}/{editor.membership.id}/remove"
    login(client, owner).post(address)

    assert client.post(address).status_code == 404


def test_a_member_leaves(client, session, login, owner, editor) -> None:
    answer = login(client, editor).post(f"{PEOPLE}/leave")

    assert answer.location == "/workspace/company/new"
    assert role_of(session, editor) is None


def test_the_last_owner_cannot_leave(client, session, login, owner, editor) -> None:
    answer = login(client, owner).post(f"{PEOPLE}/leave")

    assert answer.status_code == 409
    assert "Make somebody else owner first." in answer.text


def test_whoever_belongs_nowhere_cannot_leave(client, session, login) -> None:
    assert login(client, UserFactory()).post(f"{PEOPLE}/leave").status_code == 404


def test_the_organisation_is_handed_over_in_one_step(client, session, login, owner, editor) -> None:
    answer = login(client, owner).post(f"{PEOPLE}/{editor.membership.id}/transfer")

    assert answer.status_code == 303
    assert role_of(session, editor) is MemberRole.OWNER
    assert role_of(session, owner) is MemberRole.EDITOR


def test_nobody_hands_over_to_themselves(client, session, login, owner) -> None:
    assert login(client, owner).post(f"{PEOPLE}/{owner.membership.id}/transfer").status_code == 409


def test_an_editor_hands_nothing_over(client, session, login, owner, editor) -> None:
    assert login(client, editor).post(f"{PEOPLE}/{owner.membership.id}/transfer").status_code == 403


@pytest.mark.parametrize("event", ["role", "remove", "transfer"])
def test_strangers_are_asked_to_log_in(client, session, owner, event) -> None:
    answer = client.post(f"{PEOPLE}/{owner.membership.id}/{event}")

    assert answer.status_code == 302
    assert answer.location.startswith("/account/login")
