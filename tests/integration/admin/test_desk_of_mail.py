"""The desk's mail log, digests, jobs and audit, and the mailbox of an installation without a mail server."""

from __future__ import annotations

import csv
import datetime as dt
import io
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.audit import service as audit
from app.audit.models import AuditEvent
from app.core.actor import SYSTEM, StaffRole
from app.mail.delivery import deliver_due
from app.mail.models import MailMessage, MailState
from app.mail.transports import transport_for
from app.notifications.models import Digest, DigestFrequency, NotificationPreference
from app.outbox.models import Job, JobState
from app.outbox.service import enqueue
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries
from tests.support.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

PAGES = ("/desk/mail/", "/desk/digests/", "/desk/jobs/", "/desk/audit/")


@pytest.fixture
def desk(client: FlaskClient, login: Callable[..., Any]) -> FlaskClient:
    """The browser of an officer who reads English."""
    return login(client, officer(locale="en"))


@pytest.fixture
def supervisor(client: FlaskClient, login: Callable[..., Any]) -> FlaskClient:
    """The browser of somebody who only reads."""
    return login(client, UserFactory(staff=(StaffRole.SUPERVISOR,), locale="en"))


def kept(session: Session, key: str = "a need", **changes: Any) -> MailMessage:
    mail = write(session, key)
    assert mail is not None
    for name, value in changes.items():
        setattr(mail, name, value)
    session.commit()
    return mail


def failed_mail(session: Session, key: str = "a need") -> MailMessage:
    return kept(session, key, state=MailState.FAILED, attempts=9, last_error="550 No such mailbox")


def failed_job(session: Session) -> Job:
    job = session.get_one(Job, enqueue(session, "pairings.expire", now=NOON))
    job.state, job.finished_at, job.last_error = JobState.FAILED, NOON, "ValueError: broken"
    session.commit()
    return job


def reader(**attributes: Any) -> User:
    user = UserFactory(organization=OrganizationFactory(chip=True), **attributes)
    PairingFactory(product__organization=user.membership.organization)
    return user


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_sent_to_the_log_in(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", PAGES)
def test_companies_find_nothing_here(client: FlaskClient, login: Callable[..., Any], path: str) -> None:
    login(client, UserFactory(organization=OrganizationFactory()))

    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_page_teaches_the_next_step(desk: FlaskClient, path: str) -> None:
    answer = desk.get(path + "?q=nothing+is+called+like+this&state=failed")

    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_nonsense_in_the_address_is_ignored(desk: FlaskClient, path: str) -> None:
    query = "?state=x&kind=x&frequency=x&template=x&page=-9&since=x&subject=x&q=%25"

    assert desk.get(path + query).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_full_page_takes_few_queries(session: Session, desk: FlaskClient, path: str) -> None:
    for number in range(30):
        kept(session, f"need {number}")
        enqueue(session, "jobs.purge", now=NOON)
        UserFactory(organization=OrganizationFactory())
    session.commit()

    with count_queries() as statements:
        desk.get(path)

    assert len(statements) <= 12


def test_the_log_tells_to_whom_about_what_and_how_it_went(session: Session, desk: FlaskClient) -> None:
    failed_mail(session)

    text = desk.get("/desk/mail/").text

    assert "Your need is public: A need" in text
    assert "a.need@example.com" in text
    assert "550 No such mailbox" in text


def test_the_log_never_shows_what_a_message_says(session: Session, desk: FlaskClient) -> None:
    mail = kept(session)

    text = desk.get(f"/desk/mail/{mail.id}").text

    assert mail.message_id.strip("<>") in text
    assert "The authority has approved your need" not in text


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("state=failed", True),
        ("state=sent", False),
        ("template=need_published", True),
        ("template=digest", False),
        ("recipient=A.NEED@", True),
        ("recipient=nobody", False),
        ("q=is+public", True),
        ("q=550", True),
        ("q=nothing", False),
    ],
)
def test_the_log_is_narrowed(session: Session, desk: FlaskClient, query: str, is_found: bool) -> None:
    failed_mail(session)

    assert ("a.need@example.com" in desk.get(f"/desk/mail/?{query}").text) is is_found


def test_the_log_keeps_quiet_about_receipts_of_bids_before_the_deadline(session: Session, desk: FlaskClient) -> None:
    mail = kept(session, "sealed", sealed_by=ChallengeFactory().id, state=MailState.FAILED)

    assert "sealed@example.com" not in desk.get("/desk/mail/").text
    assert desk.get(f"/desk/mail/{mail.id}").status_code == 404
    assert desk.post(f"/desk/mail/{mail.id}/resend").status_code == 404


def test_a_failed_message_is_sent_again(session: Session, desk: FlaskClient) -> None:
    mail = failed_mail(session)

    answer = desk.post(f"/desk/mail/{mail.id}/resend")

    assert (answer.status_code, answer.location) == (303, f"/desk/mail/{mail.id}")
    session.expire_all()
    assert session.get_one(MailMessage, mail.id).state is MailState.QUEUED


