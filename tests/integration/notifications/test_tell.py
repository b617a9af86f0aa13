"""Who is told about an event, and how."""

from __future__ import annotations

import datetime as dt
import uuid
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.accounts.workflow import VerificationState
from app.core.actor import MemberRole
from app.mail.models import MailMessage
from app.notifications.events import EventKind
from app.notifications.models import DigestFrequency, Notification, NotificationPreference
from app.notifications.service import tell
from tests.factories.accounts import OrganizationFactory, UserFactory, VerificationFactory, officer
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory, SuggestionFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.accounts.models import User


def prefer(session: Session, user: User, *, digest: str = "weekly", has_event_mail: bool = True) -> None:
    session.add(NotificationPreference(user_id=user.id, digest=DigestFrequency(digest), has_event_mail=has_event_mail))
    session.commit()


def lines(session: Session) -> Sequence[Notification]:
    return session.scalars(sa.select(Notification).order_by(Notification.user_id)).all()


def mails(session: Session) -> Sequence[MailMessage]:
    return session.scalars(sa.select(MailMessage).order_by(MailMessage.recipient)).all()


def text_of(mail: MailMessage) -> str:
    body = message_from_bytes(mail.raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_owner_of_a_published_need_is_told_in_the_inbox_and_by_mail(session: Session) -> None:
    need = NeedFactory(title="采样芯片")
    user = UserFactory(organization=need.organization, locale="en")

    assert tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON) == 1

    [line], [mail] = lines(session), mails(session)
    assert (line.user_id, line.kind, line.url) == (user.id, "need.published", f"/workspace/needs/{need.id}")
    assert (mail.recipient, mail.template, mail.subject) == (
        user.email,
        "need_published",
        "Your need is public: 采样芯片",
    )


def test_a_published_challenge_is_called_one(session: Session) -> None:
    challenge = ChallengeFactory()
    UserFactory(organization=challenge.organization)

    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=challenge.id, now=NOON)

    assert lines(session)[0].kind == "challenge.published"
    assert lines(session)[0].url == f"/workspace/challenges/{challenge.id}"


def test_a_returned_need_carries_the_opinion(session: Session) -> None:
    need = NeedFactory(review_opinion="请补充温度范围。", n_returns=1)
    UserFactory(organization=need.organization)

    tell(session, kind=EventKind.NEED_RETURNED, subject_id=need.id, now=NOON)

    assert "| 请补充温度范围。" in text_of(mails(session)[0])


def test_a_need_that_is_returned_a_second_time_is_told_a_second_time(session: Session) -> None:
    need = NeedFactory(review_opinion="First.", n_returns=1)
    UserFactory(organization=need.organization)
    tell(session, kind=EventKind.NEED_RETURNED, subject_id=need.id, now=NOON)
    need.n_returns = 2
    session.commit()

    tell(session, kind=EventKind.NEED_RETURNED, subject_id=need.id, now=NOON)

    assert len(lines(session)) == len(mails(session)) == 2


@pytest.mark.parametrize(
    ("kind", "state", "template"),
    [
        (EventKind.ORGANIZATION_VERIFIED, VerificationState.VERIFIED, "organization_verified"),
        (EventKind.ORGANIZATION_REJECTED, VerificationState.REJECTED, "organization_rejected"),
    ],
)
def test_a_company_is_told_how_its_verification_ended(
    session: Session, kind: EventKind, state: VerificationState, template: str
) -> None:
    verification = VerificationFactory(state=state, reason="执照", decided_at=NOON)
    user = UserFactory(organization=verification.organization)

    tell(session, kind=kind, subject_id=verification.organization_id, now=NOON)

    assert [(mail.template, mail.user_id) for mail in mails(session)][-1] == (template, user.id)


def test_both_sides_are_told_of_a_proposed_pairing_and_the_digest_mails_it(session: Session) -> None:
    pairing = PairingFactory()
    people = {UserFactory(organization=pairing.demand).id, UserFactory(organization=pairing.supplier).id}

    assert tell(session, kind=EventKind.PAIRING_PROPOSED, subject_id=pairing.id, now=NOON) == 2

    assert {line.user_id for line in lines(session)} == people
    assert mails(session) == []


def test_a_proposed_pairing_is_mailed_to_those_without_a_digest(session: Session) -> None:
    pairing = PairingFactory()
    user = UserFactory(organization=pairing.supplier)
    prefer(session, user, digest="off")

    tell(session, kind=EventKind.PAIRING_PROPOSED, subject_id=pairing.id, now=NOON)

    assert [mail.user_id for mail in mails(session)] == [user.id]


