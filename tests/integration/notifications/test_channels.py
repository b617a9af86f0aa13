"""What is mailed, when, and how often, as each person wants it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.mail.models import MailMessage
from app.notifications.events import EventKind
from app.notifications.models import Notification, NotificationPreference
from app.notifications.service import tell
from app.outbox.topics import URGENT, Topic
from tests.factories.accounts import UserFactory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session):
    """Reasons are put into words by Flask-Babel."""
    with app.app_context():
        yield


def prefer(session: Session, user: User, **values: Any) -> None:
    session.add(NotificationPreference(user_id=user.id, **values))
    session.commit()


def owner() -> tuple[Any, User]:
    need = NeedFactory()
    return need, UserFactory(organization=need.organization)


def published(session: Session, need: Any) -> None:
    tell(session, kind=EventKind.NEED_PUBLISHED, subject_id=need.id, now=NOON)


def mails(session: Session) -> list[MailMessage]:
    return list(session.scalars(sa.select(MailMessage)))


def n_lines(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Notification)) or 0


def test_a_topic_that_is_not_mailed_is_in_the_inbox(session: Session) -> None:
    need, user = owner()
    prefer(session, user, no_mail=["postings"])

    published(session, need)

    assert (mails(session), n_lines(session)) == ([], 1)


def test_another_topic_is_mailed_all_the_same(session: Session) -> None:
    need, user = owner()
    prefer(session, user, no_mail=["pairings"])

    published(session, need)

    assert len(mails(session)) == 1


def test_mail_waits_for_the_end_of_quiet_hours(session: Session) -> None:
    need, user = owner()
    prefer(session, user, quiet_from=11, quiet_until=14)

    published(session, need)

    [mail] = mails(session)
    assert mail.next_attempt_at == NOON + dt.timedelta(hours=2)


def test_beyond_the_most_per_day_there_is_only_the_inbox(session: Session) -> None:
    need, user = owner()
    prefer(session, user, max_daily=1)

    published(session, need)
    tell(session, kind=EventKind.NEED_RETURNED, subject_id=need.id, now=NOON)

    assert (len(mails(session)), n_lines(session)) == (1, 2)


def test_the_next_day_is_mailed_again(session: Session) -> None:
    need, user = owner()
    prefer(session, user, max_daily=1)
    published(session, need)

    tell(session, kind=EventKind.NEED_RETURNED, subject_id=need.id, now=NOON + dt.timedelta(days=2))

    assert len(mails(session)) == 2


@pytest.mark.parametrize("topic", [Topic.MEETINGS, Topic.BIDS, Topic.REVIEWS])
def test_meetings_bids_and_reviews_cannot_wait(topic: Topic) -> None:
    assert topic in URGENT


def test_preferences_are_kept_and_shown_again(
    session: Session, client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient]
) -> None:
    _, user = owner()
    person = login(client, user)
    shown = [topic.value for topic in Topic]
    chosen = {
        "digest": "monthly",
        "has_event_mail": "y",
        "mail": ["pairings", "bids"],
        "shown": shown,
        "max_daily": "5",
    }

    answer = person.post(
        "/workspace/notifications/preferences", data={**chosen, "quiet_from": "22", "quiet_until": "7"}
    )

    assert answer.status_code == 303
    kept = session.scalars(sa.select(NotificationPreference)).one()
    assert (kept.digest, kept.quiet_from, kept.quiet_until, kept.max_daily) == ("monthly", 22, 7, 5)
    assert set(kept.no_mail) == {"company", "postings", "meetings", "reviews", "competition", "queues"}
    shown = person.get("/workspace/notifications/preferences").text
    assert '<option selected value="22">' in shown


def test_half_a_span_of_quiet_hours_is_refused(
    session: Session, client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient]
) -> None:
    _, user = owner()

    answer = login(client, user).post(
        "/workspace/notifications/preferences", data={"digest": "daily", "quiet_from": "22", "quiet_until": ""}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"max_daily": "5"}, ["bids"]),
        ({"mail": ["bids"]}, []),
        ({"shown": ["pairings"]}, ["pairings", "bids"]),
        ({"shown": ["pairings", "bids"], "mail": ["bids"]}, ["pairings"]),
    ],
)
def test_a_part_of_the_form_changes_only_what_it_names(
    session: Session,
    client: FlaskClient,
    login: Callable[[FlaskClient, User], FlaskClient],
    sent: dict[str, Any],
    kept: list[str],
) -> None:
    _, user = owner()
    prefer(session, user, digest="monthly", no_mail=["bids"], quiet_from=22, quiet_until=7)

    login(client, user).post("/workspace/notifications/preferences", data=sent)

    session.expire_all()
    stored = session.scalars(sa.select(NotificationPreference)).one()
    assert (stored.no_mail, stored.has_event_mail) == (kept, True)
    assert (stored.digest, stored.quiet_from, stored.quiet_until) == ("monthly", 22, 7)


def test_the_box_of_single_events_is_cleared_only_where_it_was_shown(
    session: Session, client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient]
) -> None:
    _, user = owner()

    login(client, user).post("/workspace/notifications/preferences", data={"shown": ["has_event_mail"]})

    assert session.scalars(sa.select(NotificationPreference)).one().has_event_mail is False


def test_the_counting_of_links_is_ended_only_where_its_box_was_shown(
    session: Session, client: FlaskClient, login: Callable[[FlaskClient, User], FlaskClient]
) -> None:
    _, user = owner()
    prefer(session, user, counts_clicks=True)

    login(client, user).post("/workspace/notifications/preferences", data={"max_daily": "5"})

    session.expire_all()
    assert session.scalars(sa.select(NotificationPreference)).one().counts_clicks is True
