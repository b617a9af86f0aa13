"""While a competition is sealed, the people of a bidding firm are asked to log in, and nothing says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import undefer

from app.mail import sealed
from app.mail.models import MailMessage
from app.notifications.models import DigestFrequency, Notification, NotificationPreference
from app.notifications.service import tell_sealed
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.support.clock import NOON
from tests.support.sealed import COMPETITION

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.models import User


@pytest.fixture
def bidder(session: Session) -> User:
    user: User = UserFactory(organization=OrganizationFactory(chip=True, legal_name_zh="密标芯片有限公司"))
    return user


def ask(session: Session, bidder: User) -> int:
    firm = bidder.membership.organization_id
    return tell_sealed(session, organization_id=firm, sealed_by=COMPETITION, key="job", now=NOON)


def message(session: Session) -> dict[str, object]:
    """Return what the box of the one message says."""
    mail = session.scalars(sa.select(MailMessage).options(undefer(MailMessage.box))).one()
    return sealed.opened(mail.id, mail.box or b"")


def test_who_can_act_for_the_firm_is_asked_to_log_in(session: Session, bidder: User) -> None:
    assert ask(session, bidder) == 1

    assert message(session)["recipient"] == bidder.email


def test_the_message_names_neither_firm_nor_competition(session: Session, bidder: User) -> None:
    ask(session, bidder)

    raw = bytes(message(session)["raw"])  # type: ignore[call-overload]
    assert "密标芯片有限公司".encode() not in raw
    assert COMPETITION.hex.encode() not in raw.replace(b"-", b"")


def test_no_line_of_an_inbox_connects_a_person_with_the_competition(session: Session, bidder: User) -> None:
    ask(session, bidder)

    assert session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 0


def test_the_same_request_is_made_once(session: Session, bidder: User) -> None:
    ask(session, bidder)
    ask(session, bidder)

    assert session.scalar(sa.select(sa.func.count()).select_from(MailMessage)) == 1


def test_who_wants_no_event_mail_gets_none(session: Session, bidder: User) -> None:
    session.add(NotificationPreference(user_id=bidder.id, digest=DigestFrequency.OFF, has_event_mail=False))
    session.commit()

    assert ask(session, bidder) == 0
