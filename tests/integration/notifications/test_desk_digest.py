"""The digest of the desk: who is told how much waits, when, and that nobody is told twice."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import undefer

from app.core.errors import NotAllowed, NotFound, RuleViolation
from app.demands.workflow import PostingState
from app.jobs.digests import SomeFailed, run_desk_digests
from app.mail.models import MailMessage
from app.notifications import desk_digest, links
from app.notifications.models import NotificationPreference
from app.notifications.service import send_desk_digest, send_test_desk_digest
from app.outbox.models import Job, JobState
from app.queues.competition import PLACES
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator, prefecture_officer, supervisor
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.support import process
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User

DAY = dt.timedelta(days=1)
SATURDAY = NOON + 4 * DAY


@pytest.fixture(autouse=True)
def _context(app: Flask, session: Session):
    """Names of queues are put into words by Flask-Babel."""
    with app.app_context():
        yield


def submitted(n: int = 1, *, since: dt.datetime = NOON - DAY, **attributes: Any) -> None:
    for _ in range(n):
        NeedFactory(state=PostingState.SUBMITTED, submitted_at=since, published_at=None, **attributes)


def told(session: Session, user: User) -> dict[str, int]:
    found = desk_digest.lines(session, desk_digest.load_reader(session, user.id), now=NOON)
    return {line.label: line.n_waiting for line in found}


def texts(session: Session) -> list[str]:
    session.expire_all()
    query = sa.select(MailMessage).options(undefer(MailMessage.raw)).order_by(MailMessage.recipient)
    bodies = [message_from_bytes(one.raw, policy=policy.default).get_body(("plain",)) for one in session.scalars(query)]
    return [str(body.get_content()).replace("\r\n", "\n") for body in bodies if body is not None]


def run() -> int:
    return run_desk_digests(lambda done, total: None)


def test_an_officer_is_told_how_much_waits_since_when_and_what_is_overdue(session: Session) -> None:
    user = officer(locale="en", name="Chen")
    submitted(2, since=NOON - 40 * DAY)

    send_desk_digest(session, user_id=user.id, now=NOON)

    [text] = texts(session)
    assert "In 1 queue the answer is overdue." in text
    assert "- Review of postings: 2\n  The first waits since 2026-10-15.\n" in text
    assert "http://localhost/desk/postings/" in text


def test_a_digest_of_the_desk_names_no_posting(session: Session) -> None:
    user = officer()
    submitted(title="不可外传的标题")

    send_desk_digest(session, user_id=user.id, now=NOON)

    assert "不可外传的标题" not in texts(session)[0]


def test_what_went_wrong_waits_for_the_operator(session: Session) -> None:
    user = operator(locale="en")
    session.add(Job(kind="x", payload={}, state=JobState.FAILED, run_at=NOON, created_at=NOON, finished_at=NOON))
    session.commit()

    assert told(session, user) == {"Failed jobs": 1}


def test_a_prefecture_is_told_of_its_own_city_only(session: Session) -> None:
    user = prefecture_officer("440300", locale="en")
    ChallengeFactory(state=PostingState.SUBMITTED, organization=OrganizationFactory(city_code="440300"))
    process.submitted(organization=OrganizationFactory(city_code="440100"))
    submitted()

    assert set(told(session, user)) <= {"Challenges before their prefecture"}


@pytest.mark.parametrize("someone", [supervisor, UserFactory])
def test_who_only_reads_has_no_digest(session: Session, someone: Callable[[], User]) -> None:
    user = someone()

    with pytest.raises(NotFound):
        send_desk_digest(session, user_id=user.id, now=NOON)


def test_a_day_has_one_digest(session: Session) -> None:
    user = officer()
    submitted()

    assert send_desk_digest(session, user_id=user.id, now=NOON) is not None
    assert send_desk_digest(session, user_id=user.id, now=NOON) is None
    assert send_desk_digest(session, user_id=user.id, now=NOON + DAY) is not None


def test_when_nothing_waits_there_is_no_mail(session: Session) -> None:
    assert send_desk_digest(session, user_id=officer().id, now=NOON) is None


def test_who_has_switched_it_off_gets_none(session: Session) -> None:
    user = officer()
    session.add(NotificationPreference(user_id=user.id, no_mail=["queues"]))
    submitted()

    assert send_desk_digest(session, user_id=user.id, now=NOON) is None


def test_on_working_days_everybody_at_the_desk_is_told(session: Session) -> None:
    officer(), operator(), supervisor()
    submitted()

    assert run() == 2


def test_on_other_days_nobody_is(session: Session) -> None:
    officer()
    submitted()

    with time_machine.travel(SATURDAY, tick=False):
        assert run() == 0


def test_one_whose_digest_fails_does_not_stop_the_others(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    broken, _ = officer(locale="en"), officer()
    submitted()
    context = desk_digest.context

    def fail(reader: Any, found: Any) -> dict[str, Any]:
        return {} if reader.user_id == broken.id else context(reader, found)

    monkeypatch.setattr(desk_digest, "context", fail)

    with pytest.raises(SomeFailed, match=f"1 of 2 digests could not be made, the others were: {broken.id}"):
        run()
    assert len(texts(session)) == 1


def test_a_preview_goes_to_who_asks_and_the_days_digest_still_comes(session: Session) -> None:
    actor, user = officer().as_actor(), operator()
    submitted()

    send_test_desk_digest(session, actor=actor, user_id=user.id, now=NOON)

    assert session.scalars(sa.select(MailMessage.recipient)).all() == [actor.email]
    assert send_desk_digest(session, user_id=user.id, now=NOON) is not None


def test_a_preview_of_nothing_is_refused(session: Session) -> None:
    user = officer()

    with pytest.raises(RuleViolation):
        send_test_desk_digest(session, actor=user.as_actor(), user_id=user.id, now=NOON)


def test_an_operator_sees_no_digest_of_an_officer(session: Session) -> None:
    with pytest.raises(NotAllowed):
        send_test_desk_digest(session, actor=operator().as_actor(), user_id=officer().id, now=NOON)


def test_it_takes_few_queries(session: Session) -> None:
    user = officer()
    submitted(3)

    with count_queries() as counted:
        send_desk_digest(session, user_id=user.id, now=NOON)

    assert len(counted) <= 15


def test_the_pages_show_the_readers_and_a_preview(
    session: Session, client: FlaskClient, login: Callable[..., Any]
) -> None:
    user = officer(locale="en", name="Chen")
    submitted()
    desk = login(client, user)

    with count_queries() as counted:
        assert "Chen" in desk.get("/desk/digests/queues/").text
    assert len(counted) <= 12
    assert "1 item waits at the desk" in desk.get(f"/desk/digests/queues/{user.id}").text
    assert "1 item waits at the desk" in desk.get(f"/desk/digests/queues/{user.id}/html").text
    assert desk.post(f"/desk/digests/queues/{user.id}/test").status_code == 303


def test_an_empty_desk_is_told_as_such(client: FlaskClient, login: Callable[..., Any]) -> None:
    user = officer(locale="en")

    assert "Nothing waits" in login(client, user).get(f"/desk/digests/queues/{user.id}").text


@pytest.mark.parametrize(("someone", "is_offered"), [(officer, True), (supervisor, False), (UserFactory, False)])
def test_the_topic_is_offered_to_those_whose_queues_they_are(
    client: FlaskClient, login: Callable[..., Any], someone: Callable[..., User], is_offered: bool
) -> None:
    text = login(client, someone(locale="en")).get(links.PREFERENCES).text

    assert ("What waits at the desk" in text) is is_offered


@pytest.mark.parametrize(("endpoint", "path"), links.DESK_PAGES.items())
def test_every_queue_has_its_page(app: Flask, endpoint: str, path: str) -> None:
    assert app.url_map.bind("localhost").match(path)[0] == endpoint


def test_every_queue_of_the_competitions_has_an_address() -> None:
    assert {place.endpoint for place in PLACES.values()} <= set(links.DESK_PAGES)
