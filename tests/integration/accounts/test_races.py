"""Two people at the same button, at the same moment, on a real database."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.accounts import service
from app.accounts.models import Invitation, Membership, Organization, Verification
from app.accounts.workflow import VerificationEvent, VerificationState
from app.core.actor import MemberRole
from tests.factories.accounts import InvitationFactory, OrganizationFactory, UserFactory, VerificationFactory, officer
from tests.integration.accounts.test_organizations import COMMAND
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes

pytestmark = pytest.mark.real_clock


def test_two_officers_decide_once(own_app, own_session) -> None:
    request = VerificationFactory()
    first, second = officer().as_actor(), officer().as_actor()

    def decide(actor, event):
        return lambda session: service.decide_verification(
            session,
            actor=actor,
            organization_id=request.organization_id,
            verification_id=request.id,
            event=event,
            reason="The name differs.",
            now=NOON,
        )

    refused = at_once(own_app, decide(first, VerificationEvent.VERIFY), decide(second, VerificationEvent.REJECT))

    assert outcomes(refused) == ["Conflict", "done"]
    own_session.expire_all()
    state = own_session.get(Verification, request.id).state
    is_verified = own_session.get(Organization, request.organization_id).is_verified
    assert is_verified is (state is VerificationState.VERIFIED)


def test_two_owners_who_demote_each_other_leave_one(own_app, own_session) -> None:
    company = OrganizationFactory()
    first = UserFactory(organization=company, role=MemberRole.OWNER)
    second = UserFactory(organization=company, role=MemberRole.OWNER)

    def demote(actor, user):
        membership_id = user.membership.id
        return lambda session: service.change_role(
            session, actor=actor, membership_id=membership_id, role=MemberRole.VIEWER
        )

    refused = at_once(own_app, demote(first.as_actor(), second), demote(second.as_actor(), first))

    assert outcomes(refused) == ["Conflict", "done"]
    owners = select(func.count()).select_from(Membership).where(Membership.role == MemberRole.OWNER)
    assert own_session.scalar(owners) == 1


def test_two_owners_who_leave_leave_one(own_app, own_session) -> None:
    company = OrganizationFactory()
    first = UserFactory(organization=company, role=MemberRole.OWNER).as_actor()
    second = UserFactory(organization=company, role=MemberRole.OWNER).as_actor()

    refused = at_once(own_app, lambda s: service.leave(s, actor=first), lambda s: service.leave(s, actor=second))

    assert outcomes(refused) == ["Conflict", "done"]


def test_an_invitation_is_accepted_or_taken_back_but_not_both(own_app, own_session) -> None:
    company = OrganizationFactory()
    owner = UserFactory(organization=company, role=MemberRole.OWNER).as_actor()
    guest = UserFactory(email="guest@example.com").as_actor()
    invitation_id = InvitationFactory(organization=company, email="guest@example.com").id

    refused = at_once(
        own_app,
        lambda s: service.accept_invitation(s, actor=guest, invitation_id=invitation_id, now=NOON),
        lambda s: service.revoke_invitation(s, actor=owner, invitation_id=invitation_id, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]
    own_session.expire_all()
    invitation = own_session.get(Invitation, invitation_id)
    assert (invitation.accepted_at is None) is (invitation.revoked_at is not None)


def test_a_double_click_joins_once(own_app, own_session) -> None:
    guest = UserFactory(email="guest@example.com").as_actor()
    invitation_id = InvitationFactory(email="guest@example.com").id

    def accept(session):
        return service.accept_invitation(session, actor=guest, invitation_id=invitation_id, now=NOON)

    assert outcomes(at_once(own_app, accept, accept)) == ["Conflict", "done"]
    assert own_session.scalar(select(func.count()).where(Membership.user_id == guest.user_id)) == 1


def test_two_invitations_are_not_both_accepted(own_app, own_session) -> None:
    guest = UserFactory(email="guest@example.com").as_actor()
    ids = [InvitationFactory(email="guest@example.com").id for _ in range(2)]

    def accept(invitation_id):
        return lambda session: service.accept_invitation(session, actor=guest, invitation_id=invitation_id, now=NOON)

    assert outcomes(at_once(own_app, accept(ids[0]), accept(ids[1]))).count("done") == 1


def test_the_same_address_is_invited_once(own_app, own_session) -> None:
    company = OrganizationFactory()
    owners = [UserFactory(organization=company, role=MemberRole.OWNER).as_actor() for _ in range(2)]

    def invite(actor):
        return lambda session: service.invite(
            session, actor=actor, email="guest@example.com", role=MemberRole.EDITOR, now=NOON
        )

    assert outcomes(at_once(own_app, invite(owners[0]), invite(owners[1]))) == ["RuleViolation", "done"]


def test_one_credit_code_is_registered_once(own_app, own_session) -> None:
    founders = [UserFactory().as_actor() for _ in range(2)]

    def found(actor):
        return lambda session: service.create_organization(session, actor=actor, command=COMMAND, now=NOON)

    assert outcomes(at_once(own_app, found(founders[0]), found(founders[1]))).count("done") == 1


def test_a_double_click_founds_one_organisation(own_app, own_session) -> None:
    founder = UserFactory().as_actor()

    def found(session):
        return service.create_organization(session, actor=founder, command=COMMAND, now=NOON)

    refused = at_once(own_app, found, found)

    assert outcomes(refused).count("done") == 1
    assert own_session.scalar(select(func.count()).select_from(Organization)) == 1
