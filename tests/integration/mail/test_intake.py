"""Reports of undeliverable and unwanted mail, and what they lead to."""

from __future__ import annotations

import imaplib
import mailbox
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.errors import NotAllowed, NotFound
from app.db import transaction
from app.jobs.reports import read_box
from app.mail.delivery import deliver_due
from app.mail.intake import lift, take_in
from app.mail.models import MailMessage, MailReport, MailState, MailSuppression, Suppression
from app.mail.suppression import suppress
from app.mail.transports import transport_for
from tests.factories.accounts import officer, operator, supervisor
from tests.support.bounces import bounce, complaint
from tests.support.clock import NOON
from tests.support.imap import UIDS_FROM, imap_server
from tests.support.smtp import smtp_server
from tests.support.writing import write

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

ADDRESS = "a.need@example.com"
WORD = {"Authorization": "Bearer open"}


def sent(session: Session) -> MailMessage:
    mail = write(session)
    assert mail is not None
    mail.state, mail.sent_at = MailState.SENT, NOON
    session.commit()
    return mail


def suppressed(session: Session) -> dict[str, Suppression]:
    return {row.address: row.reason for row in session.scalars(sa.select(MailSuppression))}


def test_a_bounce_holds_the_address_back(session: Session) -> None:
    mail = sent(session)

    assert take_in(session, raw=bounce(mail.message_id), now=NOON) == 1

    assert suppressed(session) == {ADDRESS: Suppression.BOUNCE}
    report = session.scalars(sa.select(MailReport)).one()
    assert (report.mail_id, report.status) == (mail.id, "5.1.1")
    assert session.scalars(sa.select(AuditEvent.action)).all() == ["mail.suppress"]


def test_a_complaint_holds_the_address_back_though_it_does_not_name_it(session: Session) -> None:
    mail = sent(session)

    take_in(session, raw=complaint(mail.message_id), now=NOON)

    assert suppressed(session) == {ADDRESS: Suppression.COMPLAINT}


def test_the_same_report_counts_once(session: Session) -> None:
    mail = sent(session)
    take_in(session, raw=bounce(mail.message_id), now=NOON)

    assert take_in(session, raw=bounce(mail.message_id), now=NOON) == 0


@pytest.mark.parametrize(
    ("message_id", "address"),
    [("<unknown@chipbridge.example>", ADDRESS), ("", ADDRESS)],
)
def test_who_knows_an_address_cannot_keep_mail_from_it(session: Session, message_id: str, address: str) -> None:
    sent(session)

    take_in(session, raw=bounce(message_id, address), now=NOON)

    assert suppressed(session) == {}
    assert session.scalar(sa.select(sa.func.count()).select_from(MailReport)) == 1


def test_a_report_on_another_address_than_the_message_went_to_holds_nothing_back(session: Session) -> None:
    mail = sent(session)

    take_in(session, raw=bounce(mail.message_id, "victim@example.com"), now=NOON)

    assert suppressed(session) == {}


def deliver(app: Flask, session: Session, template: str, reason: Suppression) -> MailState:
    with app.app_context(), smtp_server() as server:
        with transaction() as writing:
            suppress(writing, address=ADDRESS, reason=reason, detail="", now=NOON)
            mail = write(writing)
            assert mail is not None
            mail.template = template
        deliver_due(transport_for(server.url))
    session.expire_all()
    return session.scalars(sa.select(MailMessage.state)).one()


@pytest.mark.parametrize(
    ("template", "reason", "state"),
    [
        ("digest", Suppression.BOUNCE, MailState.SUPPRESSED),
        ("digest", Suppression.COMPLAINT, MailState.SUPPRESSED),
        ("reset_password", Suppression.BOUNCE, MailState.SUPPRESSED),
        ("reset_password", Suppression.COMPLAINT, MailState.SENT),
    ],
)
def test_nothing_goes_to_a_held_back_address_but_what_its_reader_asks_for(
    app: Flask, session: Session, template: str, reason: Suppression, state: MailState
) -> None:
    assert deliver(app, session, template, reason) is state


def test_the_desk_lifts_an_address(session: Session) -> None:
    suppress(session, address=ADDRESS, reason=Suppression.BOUNCE, detail="", now=NOON)

    lift(session, actor=operator().as_actor(), address=ADDRESS, now=NOON)

    assert suppressed(session) == {}
    with pytest.raises(NotFound):
        lift(session, actor=operator().as_actor(), address=ADDRESS, now=NOON)


def test_supervisors_lift_nothing(session: Session) -> None:
    suppress(session, address=ADDRESS, reason=Suppression.BOUNCE, detail="", now=NOON)

    with pytest.raises(NotAllowed):
        lift(session, actor=supervisor().as_actor(), address=ADDRESS, now=NOON)


