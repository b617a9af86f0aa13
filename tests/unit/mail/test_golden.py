"""Every message looks as it was last looked at; ``python -m tests.golden`` writes them anew."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from app.mail.labels import TEMPLATES as NAMES
from app.mail.render import TEMPLATES
from app.notifications.events import EventKind
from tests.golden.letters import LETTERS, LOCALES, golden, letter, path

FOLDERS = sorted(folder.name for folder in (TEMPLATES / "email").iterdir() if folder.is_dir())


class Links(HTMLParser):
    """Collects the addresses of links and of everything that would be fetched."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.links += [values["href"] or ""] if tag == "a" else []
        self.fetched += [tag] if tag in ("img", "link", "script", "iframe") or "src" in values else []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_message_looks_as_it_was_last_looked_at(name: str, locale: str) -> None:
    rendered = golden(letter(name, locale))

    assert rendered == {suffix: path(name, locale, suffix).read_text(encoding="utf-8") for suffix in rendered}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", LETTERS)
def test_both_parts_lead_to_the_same_places(name: str, locale: str) -> None:
    rendered = letter(name, locale)

    assert [link for link in Links(rendered.html).links if link not in rendered.text] == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", LETTERS)
def test_nothing_of_a_message_is_fetched_from_elsewhere(name: str, locale: str) -> None:
    rendered = letter(name, locale)

    assert Links(rendered.html).fetched == []
    assert "url(" not in rendered.html


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_template_has_an_example_and_a_name_for_the_desk(folder: str) -> None:
    assert folder in {template for template, _ in LETTERS.values()}
    assert folder in NAMES


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_has_a_template(kind: EventKind) -> None:
    assert kind.template in FOLDERS


def test_what_people_typed_stays_text_in_html() -> None:
    html = letter("need_returned", "en").html

    assert "请补充温度范围。<br>Please state &lt;volumes&gt;." in html


def test_the_digest_says_why_how_often_and_how_to_stop() -> None:
    text = letter("digest", "en").text

    assert "You receive this digest weekly at most, because you act for 广东赛微终端有限公司" in text
    assert "When there is nothing new, none is sent." in text
    assert "Stop this digest: https://chipbridge.example/unsubscribe/signed-word" in text


def test_a_digest_without_pairings_is_about_deadlines() -> None:
    assert letter("digest_of_deadlines", "en").subject == "1 challenge of your field closes soon"