def test_a_second_press_of_the_button_is_a_conflict(session: Session, desk: FlaskClient) -> None:
    mail = failed_mail(session)
    desk.post(f"/desk/mail/{mail.id}/resend")

    assert desk.post(f"/desk/mail/{mail.id}/resend").status_code == 409


def test_supervisors_read_and_are_told_why_they_cannot_act(session: Session, supervisor: FlaskClient) -> None:
    mail, job, user = failed_mail(session), failed_job(session), reader()

    assert "Only the authority and the operator send messages again." in supervisor.get(f"/desk/mail/{mail.id}").text
    assert "Only the authority and the operator run jobs again." in supervisor.get("/desk/jobs/").text
    assert "Only the authority and the operator send digests." in supervisor.get(f"/desk/digests/{user.id}").text
    for path in (f"mail/{mail.id}/resend", f"jobs/{job.id}/retry", f"digests/{user.id}/send", "digests/run"):
        assert supervisor.post(f"/desk/{path}", data={"frequency": "weekly"}).status_code == 403


def test_the_desk_sees_who_reads_how_often_and_what_became_of_the_last_digest(
    session: Session, desk: FlaskClient
) -> None:
    user = reader(name="李工")
    session.add(NotificationPreference(user_id=user.id, digest=DigestFrequency.DAILY))
    session.commit()
    desk.post(f"/desk/digests/{user.id}/send")

    text = desk.get("/desk/digests/?frequency=daily&q=李").text

    assert "李工" in text
    assert "1 pairing" in text
    assert "2026-11-24 12:00" in text


def test_a_preview_is_in_the_language_of_its_reader_and_takes_nothing_away(session: Session, desk: FlaskClient) -> None:
    user = reader(locale="zh_Hans_CN")

    first, again = (desk.get(f"/desk/digests/{user.id}").text for _ in range(2))

    assert "有 1 项对接等待您答复" in first
    assert "有 1 项对接等待您答复" in again
    assert session.scalar(sa.select(sa.func.count()).select_from(Digest)) == 0


def test_the_html_of_a_preview_stands_apart_from_the_portal(desk: FlaskClient) -> None:
    answer = desk.get(f"/desk/digests/{reader().id}/html")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "/unsubscribe/preview" in answer.text


def test_a_preview_of_nothing_says_so(desk: FlaskClient) -> None:
    user = UserFactory(organization=OrganizationFactory())

    assert "Nothing new to say" in desk.get(f"/desk/digests/{user.id}").text


def test_who_reads_no_digest_has_no_preview(desk: FlaskClient) -> None:
    assert desk.get(f"/desk/digests/{UserFactory().id}").status_code == 404


def test_a_digest_is_sent_once_in_a_period(session: Session, desk: FlaskClient) -> None:
    user = reader()

    assert [desk.post(f"/desk/digests/{user.id}/send").status_code for _ in range(2)] == [303, 409]
    assert session.scalar(sa.select(sa.func.count()).select_from(Digest)) == 1


def test_the_desk_can_have_a_preview_sent(session: Session, desk: FlaskClient) -> None:
    user = reader()

    assert desk.post(f"/desk/digests/{user.id}/test").status_code == 303
    assert session.scalars(sa.select(MailMessage.recipient)).one() != user.email


def test_a_run_is_queued_and_shown_under_jobs(session: Session, desk: FlaskClient) -> None:
    answer = desk.post("/desk/digests/run", data={"frequency": "weekly"})

    assert (answer.status_code, answer.location) == (303, "/desk/jobs/")
    assert "Make digests" in desk.get("/desk/jobs/").text


def test_a_run_of_an_unknown_frequency_is_refused(desk: FlaskClient) -> None:
    assert desk.post("/desk/digests/run", data={"frequency": "hourly"}).status_code == 422


def test_a_failed_job_is_run_again(session: Session, desk: FlaskClient) -> None:
    job = failed_job(session)
    assert "ValueError: broken" in desk.get("/desk/jobs/?state=failed").text

    assert desk.post(f"/desk/jobs/{job.id}/retry").status_code == 303

    session.expire_all()
    assert session.get_one(Job, job.id).state is JobState.QUEUED


def test_a_running_job_shows_how_far_it_is_and_the_page_asks_again(session: Session, desk: FlaskClient) -> None:
    job = session.get_one(Job, enqueue(session, "matching.recompute", now=NOON))
    job.state, job.leased_until, job.progress_done, job.progress_total = JobState.RUNNING, NOON, 25, 68
    session.commit()

    text = desk.get("/desk/jobs/").text

    assert '<progress value="25" max="68"' in text
    assert 'data-refresh="/desk/jobs/' in text


def test_a_page_on_which_nothing_moves_does_not_ask_again(session: Session, desk: FlaskClient) -> None:
    failed_job(session)

    assert "data-refresh" not in desk.get("/desk/jobs/").text


def test_a_job_that_a_running_competition_seals_is_left_out(session: Session, desk: FlaskClient) -> None:
    enqueue(session, "sealed.news", now=NOON, sealed_by=ChallengeFactory().id)
    session.commit()

    assert desk.get("/desk/jobs/?kind=sealed.news").text.count("<tr>") == 0