@pytest.mark.parametrize("kind", [EventKind.PAIRING_ACCEPTED, EventKind.PAIRING_DECLINED])
@pytest.mark.parametrize(("side", "told"), [("demand", "supplier"), ("supply", "demand")])
def test_an_answer_is_told_to_the_other_side_only(session: Session, kind: EventKind, side: str, told: str) -> None:
    pairing = PairingFactory()
    people = {name: UserFactory(organization=getattr(pairing, name)) for name in ("demand", "supplier")}

    tell(session, kind=kind, subject_id=pairing.id, side=side, now=NOON)

    assert [line.user_id for line in lines(session)] == [people[told].id]


@pytest.mark.parametrize("kind", [EventKind.PAIRING_PROPOSED, EventKind.PAIRING_ACCEPTED, EventKind.PAIRING_DECLINED])
def test_an_owner_who_does_not_want_to_be_named_is_not_named(session: Session, kind: EventKind) -> None:
    owner = OrganizationFactory(terminal=True, legal_name_zh="广东隐名终端有限公司")
    pairing = PairingFactory(need=NeedFactory(organization=owner, is_owner_shown=False))
    prefer(session, UserFactory(organization=pairing.supplier), digest="off")

    tell(session, kind=kind, subject_id=pairing.id, side="demand", now=NOON)

    assert lines(session)[0].payload["other"] == ""
    assert "广东隐名终端有限公司" not in text_of(mails(session)[0])


def test_an_introduction_names_both_sides_to_each_other(session: Session) -> None:
    owner = OrganizationFactory(terminal=True, legal_name_zh="广东隐名终端有限公司")
    pairing = PairingFactory(need=NeedFactory(organization=owner, is_owner_shown=False), introduced=True)
    UserFactory(organization=pairing.supplier)

    tell(session, kind=EventKind.PAIRING_INTRODUCED, subject_id=pairing.id, now=NOON)

    assert "广东隐名终端有限公司" in text_of(mails(session)[0])


def test_the_officer_who_approved_finds_the_introduction_in_the_inbox_and_gets_no_mail(session: Session) -> None:
    approver, suggestion = officer(), SuggestionFactory()
    pairing = PairingFactory(
        need=suggestion.need, product=suggestion.product, suggestion_id=suggestion.id, approved_by=approver.id,
        introduced=True,
    )  # fmt: skip

    assert tell(session, kind=EventKind.PAIRING_INTRODUCED, subject_id=pairing.id, now=NOON) == 1

    [line] = lines(session)
    assert (line.user_id, line.url) == (approver.id, f"/desk/pairings/{suggestion.id}")
    assert line.payload["other"] == f"{pairing.demand.legal_name_zh} ↔ {pairing.supplier.legal_name_zh}"
    assert mails(session) == []


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_whose_subject_is_gone_tells_nobody(session: Session, kind: EventKind) -> None:
    assert tell(session, kind=kind, subject_id=uuid.uuid4(), side="demand", now=NOON) == 0


def test_the_same_event_is_told_once(session: Session) -> None:
    need = NeedFactory()
    UserFactory(organization=need.organization)

    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON)
    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON + dt.timedelta(days=1))

    assert len(lines(session)) == len(mails(session)) == 1


def test_who_wants_no_event_mail_is_told_in_the_inbox_only(session: Session) -> None:
    need = NeedFactory()
    prefer(session, UserFactory(organization=need.organization), has_event_mail=False)

    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON)

    assert (len(lines(session)), len(mails(session))) == (1, 0)


@pytest.mark.parametrize("attributes", [{"role": MemberRole.VIEWER}, {"active": False}, {"confirmed_at": None}])
def test_who_cannot_act_is_not_told(session: Session, attributes: dict[str, object]) -> None:
    need = NeedFactory()
    UserFactory(organization=need.organization, **attributes)

    assert tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON) == 0


def test_each_person_is_told_in_the_own_language(session: Session) -> None:
    need = NeedFactory(title="T")
    UserFactory(organization=need.organization, locale="en", email="a@example.com")
    UserFactory(organization=need.organization, locale="zh_Hans_CN", email="b@example.com")

    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON)

    assert [(mail.locale, mail.subject) for mail in mails(session)] == [
        ("en", "Your need is public: T"),
        ("zh_Hans_CN", "您的需求已公开：T"),
    ]


def test_a_title_typed_on_two_lines_forges_neither_a_header_nor_a_line_of_the_message(session: Session) -> None:
    need = NeedFactory(title="A\r\nBcc: everybody@example.com\r\n> Open: https://evil.example")
    UserFactory(organization=need.organization, locale="en")

    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON)

    message = message_from_bytes(mails(session)[0].raw, policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == "Your need is public: A Bcc: everybody@example.com > Open: https://evil.example"
    assert "\n> Open: https://evil.example" not in text_of(mails(session)[0])
