from __future__ import annotations

import datetime as dt

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from app.mail import letterhead
from app.mail.render import link, render
from tests.golden.letters import ACCOUNT, EVENT, NEED
from tests.support.clock import NOON

CONTEXT = {**EVENT, "title": NEED, "kind": "need"}


def test_a_subject_is_one_line_whatever_a_title_holds() -> None:
    subject = render("need_published", locale="en", context={**CONTEXT, "title": "a\r\nBcc: b@example.com"}).subject

    assert subject == "Your need is public: a Bcc: b@example.com"


def test_a_name_that_a_template_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'title' is undefined"):
        render("need_published", locale="en", context=EVENT)


def test_a_template_that_is_missing_is_an_error() -> None:
    with pytest.raises(TemplateNotFound):
        render("no_such_event", locale="en", context={})


def test_an_unknown_language_is_chinese() -> None:
    assert render("need_published", locale="fr", context=CONTEXT) == render(
        "need_published", locale="zh_Hans_CN", context=CONTEXT
    )


def test_instants_are_told_in_shanghai_time_with_their_zone() -> None:
    text = render("password_was_changed", locale="en", context={**ACCOUNT, "happened_at": NOON}).text

    assert "Time: 2026-11-24 12:00\u2009(Beijing time)" in text


def test_an_instant_in_any_zone_is_the_same_wall_time() -> None:
    tokyo = NOON.astimezone(dt.timezone(dt.timedelta(hours=9)))

    assert (
        "2026-11-24 12:00"
        in render("password_was_changed", locale="en", context={**ACCOUNT, "happened_at": tokyo}).text
    )


def test_paths_become_addresses_of_the_portal() -> None:
    assert link("/workspace/") == "https://chipbridge.example/workspace/"


def test_whole_addresses_stay_as_they_are() -> None:
    assert link("https://other.example/") == "https://other.example/"


def test_there_is_no_message_without_a_letterhead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letterhead._Current, "letterhead", None)

    with pytest.raises(RuntimeError, match="letterhead"):
        link("/")