def test_the_audit_page_shows_and_narrows_the_trail(session: Session, desk: FlaskClient) -> None:
    need = NeedFactory()
    audit.record(session, SYSTEM, "need.publish", "need", need.id, label="采样芯片", opinion="<b>ok</b>")
    session.commit()

    assert "采样芯片" in desk.get(f"/desk/audit/?subject={need.id}&since=2026-11-24&until=2026-11-24").text
    assert "采样芯片" not in desk.get("/desk/audit/?until=2026-11-23").text
    assert "&lt;b&gt;ok&lt;/b&gt;" in desk.get("/desk/audit/?action=need.publish").text


def test_a_day_of_the_trail_is_one_in_shanghai(session: Session, desk: FlaskClient) -> None:
    audit.record(session, SYSTEM, "need.publish", "need", None, label="采样芯片")
    [event] = session.new
    event.created_at = dt.datetime(2026, 11, 23, 16, 30, tzinfo=dt.UTC)
    session.commit()

    assert "采样芯片" in desk.get("/desk/audit/?since=2026-11-24").text
    assert "采样芯片" not in desk.get("/desk/audit/?until=2026-11-23").text


def test_the_export_holds_what_the_filter_finds_and_no_formulas(session: Session, desk: FlaskClient) -> None:
    audit.record(session, SYSTEM, "need.publish", "need", None, label="=HYPERLINK(1)")
    audit.record(session, SYSTEM, "need.close", "need", None, label="other")
    session.commit()

    answer = desk.get("/desk/audit/export.csv?action=need.publish")

    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert answer.mimetype == "text/csv"
    assert [row["subject_label"] for row in rows] == ["'=HYPERLINK(1)"]


def test_the_export_is_itself_on_the_trail(session: Session, desk: FlaskClient) -> None:
    desk.get("/desk/audit/export.csv?q=x")

    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "audit.export")).one()
    assert event.details["text"] == "x"


def mailbox_of(app: Flask) -> Path:
    return Path(app.extensions["chipbridge_settings"].mail_url.removeprefix("folder:"))


@pytest.fixture
def letter_id(app: Flask, session: Session) -> uuid.UUID:
    """A message in the folder."""
    mail = kept(session)
    with app.app_context():
        deliver_due(transport_for(app.extensions["chipbridge_settings"].mail_url))
    return mail.id


def test_the_mailbox_lists_messages(client: FlaskClient, letter_id: uuid.UUID) -> None:
    text = client.get("/dev/mailbox/").text

    assert f"/dev/mailbox/{letter_id}" in text
    assert "a.need@example.com" in text


def test_a_message_of_the_mailbox_is_shown_in_a_frame_as_text_and_with_its_headers(
    client: FlaskClient, letter_id: uuid.UUID
) -> None:
    text = client.get(f"/dev/mailbox/{letter_id}").text

    assert f'src="/dev/mailbox/{letter_id}/html"' in text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in text
    assert "The authority has approved your need." in text
    assert "auto-generated" in text


def test_only_the_frame_may_hold_inline_styles(client: FlaskClient, letter_id: uuid.UUID) -> None:
    frame = client.get(f"/dev/mailbox/{letter_id}/html").headers["Content-Security-Policy"]
    page = client.get(f"/dev/mailbox/{letter_id}").headers["Content-Security-Policy"]

    assert "style-src 'unsafe-inline'" in frame
    assert "frame-ancestors 'self'" in frame
    assert "unsafe-inline" not in page


def test_a_message_can_be_taken_as_it_would_travel(app: Flask, client: FlaskClient, letter_id: uuid.UUID) -> None:
    answer = client.get(f"/dev/mailbox/{letter_id}.eml")

    assert answer.mimetype == "message/rfc822"
    assert answer.data == (mailbox_of(app) / f"{letter_id.hex}.eml").read_bytes()


def test_a_message_that_is_not_there_is_not_shown(client: FlaskClient) -> None:
    assert client.get(f"/dev/mailbox/{uuid.uuid4()}").status_code == 404


def test_nobody_from_elsewhere_looks_into_the_mailbox(client: FlaskClient, letter_id: uuid.UUID) -> None:
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}

    assert client.get("/dev/mailbox/", environ_overrides=elsewhere).status_code == 404
    assert client.get(f"/dev/mailbox/{letter_id}.eml", environ_overrides=elsewhere).status_code == 404
    assert "/dev/mailbox/" not in client.get("/help", environ_overrides=elsewhere).text


@pytest.mark.parametrize("changes", [{"is_production": True}, {"mail_url": "smtp://mail.example"}])
def test_there_is_no_mailbox_in_production_or_beside_a_mail_server(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    settings = replace(app.extensions["chipbridge_settings"], **changes)
    monkeypatch.setitem(app.extensions, "chipbridge_settings", settings)

    assert client.get("/dev/mailbox/").status_code == 404
