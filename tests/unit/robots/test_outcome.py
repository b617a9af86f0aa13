"""What an answer means."""

from __future__ import annotations

import pytest

from app.robots.outcome import Fate, Outcome, Reason, judge


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"errcode":0,"errmsg":"ok"}', Outcome(Fate.SENT)),
        (200, b'{"errcode":93000,"errmsg":"invalid"}', Outcome(Fate.NEVER, Reason.INVALID_KEY, 93000)),
        (200, b'{"errcode":45009}', Outcome(Fate.LATER, Reason.BUSY, 45009)),
        (200, b'{"errcode":-1}', Outcome(Fate.LATER, Reason.BUSY, -1)),
        (200, b'{"errcode":40058}', Outcome(Fate.NEVER, Reason.REFUSED, 40058)),
        (200, b'{"errcode":"0"}', Outcome(Fate.NEVER, Reason.UNREADABLE)),
        (200, b'{"errcode":true}', Outcome(Fate.NEVER, Reason.UNREADABLE)),
        (200, b'{"errcode":99999999999}', Outcome(Fate.NEVER, Reason.UNREADABLE)),
        (200, b"[]", Outcome(Fate.NEVER, Reason.UNREADABLE)),
        (200, b"<html>", Outcome(Fate.NEVER, Reason.UNREADABLE)),
        (200, b"\xff\xfe", Outcome(Fate.NEVER, Reason.UNREADABLE)),
        (200, b"", Outcome(Fate.NEVER, Reason.UNREADABLE)),
        (302, b'{"errcode":0}', Outcome(Fate.NEVER, Reason.REDIRECT, 302)),
        (404, b'{"errcode":0}', Outcome(Fate.NEVER, Reason.REFUSED, 404)),
        (429, b"", Outcome(Fate.LATER, Reason.BUSY, 429)),
        (503, b"", Outcome(Fate.LATER, Reason.BUSY, 503)),
    ],
)
def test_an_answer_is_judged_by_its_code(status: int, body: bytes, outcome: Outcome) -> None:
    assert judge(status, body) == outcome
