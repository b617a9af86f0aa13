"""A real portal, a real mail server and a real browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.browser import launch_args
from tests.support.server import Installation, installation
from tests.support.smtp import SmtpServer, smtp_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PATIENCE_MS = 30_000
LANGUAGES = {"en": "en-US", "zh": "zh-CN"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that no process is left alone with one of them."""
    items.sort(key=_patience_with, reverse=True)


def _patience_with(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


@pytest.fixture(autouse=True, scope="session")
def _patience() -> None:
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Launch Debian's Chromium, which calls nobody."""
    return launch_args()


@pytest.fixture(scope="session")
def mailbox() -> Iterator[SmtpServer]:
    """The mail server of the portal's mails."""
    with smtp_server() as server:
        yield server


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Where a portal is set up once for all processes of this run."""
    own: Path = tmp_path_factory.getbasetemp()
    return (own if worker_id == "master" else own.parent) / "prepared"


@pytest.fixture(scope="session")
def site(mailbox: SmtpServer, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The portal with its sample."""
    with installation(tmp_path_factory.mktemp("site"), mailbox.url, prepared=prepared) as running:
        yield running


@dataclass
class Visitors:
    """People, each with a browser of their own; what their browsers complain of is kept."""

    browser: Browser
    site: Installation
    complaints: list[str] = field(default_factory=list)
    _tolerated: str = ""
    _contexts: list[BrowserContext] = field(default_factory=list)

    def stranger(self, language: str = "en", *, viewport: dict[str, int] | None = None) -> Page:
        """Return the page of somebody who has not logged in."""
        context = self.browser.new_context(
            base_url=self.site.url,
            locale=LANGUAGES[language],
            timezone_id="Asia/Shanghai",
            viewport=viewport or DESKTOP,  # type: ignore[arg-type]  # a TypedDict
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def person(self, email: str, language: str = "en", *, viewport: dict[str, int] | None = None) -> Page:
        """Return the page of a demo person who has just logged in."""
        page = self.stranger(language, viewport=viewport)
        log_in(page, email, self.site.passwords[email])
        speak(page, language)
        return page

    def tolerate(self, text: str) -> None:
        """Expect the browser to complain of this: it reports every refused request."""
        self._tolerated = text

    def leave(self) -> None:
        """Close every browser."""
        for context in self._contexts:
            context.close()

    def _note(self, kind: str, text: str) -> None:
        is_tolerated = self._tolerated and self._tolerated in text
        if kind in ("error", "warning") and not is_tolerated:
            self.complaints.append(text)


def log_in(page: Page, email: str, password: str) -> None:
    """Log in by the form."""
    page.goto("/account/login")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")
    page.wait_for_url(lambda url: "/account/login" not in url)


def speak(page: Page, language: str) -> None:
    """Switch the page to a language, where it speaks another."""
    spoken = page.locator("html").get_attribute("lang") or ""
    if not spoken.startswith(language):
        page.locator("form.locale button").click()
        expect(page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-Hans-CN")


@pytest.fixture
def visitors(browser: Browser, site: Installation) -> Iterator[Visitors]:
    """Everybody who visits the portal in one test; no browser may complain about a page."""
    everybody = Visitors(browser, site)
    yield everybody
    everybody.leave()
    assert everybody.complaints == []
