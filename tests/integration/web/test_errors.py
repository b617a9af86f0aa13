"""Refusals and failures: a page in the reader's language with the request's id, never a stack trace."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import TooManyRequests

from app.core import errors
from app.web import queries, routes
from app.web.headers import CONTENT_SECURITY_POLICY
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.matchmaking import SuggestionFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from werkzeug.test import TestResponse

    from app.accounts.models import User

    LogIn = Callable[[FlaskClient, User], FlaskClient]

LANGUAGES = {"en": "If you ask for help, name this number:", "zh": "寻求帮助时，请告知此编号："}
REQUEST_ID = "0123456789abcdef"


def fail_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the home page fail."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(queries, "home_page", fail)


def assert_is_error_page(answer: TestResponse, status: int, language: str) -> None:
    assert answer.status_code == status
    assert answer.headers["X-Request-ID"] == REQUEST_ID
    assert REQUEST_ID in answer.text
    assert LANGUAGES[language] in answer.text
    assert "Traceback" not in answer.text
    assert "File &#34;" not in answer.text


def headers(language: str) -> dict[str, str]:
    return {"Accept-Language": language, "X-Request-ID": REQUEST_ID}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/nothing-here", f"/needs/{uuid.UUID(int=1)}", "/needs/no-uuid", "/challenges/1"])
def test_what_does_not_exist_is_404(client: FlaskClient, language: str, path: str) -> None:
    assert_is_error_page(client.get(path, headers=headers(language)), 404, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_method_is_405_and_names_the_right_ones(client: FlaskClient, language: str) -> None:
    answer = client.post("/help", headers=headers(language))

    assert_is_error_page(answer, 405, language)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_forbidden_is_403(client: FlaskClient, login: LogIn, session: Session, language: str) -> None:
    login(client, operator(locale={"en": "en", "zh": "zh_Hans_CN"}[language]))

    answer = client.post(f"/desk/pairings/{SuggestionFactory().id}/approve", headers=headers(language))

    assert_is_error_page(answer, 403, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotAllowed("No.", code="x"), 403),
        (errors.NotFound("No.", code="x"), 404),
        (errors.Conflict("No.", code="x"), 409),
        (errors.RuleViolation("No.", code="x"), 422),
        (ZeroDivisionError("a secret of the server"), 500),
        (OperationalError("SELECT secret", {}, Exception("a secret of the server")), 503),
    ],
)
def test_every_failure_has_its_page(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, language: str, error: Exception, status: int
) -> None:
    fail_with(error, monkeypatch)

    answer = client.get("/", headers=headers(language))

    assert_is_error_page(answer, status, language)
    assert "secret" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_much_is_413(client: FlaskClient, app: Flask, language: str) -> None:
    size = app.config["MAX_CONTENT_LENGTH"] + 1

    answer = client.post("/locale", data={"next": "x" * size}, headers=headers(language))

    assert_is_error_page(answer, 413, language)
    assert answer.headers["Connection"] == "close"


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_often_is_429(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    fail_with(TooManyRequests(), monkeypatch)

    assert_is_error_page(client.get("/", headers=headers(language)), 429, language)


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    answer = client.post("/locale", data={"locale": "en"}, headers=headers("en"))

    assert_is_error_page(answer, 400, "en")
    assert "Reload it and send it again." in answer.text


def test_a_form_of_somebody_logged_out_meanwhile_says_so(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    answer = client.post("/workspace/needs/new", headers=headers("en"))

    assert_is_error_page(answer, 400, "en")
    assert "You are logged out." in answer.text


@pytest.mark.parametrize("given", ["short", "x" * 65, "<script>alert(1)</script>"])
def test_a_strange_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    answer = client.get("/nothing-here", headers={"X-Request-ID": given})

    assert answer.headers["X-Request-ID"] != given
    assert given not in answer.text


def test_the_way_on_never_leads_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/nothing-here", headers={"Referer": "https://evil.example/"})

    assert "evil.example" not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/help", "/healthz", "/nothing-here", "/account/login", "/static/css/base.css", "/workspace/"]
)
def test_every_answer_carries_the_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        found = answer.headers

    assert found["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert found["X-Content-Type-Options"] == "nosniff"
    assert found["Referrer-Policy"] == "same-origin"
    assert found["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in found["Permissions-Policy"]


def test_a_failure_carries_the_security_headers_too(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(ZeroDivisionError(), monkeypatch)

    assert client.get("/").headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_scripts_and_styles_come_from_here_only() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("path", ["/", "/help", "/account/login"])
def test_pages_have_no_inline_script_or_style(client: FlaskClient, path: str) -> None:
    shown = client.get(path).text

    assert " style=" not in shown
    assert "<style" not in shown
    assert " onclick=" not in shown
    assert shown.count("<script") == shown.count("<script src=") + shown.count('<script type="module" src=')


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-store"),
        ("/static/css/base.css?v=1", "public, max-age=31536000"),
        ("/static/css/base.css", "no-cache"),
    ],
)
def test_only_versioned_files_are_kept(client: FlaskClient, path: str, kept: str) -> None:
    with client.get(path) as answer:
        assert answer.headers["Cache-Control"] == kept


def test_health_tells_that_the_database_answers(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}


def test_health_fails_with_the_database(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        """A database that does not answer."""

        def execute(self, *_: object) -> None:
            """Fail."""
            raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(routes, "current_session", Gone)

    assert client.get("/healthz").status_code == 503


def test_people_of_companies_find_no_desk(client: FlaskClient, login: LogIn, session: Session) -> None:
    login(client, UserFactory(organization=OrganizationFactory()))

    assert client.get("/desk/").status_code == 404


def test_the_desk_opens_for_staff(client: FlaskClient, login: LogIn, session: Session) -> None:
    login(client, officer())

    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("path", ["/static/css/base.css", "/bootstrap/static/icons/bootstrap-icons.svg"])
def test_a_late_file_never_undoes_what_a_page_changed(
    client: FlaskClient, login: LogIn, session: Session, path: str
) -> None:
    login(client, UserFactory())
    with client.session_transaction() as cookie:
        cookie.permanent = True

    with client.get(path) as file:
        assert "Set-Cookie" not in file.headers
    assert "session=" in client.get("/").headers["Set-Cookie"]
