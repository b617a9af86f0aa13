from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from app.mail.compose import compose
from app.mail.render import Rendered
from app.notifications.digest_mail import headers
from tests.golden.letters import LETTERHEAD, letter
from tests.support.clock import NOON

RENDERED = Rendered(subject="有 2 项对接等待您答复", text="您好\n", html="<p>您好</p>\n")
LONG_LINK = "/unsubscribe/" + "x" * 300


def composed(**changes: Any) -> bytes:
    values: dict[str, Any] = {
        "rendered": RENDERED,
        "letterhead": LETTERHEAD,
        "message_id": "<0123456789abcdef@chipbridge.example>",
        "recipient": "person@example.com",
        "locale": "zh_Hans_CN",
        "now": NOON,
        "headers": {},
    }
    values |= changes
    return compose(values.pop("rendered"), **values)


def parsed(**changes: Any) -> EmailMessage:
    message: EmailMessage = message_from_bytes(composed(**changes), policy=policy.default)
    return message


def contents(message: EmailMessage) -> list[str]:
    return [part.get_content().replace("\r\n", "\n") for part in message.iter_parts()]


def test_a_message_has_a_text_part_then_an_html_part() -> None:
    message = parsed()

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert contents(message) == ["您好\n", "<p>您好</p>\n"]


def test_a_whole_digest_survives_the_way_through_a_parser() -> None:
    digest = letter("digest", "zh_Hans_CN")

    message = parsed(rendered=digest)

    assert message["Subject"] == digest.subject
    assert contents(message) == [digest.text, digest.html + "\n"]
    assert message.defects == []


def test_a_message_says_from_whom_to_whom_and_that_a_machine_wrote_it() -> None:
    message = parsed()

    assert message["From"].addresses[0].display_name == "芯端桥 Chipbridge"
    assert message["From"].addresses[0].addr_spec == "noreply@chipbridge.example"
    assert message["To"] == "person@example.com"
    assert message["Message-ID"] == "<0123456789abcdef@chipbridge.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "zh-Hans-CN"


def test_the_date_is_shanghai_time() -> None:
    date = parsed()["Date"]

    assert str(date) == "Tue, 24 Nov 2026 12:00:00 +0800"
    assert date.datetime == NOON


def test_every_line_is_short_seven_bit_and_ends_in_crlf() -> None:
    raw = composed(rendered=letter("digest", "zh_Hans_CN"))

    lines = raw.split(b"\r\n")
    assert raw.isascii()
    assert max(len(line) for line in lines) <= 998
    assert b"\n" not in b"".join(lines)


def test_the_same_message_is_made_of_the_same_bytes() -> None:
    assert composed() == composed()


def test_mail_programs_find_the_one_click_way_out() -> None:
    message = parsed(headers=headers(LONG_LINK))

    assert message["List-Unsubscribe"] == f"<https://chipbridge.example{LONG_LINK}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"] == "Chipbridge digest <digest.chipbridge.example>"


def test_the_address_of_the_way_out_is_never_folded() -> None:
    assert b"List-Unsubscribe: <https://chipbridge.example" + LONG_LINK.encode() + b">\r\n" in composed(
        headers=headers(LONG_LINK)
    )


def test_a_domain_of_chinese_characters_travels_in_its_ascii_form() -> None:
    assert parsed(recipient="info@例子.example")["To"] == "info@xn--fsqu00a.example"


@pytest.mark.parametrize(
    "recipient",
    [
        "李雷@example.com",
        "no address",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "",
    ],
)
def test_what_is_no_address_of_one_mailbox_is_refused(recipient: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        composed(recipient=recipient)


def test_a_subject_with_a_line_end_is_refused() -> None:
    with pytest.raises(ValueError, match="may not contain linefeed"):
        composed(rendered=Rendered(subject="a\r\nBcc: b@example.com", text="", html=""))


@pytest.mark.parametrize("value", ["a\r\nBcc: b@example.com", "ä", "x" * 1000])
def test_a_machine_header_that_no_server_takes_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        composed(headers={"List-Unsubscribe": value})


def test_an_instant_of_another_zone_is_the_same_instant() -> None:
    there = NOON.astimezone(dt.timezone(dt.timedelta(hours=-5)))

    assert composed(now=there) == composed()
