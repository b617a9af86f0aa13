from __future__ import annotations

import pytest

from app.mail.models import ReportKind
from app.mail.reports import read_reports
from tests.support.bounces import bounce, complaint

MESSAGE_ID = "<0123456789abcdef@chipbridge.example>"


@pytest.mark.parametrize("part", ["text/rfc822-headers", "message/rfc822"])
def test_a_bounce_names_address_status_and_message(part: str) -> None:
    [report] = read_reports(bounce(MESSAGE_ID, part=part))

    assert (report.kind, report.address, report.status) == (ReportKind.BOUNCE, "a.need@example.com", "5.1.1")
    assert report.message_id == MESSAGE_ID
    assert report.diagnostic.startswith("550 5.1.1 <a.need@example.com>: Recipient address rejected")


def test_a_complaint_names_its_message() -> None:
    [report] = read_reports(complaint(MESSAGE_ID, "a@example.com"))

    assert (report.kind, report.address, report.message_id) == (ReportKind.COMPLAINT, "a@example.com", MESSAGE_ID)


def test_a_report_of_a_delay_is_no_bounce() -> None:
    [report] = read_reports(bounce(MESSAGE_ID, action="delayed", status="4.4.1"))

    assert report.kind is ReportKind.DELAY
    assert not report.ends_address


def test_a_message_that_was_delivered_is_no_report() -> None:
    assert read_reports(bounce(MESSAGE_ID, action="delivered", status="2.0.0")) == []


@pytest.mark.parametrize(
    ("status", "ends"),
    [("5.1.1", True), ("5.0.0", True), ("5.2.1", True), ("5.2.2", False), ("5.7.1", False), ("4.2.2", False)],
)
def test_only_what_speaks_against_the_address_ends_it(status: str, ends: bool) -> None:
    [report] = read_reports(bounce(MESSAGE_ID, status=status))

    assert report.ends_address is ends


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: I am away\r\n\r\nuntil Monday",
        b"\xff\xfe\x00",
        b"Content-Type: message/delivery-status\r\n\r\n",
        b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: message/delivery-status\r\n\r\n\r\n--x--",
    ],
)
def test_anything_else_reports_nothing(raw: bytes) -> None:
    assert read_reports(raw) == []


def test_the_same_report_is_known_again() -> None:
    first, second = (read_reports(bounce(MESSAGE_ID))[0] for _ in range(2))

    assert first.fingerprint == second.fingerprint
