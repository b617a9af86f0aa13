"""What stands below a line of the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.notifications import labels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(autouse=True)
def _speaking(portal: Flask) -> Iterator[None]:
    """Lines need the catalogue of a portal."""
    with portal.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_a_question_after_a_meeting_names_the_event_and_the_time_but_not_the_company_again() -> None:
    payload = {"other": "星槎渡", "title": "对接会", "span": "2026-11-12 09:30–09:50"}

    assert labels.detail("meeting.next_day", payload) == "对接会 · 2026-11-12 09:30–09:50"


def test_a_pairing_names_the_chip_and_the_other_company() -> None:
    payload = {"title": "采样芯片", "product": "CB1814", "other": "星槎渡"}

    assert labels.detail("pairing.accepted", payload) == "CB1814 · 星槎渡"
