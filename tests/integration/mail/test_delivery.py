"""Delivery to a real SMTP server that accepts, refuses, hesitates, hangs up or hangs."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import time_machine

from app.db import current_session, transaction
from app.mail import delivery
from app.mail.delivery import LEASE, MAX_ATTEMPTS, RETRY_AFTER, deliver_due
from app.mail.models import MailMessage, MailReport, MailState, MailSuppression, Suppression
from app.mail.transports import Refused, Unreachable, transport_for
from tests.support.clock import NOON
from tests.support.smtp import Behaviour, SmtpServer, smtp_server
from tests.support.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from config import Settings

MINUTE = dt.timedelta(minutes=1)
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def app_context(app: Flask, session: Session) -> Iterator[None]:
    """An application context, as workers have one; what is committed in it is undone after the test."""
    with app.app_context():
        yield


@pytest.fixture
def own_context(own_app: Flask) -> Iterator[None]:
    """The same on a database that other processes see too."""
    with own_app.app_context():
        yield


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as running:
        yield running


def queue(*keys: str) -> None:
    with transaction() as session:
        for key in keys:
            write(session, key)


def mails() -> list[MailMessage]:
    current_session().expire_all()
    return list(current_session().scalars(sa.select(MailMessage).order_by(MailMessage.dedupe_key)))


def only_mail() -> MailMessage:
    [mail] = mails()
    return mail


@contextmanager
def later(pause: dt.timedelta) -> Iterator[None]:
    with time_machine.travel(NOON + pause, tick=False):
        yield


@dataclass
class Script:
    """A transport that does what the test says, message by message."""

    steps: list[Callable[[], None]]
    sent: list[str] = field(default_factory=list)
    n_connections: int = 0

    @contextmanager
    def connect(self) -> Iterator[Script]:
        self.n_connections += 1
        yield self

    def send(self, *, sender: str, recipient: str, raw: bytes, name: str) -> None:
        self.steps.pop(0)()
        self.sent.append(recipient)


def accept() -> None:
    pass


def raising(error: Exception) -> Callable[[], None]:
    def step() -> None:
        raise error

    return step


def test_a_message_arrives_whole(app_context: None, server: SmtpServer) -> None:
    queue("a need")

    assert deliver_due(transport_for(server.url)) == 1

    [received] = server.messages
    mail = only_mail()
    assert received.sender == "noreply@chipbridge.example"
    assert received.recipients == ("a.need@example.com",)
    assert received.message["Message-ID"] == mail.message_id
    assert received.raw == mail.raw
    assert (mail.state, mail.sent_at, mail.leased_until) == (MailState.SENT, NOON, None)


def test_a_sent_message_is_not_sent_again(app_context: None, server: SmtpServer) -> None:
    queue("a need")
    deliver_due(transport_for(server.url))

    assert deliver_due(transport_for(server.url)) == 0
    assert len(server.messages) == 1


def test_an_address_with_a_chinese_domain_reaches_a_server_that_knows_ascii_only(
    app_context: None, server: SmtpServer
) -> None:
    with transaction() as session:
        write(session, recipient="info@例子.example")

    deliver_due(transport_for(server.url))

    assert server.messages[0].recipients == ("info@xn--fsqu00a.example",)
    assert only_mail().state is MailState.SENT


def test_a_mailbox_that_does_not_exist_is_a_failure_at_once(app_context: None, server: SmtpServer) -> None:
    server.behaviour = Behaviour.REFUSE
    queue("a need")

    assert deliver_due(transport_for(server.url)) == 0

    mail = only_mail()
    assert (mail.state, mail.attempts) == (MailState.FAILED, 1)
    assert mail.last_error == "550 5.1.1 No such mailbox"


def test_a_refused_mailbox_is_held_back_with_the_servers_words(app_context: None, server: SmtpServer) -> None:
    server.behaviour = Behaviour.REFUSE
    queue("a need")

    deliver_due(transport_for(server.url))

    held = current_session().scalars(sa.select(MailSuppression)).one()
    report = current_session().scalars(sa.select(MailReport)).one()
    assert (held.address, held.reason) == ("a.need@example.com", Suppression.BOUNCE)
    assert held.detail == "5.1.1 550 5.1.1 No such mailbox"
    assert (report.mail_id, report.status) == (only_mail().id, "5.1.1")


def test_nothing_more_goes_to_a_refused_mailbox(app_context: None, server: SmtpServer) -> None:
    server.behaviour = Behaviour.REFUSE
    queue("a need")
    deliver_due(transport_for(server.url))
    server.behaviour = Behaviour.ACCEPT
    with transaction() as session:
        write(session, "another", recipient="A.Need@example.com")

    assert deliver_due(transport_for(server.url)) == 0

    assert sorted(mail.state.value for mail in mails()) == ["failed", "suppressed"]


def test_a_server_that_distrusts_the_sender_says_nothing_against_the_mailbox(
    app_context: None, server: SmtpServer
) -> None:
    server.behaviour = Behaviour.DISTRUST
    queue("a need")

    deliver_due(transport_for(server.url))

    assert only_mail().state is MailState.FAILED
    assert current_session().scalars(sa.select(MailSuppression)).all() == []
    assert current_session().scalars(sa.select(MailReport.status)).all() == ["5.7.1"]


def test_a_connection_that_breaks_within_the_data_loses_and_doubles_nothing(
    app_context: None, server: SmtpServer
) -> None:
    server.behaviour = Behaviour.BREAK
    queue("one", "two")
    transport = transport_for(server.url)

    assert deliver_due(transport) == 0
    assert server.messages == []
    server.behaviour = Behaviour.ACCEPT
    with later(RETRY_AFTER[0]):
        assert deliver_due(transport) == 2

    assert {one.message["Message-ID"] for one in server.messages} == {mail.message_id for mail in mails()}
    assert len(server.messages) == 2


def test_a_greylisted_message_is_tried_again_after_a_pause(app_context: None, server: SmtpServer) -> None:
    server.behaviour = Behaviour.GREYLIST
    queue("a need")
    transport = transport_for(server.url)

    assert deliver_due(transport) == 0
    assert (only_mail().state, only_mail().next_attempt_at) == (MailState.QUEUED, NOON + RETRY_AFTER[0])
    assert deliver_due(transport) == 0
    with later(RETRY_AFTER[0]):
        assert deliver_due(transport) == 1

    assert len(server.messages) == 1
    assert only_mail().last_error == ""


def test_a_server_that_hangs_up_after_the_data_gets_the_same_message_id_again(
    app_context: None, server: SmtpServer
) -> None:
    """Nobody can know whether it was kept: it is sent again, and recognised by its Message-ID."""
    server.behaviour = Behaviour.DROP
    queue("a need")
    transport = transport_for(server.url)
    deliver_due(transport)
    server.behaviour = Behaviour.ACCEPT

    with later(RETRY_AFTER[0]):
        deliver_due(transport)

    assert len(server.messages) == 2
    assert {one.message["Message-ID"] for one in server.messages} == {only_mail().message_id}
    assert only_mail().state is MailState.SENT


def test_a_server_that_never_answers_is_left_after_the_timeout(app_context: None, server: SmtpServer) -> None:
    server.behaviour = Behaviour.HANG
    queue("a need")

    assert deliver_due(transport_for(server.url, timeout=0.2)) == 0

    mail = only_mail()
    assert (mail.state, mail.next_attempt_at) == (MailState.QUEUED, NOON + RETRY_AFTER[0])
    assert "timed out" in mail.last_error


def test_a_server_that_is_not_there_costs_an_attempt_and_no_message(app_context: None) -> None:
    queue("one", "two")

    assert deliver_due(transport_for("smtp://127.0.0.1:1", timeout=0.2)) == 0

    assert [(mail.state, mail.attempts) for mail in mails()] == [(MailState.QUEUED, 1)] * 2
    assert "ConnectionRefusedError" in mails()[0].last_error


def test_one_refused_address_does_not_stop_the_next(app_context: None) -> None:
    queue("one", "two", "three")
    transport = Script([accept, raising(Refused("550 no", is_final=True)), accept])

    assert deliver_due(transport) == 2
    assert sorted(mail.state.value for mail in mails()) == ["failed", "sent", "sent"]


def test_a_message_that_cannot_be_sent_at_all_does_not_stop_the_next(app_context: None) -> None:
    queue("one", "two")
    transport = Script([raising(UnicodeError("broken")), accept])

    assert deliver_due(transport) == 1

    assert [mail.last_error for mail in mails() if mail.state is MailState.FAILED] == ["UnicodeError: broken"]


def test_after_a_broken_connection_the_rest_goes_over_a_new_one(app_context: None) -> None:
    queue("one", "two", "three")
    transport = Script([accept, raising(Unreachable("gone")), accept])

    assert deliver_due(transport) == 2

    assert transport.n_connections == 2
    assert sorted((mail.state.value, mail.attempts) for mail in mails()) == [("queued", 1), ("sent", 1), ("sent", 1)]


@pytest.mark.parametrize(("attempt", "pause"), list(enumerate(RETRY_AFTER, start=1)))
def test_pauses_grow(app_context: None, attempt: int, pause: dt.timedelta) -> None:
    queue("a need")
    with transaction() as session:
        session.execute(sa.update(MailMessage).values(attempts=attempt - 1))

    deliver_due(Script([raising(Refused("451 later", is_final=False))]))

    assert only_mail().next_attempt_at == NOON + pause


def test_a_message_is_given_up_after_its_last_attempt(app_context: None) -> None:
    queue("a need")
    with transaction() as session:
        session.execute(sa.update(MailMessage).values(attempts=MAX_ATTEMPTS - 1))

    deliver_due(Script([raising(Refused("451 later", is_final=False))]))

    assert (only_mail().state, only_mail().last_error) == (MailState.FAILED, "451 later")


def test_what_is_not_tried_before_the_end_is_put_back_as_it_was(app_context: None) -> None:
    queue("one", "two")
    stops = iter([False, False, True, True])

    assert deliver_due(Script([accept]), is_stopping=lambda: next(stops)) == 1

    assert sorted((mail.state.value, mail.attempts) for mail in mails()) == [("queued", 0), ("sent", 1)]


def test_the_letters_of_a_dead_mailman_are_sent_when_the_lease_has_run_out(app_context: None) -> None:
    queue("a need")
    with transaction() as session:
        delivery.claim(session, now=NOON)

    assert deliver_due(Script([])) == 0
    with later(LEASE + MINUTE):
        assert deliver_due(Script([accept])) == 1

    assert (only_mail().state, only_mail().attempts) == (MailState.SENT, 2)


def test_a_mailman_who_lost_the_lease_settles_nothing(app_context: None) -> None:
    queue("a need")

    def lose_lease() -> None:
        with later(LEASE + MINUTE), transaction() as session:
            delivery.claim(session, now=NOON + LEASE + MINUTE)

    deliver_due(Script([lose_lease]))

    assert (only_mail().state, only_mail().attempts) == (MailState.SENDING, 2)


def deliver_in_a_process(settings: Settings, url: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "INSTANCE_DIR": str(settings.instance_dir),
        "SECRET_KEY": settings.secret_key,
        "MAIL_URL": url,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run-due"]
    return subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.mark.real_clock
def test_a_crash_between_two_recipients_neither_loses_nor_doubles_a_message(
    own_settings: Settings, own_context: None, server: SmtpServer
) -> None:
    n_before, keys = 2, [f"need {number}" for number in range(5)]
    queue(*keys)
    server.hang_after = n_before
    first = deliver_in_a_process(own_settings, server.url)
    server.wait_until_it_hangs()
    first.send_signal(signal.SIGKILL)
    first.wait()
    n_arrived = len(server.messages)
    with transaction() as session:
        run_out = sa.update(MailMessage).where(MailMessage.state == MailState.SENDING)
        session.execute(run_out.values(leased_until=NOON - MINUTE))

    server.hang_after = None
    deliver_in_a_process(own_settings, server.url).wait()

    arrived: list[Any] = [one.message["Message-ID"] for one in server.messages]
    assert n_arrived == n_before
    assert len(arrived) == len(set(arrived)) == len(keys)
    assert set(arrived) == {mail.message_id for mail in mails()}
    assert {mail.state for mail in mails()} == {MailState.SENT}
