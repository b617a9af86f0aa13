"""Links of digests are counted only for who has allowed it, never by whom, and lead nowhere but into the portal."""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from itsdangerous import URLSafeSerializer
from sqlalchemy.orm import undefer

from app.audit.models import AuditEvent
from app.mail.models import MailMessage
from app.notifications import clicks
from app.notifications.clicks import ClickKind
from app.notifications.models import DigestClick, NotificationPreference
from app.notifications.queries import click_figures
from app.notifications.service import count_click, send_digest, send_test_digest
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

DAY = dt.timedelta(days=1)
PREFERENCES = "/workspace/notifications/preferences"
KEY = "test-secret-key-that-guards-nothing"


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session):
    """Reasons are put into words by Flask-Babel."""
    with app.app_context():
        yield


def reader(session: Session, *, is_counted: bool) -> User:
    pairing = PairingFactory()
    user = UserFactory(organization=pairing.supplier, locale="en")
    session.add(NotificationPreference(user_id=user.id, counts_clicks=is_counted))
    session.commit()
    return user


def links_of_the_mail(session: Session) -> list[str]:
    raw = session.scalars(sa.select(MailMessage).options(undefer(MailMessage.raw))).one().raw
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body is not None
    return [found.removeprefix("http://localhost") for found in re.findall(r"http://\S+", body.get_content())]


def is_ticked(page: str) -> bool:
    [box] = re.findall(r'<input[^>]*name="counts_clicks"[^>]*>', page)
    return " checked" in box


def counted(session: Session) -> dict[str, int]:
    session.expire_all()
    return {row.kind: row.n for row in session.scalars(sa.select(DigestClick))}


def word(*told: Any, key: str = KEY) -> str:
    return URLSafeSerializer(key, salt=clicks.SALT).dumps(list(told))


def test_without_consent_links_lead_straight_to_their_pages(session: Session) -> None:
    send_digest(session, user_id=reader(session, is_counted=False).id, now=NOON)

    assert not [link for link in links_of_the_mail(session) if link.startswith("/r/")]


def test_with_consent_the_links_of_its_items_are_counted_and_no_others(session: Session) -> None:
    send_digest(session, user_id=reader(session, is_counted=True).id, now=NOON)

    links = links_of_the_mail(session)
    kinds = [clicks.read(link.removeprefix("/r/"))[0] for link in links if link.startswith("/r/")]
    assert kinds == [ClickKind.PAIRING, ClickKind.ANSWER]
    assert PREFERENCES in links
    assert any(link.startswith("/unsubscribe/") for link in links)


def test_a_counted_link_leads_to_its_page_and_counts_one(session: Session, client: FlaskClient) -> None:
    send_digest(session, user_id=reader(session, is_counted=True).id, now=NOON)
    link = next(link for link in links_of_the_mail(session) if link.startswith("/r/"))

    answers = [client.get(link), client.get(link)]

    assert {answer.status_code for answer in answers} == {302}
    assert re.fullmatch(r"/workspace/pairings/[0-9a-f-]{36}", answers[0].location)
    assert answers[0].headers["Cache-Control"] == "no-store"
    assert counted(session) == {"pairing": 2}


def test_colleagues_have_the_same_link_so_that_nobody_is_told_apart(session: Session) -> None:
    first = reader(session, is_counted=True)
    assert first.membership is not None
    second = UserFactory(organization=first.membership.organization)
    session.add(NotificationPreference(user_id=second.id, counts_clicks=True))
    session.commit()

    send_digest(session, user_id=first.id, now=NOON)
    own = [link for link in links_of_the_mail(session) if link.startswith("/r/")]
    session.execute(sa.update(MailMessage).values(raw=b""))
    send_digest(session, user_id=second.id, now=NOON)

    raws = session.scalars(sa.select(MailMessage.raw).where(MailMessage.raw != b"")).all()
    text = message_from_bytes(raws[0], policy=policy.default).get_body(("plain",))
    assert text is not None
    assert all(link in text.get_content() for link in own)


def test_programs_that_only_look_are_not_counted(session: Session, client: FlaskClient) -> None:
    assert client.head(f"/r/{word('answer', '/workspace/')}").status_code == 302
    assert counted(session) == {}


def test_a_click_leaves_no_trail(session: Session) -> None:
    count_click(session, kind=ClickKind.ANSWER, now=NOON)

    assert session.scalars(sa.select(AuditEvent)).all() == []


@pytest.mark.parametrize(
    "token",
    [
        word("pairing", "https://evil.example/", key="another key"),
        word("pairing", "/workspace/")[:-1],
        word("opened", "/workspace/"),
        word("pairing"),
        "x",
    ],
)
def test_a_word_that_the_portal_did_not_sign_leads_nowhere(session: Session, client: FlaskClient, token: str) -> None:
    assert client.get(f"/r/{token}").status_code == 404
    assert counted(session) == {}


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "workspace"])
def test_even_a_signed_word_leads_into_the_portal_only(session: Session, client: FlaskClient, target: str) -> None:
    assert client.get(f"/r/{word('pairing', target)}").status_code == 404
    assert counted(session) == {}


def test_a_preview_counts_nothing(session: Session) -> None:
    user = reader(session, is_counted=True)

    send_test_digest(session, actor=operator().as_actor(), user_id=user.id, now=NOON)

    assert not [link for link in links_of_the_mail(session) if link.startswith("/r/")]


def test_days_begin_in_shanghai_and_old_ones_do_not_show(session: Session) -> None:
    reader(session, is_counted=True)
    count_click(session, kind=ClickKind.PAIRING, now=NOON - 30 * DAY)
    count_click(session, kind=ClickKind.PAIRING, now=NOON - 29 * DAY)
    count_click(session, kind=ClickKind.PAIRING, now=NOON)
    count_click(session, kind=ClickKind.PAIRING, now=dt.datetime(2026, 11, 24, 16, 30, tzinfo=dt.UTC))

    figures = click_figures(session, now=NOON)

    assert (figures.n_readers, figures.by_kind) == (1, {"pairing": 3})
    assert session.scalars(sa.select(DigestClick.day).order_by(DigestClick.day)).all()[-1] == dt.date(2026, 11, 25)


def test_the_desk_sees_the_figures(session: Session, client: FlaskClient, login: Callable[..., Any]) -> None:
    count_click(session, kind=ClickKind.ANSWER, now=NOON)
    session.commit()
    desk = login(client, officer(locale="en"))

    with count_queries() as queries:
        text = desk.get("/desk/mail/").text

    assert "Pairings: answer" in text
    assert "0 readers allow that links are counted" in text
    assert len(queries) <= 12


def test_counting_is_off_until_somebody_allows_it_and_can_be_stopped(
    session: Session, client: FlaskClient, login: Callable[..., Any]
) -> None:
    user = UserFactory(organization=OrganizationFactory(), locale="en")
    person = login(client, user)
    assert not is_ticked(person.get(PREFERENCES).text)

    person.post(PREFERENCES, data={"digest": "weekly", "counts_clicks": "y"})
    assert session.scalars(sa.select(NotificationPreference.counts_clicks)).all() == [True]
    assert is_ticked(person.get(PREFERENCES).text)

    person.post(PREFERENCES, data={"digest": "weekly", "shown": ["counts_clicks"]})
    assert session.scalars(sa.select(NotificationPreference.counts_clicks)).all() == [False]
