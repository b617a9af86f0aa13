"""What people accept when they register can be read, and is one click away from every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

ENGLISH = {"Accept-Language": "en"}
SECTIONS = ("rules", "visibility", "terms", "privacy", "accessibility")


@pytest.mark.parametrize("section", SECTIONS)
def test_the_footer_leads_to_sections_that_exist(page: Callable[..., str], session: Session, section: str) -> None:
    home, text = page("/"), page("/help")

    assert f'href="/help#{section}"' in home
    assert f'id="{section}"' in text


@pytest.mark.parametrize("section", ["terms", "privacy"])
def test_whoever_registers_can_read_first_what_is_accepted(
    page: Callable[..., str], session: Session, section: str
) -> None:
    form = page("/account/register").partition("<footer")[0]

    assert f'href="/help#{section}"' in form


def test_the_privacy_notice_says_what_is_kept_and_which_rights_there_are(
    page: Callable[..., str], session: Session
) -> None:
    notice = page("/help", headers=ENGLISH).partition('id="privacy"')[2].partition("</section>")[0]

    assert "Personal Information Protection Law" in notice
    assert notice.count("<tr>") == 6
    assert "have your account deleted" in notice
