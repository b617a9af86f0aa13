"""A message of a sealed competition leaves no trace of its reader in the database, and arrives all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.core import box
from app.mail import delivery, sealed
from app.mail.models import MailMessage, MailState
from app.mail.service import queue_mail
from app.mail.transports import transport_for
from tests.factories.accounts import UserFactory
from tests.support.clock import NOON
from tests.support.sealed import COMPETITION, keep_sealed, told_by
from tests.support.smtp import Behaviour, smtp_server

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.accounts.models import User


def queue(session: Session, reader: User) -> MailMessage | None:
    mail = queue_mail(
        session,
        template="notice",
        user_id=reader.id,
        recipient=reader.email,
        locale="en",
        dedupe_key=f"job:{reader.id}",
        context={"path": "/workspace/"},
        now=NOON,
        sealed_by=COMPETITION,
    )
    session.commit()
    return mail


@pytest.fixture
def reader(session: Session) -> User:
    user: User = UserFactory(email="unmistakable@secret-firm.example")
    return user


def test_no_column_tells_whom_it_is_for(session: Session, reader: User) -> None:
    queue(session, reader)

    told = told_by(session, "mail_messages")
    assert not [word for word in ("unmistakable", "secret-firm", reader.id.hex, str(reader.id)) if word in told]


def test_the_same_thing_is_not_said_twice(session: Session, reader: User) -> None:
    queue(session, reader)

    assert queue(session, reader) is None


def test_it_arrives_over_a_real_server(app: Flask, session: Session, reader: User) -> None:
    queue(session, reader)

    with smtp_server() as server, app.app_context():
        delivery.deliver_due(transport_for(server.url))

    assert [mail.recipients for mail in server.messages] == [(reader.email,)]


def test_what_arrives_does_not_lead_to_its_row(app: Flask, session: Session, reader: User) -> None:
    mail = queue(session, reader)
    assert mail is not None

    with smtp_server() as server, app.app_context():
        delivery.deliver_due(transport_for(server.url))

    message_id = str(server.messages[0].message["Message-ID"])
    assert mail.id.hex not in message_id
    assert message_id not in told_by(session, "mail_messages")


def test_a_server_that_repeats_the_address_does_not_bring_it_into_the_log(
    app: Flask, session: Session, reader: User
) -> None:
    queue(session, reader)

    with smtp_server(Behaviour.REFUSE) as server, app.app_context():
        delivery.deliver_due(transport_for(server.url))

    session.expire_all()
    assert session.execute(sa.select(MailMessage.state, MailMessage.last_error)).one() == (MailState.FAILED, "550")


def test_a_message_locked_with_a_lost_key_fails_and_stops_no_other(
    app: Flask, session: Session, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(session, reader)
    monkeypatch.setattr(box, "_Keys", type("Keys", (), {}))
    box.register_secret("another secret")

    with smtp_server() as server, app.app_context():
        delivery.deliver_due(transport_for(server.url))

    session.expire_all()
    assert session.execute(sa.select(MailMessage.state, MailMessage.last_error)).one() == (MailState.FAILED, "BoxError")


def test_once_the_competition_is_opened_the_log_tells_it_like_any_other(
    session: Session, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = queue(session, reader)
    assert mail is not None
    keep_sealed(monkeypatch)

    assert sealed.disclose(session) == 1

    session.expire_all()
    assert (mail.recipient, mail.user_id, mail.box) == (reader.email, reader.id, None)
    assert mail.subject == "There is news for you on Chipbridge"


def test_while_the_competition_is_sealed_nothing_is_disclosed(
    session: Session, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(session, reader)
    keep_sealed(monkeypatch, COMPETITION)

    assert sealed.disclose(session) == 0
    assert reader.email not in told_by(session, "mail_messages")
