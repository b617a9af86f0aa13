"""Inviting people by e-mail."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts.models import Invitation, Membership, Organization, User
from app.audit.models import AuditEvent
from app.core.actor import MemberRole
from tests.factories.accounts import InvitationFactory, OrganizationFactory, UserFactory
from tests.support.clock import NOON
from tests.support.mailbox import link_in, templates_to, text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

PEOPLE = "/workspace/company/people"
INVITATIONS = "/workspace/company/invitations"
GUEST = "guest@example.com"


@pytest.fixture
def company(session: Session) -> Organization:
    organization: Organization = OrganizationFactory(legal_name_zh="深圳市邀请电子有限公司")
    return organization


@pytest.fixture
def owner(company: Organization) -> User:
    user: User = UserFactory(organization=company, role=MemberRole.OWNER, locale="en")
    return user


@pytest.fixture
def guest(session: Session) -> User:
    user: User = UserFactory(email=GUEST, locale="en")
    return user


def invite(client: FlaskClient, email: str = GUEST, role: str = "editor") -> Any:
    return client.post(PEOPLE, data={"email": email, "role": role})


def role_of(session: Session, user: User) -> MemberRole | None:
    session.expire_all()
    return session.scalar(select(Membership.role).where(Membership.user_id == user.id))


def test_an_invitation_is_mailed(client, session, login, owner) -> None:
    answer = invite(login(client, owner))

    assert answer.status_code == 303
    assert templates_to(session, GUEST) == ["invitation"]
    assert "深圳市邀请电子有限公司" in text_of(session, "invitation")


def test_strangers_are_led_to_the_registration(client, session, login, owner) -> None:
    invite(login(client, owner))

    assert link_in(session, "invitation", "http") == "/account/register"


def test_people_with_an_account_are_led_to_the_invitation(client, session, login, owner, guest) -> None:
    invite(login(client, owner))

    assert link_in(session, "invitation", "http") == "/workspace/company/new"


@pytest.mark.parametrize("role", list(MemberRole))
def test_an_accepted_invitation_gives_the_role_it_named(client, session, login, company, guest, role) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST, role=role)

    answer = login(client, guest).post(f"{INVITATIONS}/{invitation.id}/accept")

    assert (answer.status_code, answer.location) == (303, "/workspace/")
    assert role_of(session, guest) is role


def test_the_invited_find_their_invitation_where_they_found_an_organisation(
    client, login, page, company, guest
) -> None:
    InvitationFactory(organization=company, email=GUEST)
    login(client, guest)

    assert "深圳市邀请电子有限公司 invites you" in page("/workspace/company/new")


def test_an_address_in_capitals_is_the_same_address(client, session, login, owner, guest) -> None:
    invite(login(client, owner), email=" Guest@EXAMPLE.com ")

    assert session.scalar(select(Invitation.email)) == GUEST


def test_nobody_accepts_the_invitation_of_another_address(client, session, login, company) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST)
    other = UserFactory()

    answer = login(client, other).post(f"{INVITATIONS}/{invitation.id}/accept")

    assert answer.status_code == 404
    assert role_of(session, other) is None


def test_an_invitation_is_accepted_once(client, login, company, guest) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST)
    address = f"{INVITATIONS}/{invitation.id}/accept"
    login(client, guest).post(address)

    page = client.post(address)

    assert page.status_code == 409
    assert "This invitation has been accepted already." in page.text


def test_an_expired_invitation_is_refused(client, session, login, company, guest) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST, expires_at=NOON)

    page = login(client, guest).post(f"{INVITATIONS}/{invitation.id}/accept")

    assert page.status_code == 409
    assert "This invitation has expired." in page.text
    assert role_of(session, guest) is None


def test_an_invitation_is_good_for_fourteen_days(client, session, login, owner) -> None:
    invite(login(client, owner))

    assert session.scalar(select(Invitation.expires_at)) == NOON + dt.timedelta(days=14)


def test_a_member_of_another_organisation_leaves_first(client, session, login, company) -> None:
    member = UserFactory(email=GUEST, organization=OrganizationFactory(), locale="en")
    invitation = InvitationFactory(organization=company, email=GUEST)

    page = login(client, member).post(f"{INVITATIONS}/{invitation.id}/accept")

    assert page.status_code == 409
    assert "Leave it first." in page.text


def test_a_member_elsewhere_sees_the_invitation_and_how_to_get_there(client, login, page, company) -> None:
    member = UserFactory(email=GUEST, organization=OrganizationFactory(), locale="en")
    InvitationFactory(organization=company, email=GUEST)
    login(client, member)

    text = page("/workspace/company/")

    assert "深圳市邀请电子有限公司 invites you" in text
    assert "Leave yours before you accept." in text


def test_a_declined_invitation_is_gone(client, session, login, company, guest) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST)
    login(client, guest).post(f"{INVITATIONS}/{invitation.id}/decline")

    assert client.post(f"{INVITATIONS}/{invitation.id}/accept").status_code == 409
    assert "invites you" not in client.get("/workspace/company/new").text


def test_nobody_declines_for_others(client, login, company) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST)

    assert login(client, UserFactory()).post(f"{INVITATIONS}/{invitation.id}/decline").status_code == 404


def test_an_owner_takes_an_invitation_back(client, session, login, company, owner, guest) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST)
    login(client, owner).post(f"{INVITATIONS}/{invitation.id}/revoke")

    page = login(client, guest).post(f"{INVITATIONS}/{invitation.id}/accept")

    assert page.status_code == 409
    assert "This invitation has been taken back." in page.text


def test_an_editor_takes_nothing_back(client, login, company) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST)
    editor = UserFactory(organization=company)

    assert login(client, editor).post(f"{INVITATIONS}/{invitation.id}/revoke").status_code == 403


def test_owners_of_others_find_no_such_invitation(client, login, company) -> None:
    invitation = InvitationFactory(organization=company, email=GUEST)
    other = UserFactory(organization=OrganizationFactory(), role=MemberRole.OWNER)

    assert login(client, other).post(f"{INVITATIONS}/{invitation.id}/revoke").status_code == 404


def test_an_editor_invites_nobody(client, session, login, company) -> None:
    editor = UserFactory(organization=company)

    assert invite(login(client, editor)).status_code == 403
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Enter an e-mail address."),
        ("no address", "This is not an e-mail address."),
        ("<script>alert(1)</script>", "This is not an e-mail address."),
        ("x" * 300 + "@example.com", "At most 254 characters."),
        ("a@example.com\r\nBcc: all@example.com", "This is not an e-mail address."),
    ],
)
def test_what_is_no_address_is_told_beside_the_field(client, login, owner, email, message) -> None:
    page = invite(login(client, owner), email=email)

    assert page.status_code == 422
    assert message in page.text
    assert "<script>alert(1)" not in page.text


def test_a_member_is_not_invited_again(client, login, company, owner) -> None:
    member = UserFactory(organization=company)

    page = invite(login(client, owner), email=member.email)

    assert page.status_code == 422
    assert "This person is a member already." in page.text


def test_an_open_invitation_is_not_doubled(client, session, login, owner) -> None:
    invite(login(client, owner))

    page = invite(client)

    assert page.status_code == 422
    assert "This address has an open invitation already." in page.text
    assert templates_to(session, GUEST) == ["invitation"]


def test_an_expired_invitation_gives_way_to_a_new_one(client, session, login, company, owner) -> None:
    InvitationFactory(organization=company, email=GUEST, expires_at=NOON - dt.timedelta(days=1))

    answer = invite(login(client, owner))

    assert answer.status_code == 303
    assert session.scalar(select(func.count()).select_from(Invitation)) == 2


def test_an_unknown_role_is_refused(client, session, login, owner) -> None:
    page = invite(login(client, owner), role="emperor")

    assert page.status_code == 422
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0


def test_fifty_open_invitations_are_enough(client, login, company, owner) -> None:
    InvitationFactory.create_batch(50, organization=company, invited_by=owner.id)

    page = invite(login(client, owner))

    assert page.status_code == 422
    assert "Too many invitations are open." in page.text


def test_the_list_marks_what_has_expired(client, login, page, company, owner) -> None:
    InvitationFactory(organization=company, email=GUEST)
    login(client, owner)

    with time_machine.travel(NOON + dt.timedelta(days=7), tick=False):
        login(client, owner)
        text = page(PEOPLE)

    assert "badge--expired" in text


def test_every_step_is_on_the_audit_trail(client, session, login, owner, guest) -> None:
    invite(login(client, owner))
    invitation_id = session.scalar(select(Invitation.id))
    login(client, guest).post(f"{INVITATIONS}/{invitation_id}/accept")

    actions = session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_id == invitation_id).order_by(AuditEvent.seq)
    )
    assert list(actions) == ["invitation.send", "invitation.accept"]