@pytest.fixture
def hook(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of a portal that takes reports for the word "open"."""
    settings = replace(app.extensions["chipbridge_settings"], mail_reports_secret="open")
    monkeypatch.setitem(app.extensions, "chipbridge_settings", settings)
    return client


def test_a_mail_service_hands_reports_in(session: Session, hook: FlaskClient) -> None:
    mail = sent(session)

    answer = hook.post("/mail/reports", data=bounce(mail.message_id), headers=WORD)

    assert (answer.status_code, answer.json) == (200, {"new": 1})
    assert suppressed(session) == {ADDRESS: Suppression.BOUNCE}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_nobody_else_hands_reports_in(session: Session, hook: FlaskClient, headers: dict[str, str]) -> None:
    assert hook.post("/mail/reports", data=bounce(sent(session).message_id), headers=headers).status_code == 403
    assert suppressed(session) == {}


def test_without_a_word_in_the_settings_there_is_no_such_address(client: FlaskClient) -> None:
    assert client.post("/mail/reports", data=b"", headers=WORD).status_code == 404


def test_reports_are_read_from_a_mailbox_once(app: Flask, session: Session, tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "reports", create=True)
    box.add(bounce(sent(session).message_id))
    box.add(b"Subject: I am away\r\n\r\nuntil Monday")

    with app.app_context():
        n_new = [read_box(f"maildir:{tmp_path / 'reports'}", lambda _done, _total: None) for _ in range(2)]

    assert n_new == [1, 0]
    assert suppressed(session) == {ADDRESS: Suppression.BOUNCE}
    assert {message.get_flags() for message in mailbox.Maildir(tmp_path / "reports")} == {"S"}


def test_reports_are_read_from_an_imap_folder_once_and_marked_as_read(app: Flask, session: Session) -> None:
    mail = sent(session)

    with app.app_context(), imap_server(b"Subject: a holiday\r\n\r\nAway.", bounce(mail.message_id)) as folder:
        n_new = [read_box(folder.url, lambda done, total: None) for _ in range(2)]

    assert n_new == [1, 0]
    assert suppressed(session) == {ADDRESS: Suppression.BOUNCE}
    assert folder.seen == {UIDS_FROM, UIDS_FROM + 1}


def test_an_imap_folder_that_cannot_be_opened_fails_the_job_and_marks_nothing(app: Flask, session: Session) -> None:
    with app.app_context(), imap_server(bounce("<a@b>")) as folder, pytest.raises(imaplib.IMAP4.error):
        read_box(folder.url.replace("Bounces", "Elsewhere"), lambda done, total: None)

    assert folder.seen == set()


def test_an_imap_server_that_refuses_the_password_fails_the_job(app: Flask, session: Session) -> None:
    with app.app_context(), imap_server() as folder, pytest.raises(imaplib.IMAP4.error, match="wrong password"):
        read_box(folder.url.replace("sesame", "barley"), lambda done, total: None)


def test_the_desk_sees_held_back_addresses_and_lifts_them(session: Session, client: FlaskClient, login) -> None:  # type: ignore[no-untyped-def]
    mail = sent(session)
    take_in(session, raw=bounce(mail.message_id), now=NOON)
    session.commit()
    desk = login(client, officer(locale="en"))

    assert ADDRESS in desk.get("/desk/mail/suppressed").text
    assert "Undeliverable" in desk.get(f"/desk/mail/{mail.id}").text
    assert desk.post("/desk/mail/suppressed/lift", data={"address": ADDRESS}).status_code == 303
    assert "No address is held back" in desk.get("/desk/mail/suppressed").text


def test_what_was_sent_is_sent_again_under_a_new_message_id(session: Session, client: FlaskClient, login) -> None:  # type: ignore[no-untyped-def]
    mail = sent(session)
    desk = login(client, officer())

    desk.post(f"/desk/mail/{mail.id}/resend")

    session.expire_all()
    copy = session.scalars(sa.select(MailMessage).where(MailMessage.id != mail.id)).one()
    assert copy.message_id != mail.message_id
    assert copy.message_id.encode() in copy.raw
    assert (mail.state, copy.state, copy.recipient) == (MailState.SENT, MailState.QUEUED, mail.recipient)


def test_everything_that_failed_is_sent_again_at_once(session: Session, client: FlaskClient, login) -> None:  # type: ignore[no-untyped-def]
    for key in ("one", "two"):
        mail = write(session, key)
        assert mail is not None
        mail.state = MailState.FAILED
    session.commit()

    login(client, officer()).post("/desk/mail/resend")

    session.expire_all()
    assert set(session.scalars(sa.select(MailMessage.state))) == {MailState.QUEUED}
