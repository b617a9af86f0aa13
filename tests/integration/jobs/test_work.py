"""Jobs from their row to their effect: handlers, failures, digests, and the worker inside the server."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.db import current_session, transaction
from app.jobs import digests, handlers, worker_of
from app.jobs.digests import SomeFailed, run_digests
from app.jobs.run import work_off
from app.mail.delivery import deliver_due
from app.mail.models import MailMessage, MailState
from app.mail.transports import transport_for
from app.notifications import digest_mail
from app.notifications.events import EventKind
from app.notifications.models import Digest, DigestFrequency, Notification, NotificationPreference
from app.outbox import service as outbox
from app.outbox.models import Job, JobState
from app.outbox.service import enqueue
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.bids import BidFactory
from tests.factories.catalog import ProductFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.events import ParticipantFactory, PersonalMeetingFactory
from tests.factories.matchmaking import MessageFactory, PairingFactory, PairingStepFactory
from tests.factories.reviews import called, experts_of
from tests.factories.robots import RobotFactory
from tests.support.clock import NOON
from tests.support.writing import write

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.notifications.recipients import Reader
    from config import Settings

REPOSITORY = Path(__file__).parents[3]
WAIT_SECONDS = 60


def queue(kind: str, **payload: Any) -> uuid.UUID:
    with transaction() as session:
        return enqueue(session, kind, now=NOON, payload=payload)


def work(app: Flask) -> int:
    n_done = work_off(app, worker="test")
    with app.app_context():
        deliver_due(transport_for(app.extensions["chipbridge_settings"].mail_url))
    return n_done


@pytest.fixture
def run(app: Flask, session: Session, model_dir: Path) -> Callable[..., Job]:
    """Return a function that queues one job, works off what is due and gives the job back."""

    def run_one(kind: str, **payload: Any) -> Job:
        with app.app_context():
            job_id = queue(kind, **payload)
        work(app)
        session.expire_all()
        return session.get_one(Job, job_id)

    return run_one


def test_an_event_is_told(run: Any, session: Session) -> None:
    need = NeedFactory()
    UserFactory(organization=need.organization)

    job = run("need.published", need_id=need.id)

    assert job.state is JobState.DONE
    assert session.scalar(sa.select(Notification.kind)) == "need.published"


def test_a_published_need_is_computed_too(run: Any, session: Session) -> None:
    need = NeedFactory()
    ProductFactory()

    run("need.published", need_id=need.id)

    assert session.scalars(sa.select(Job.state).where(Job.kind == "need.changed")).all() == [JobState.DONE]


def test_what_is_told_by_mail_is_delivered_in_the_same_round(run: Any, session: Session) -> None:
    need = NeedFactory()
    UserFactory(organization=need.organization)

    run("need.returned", need_id=need.id)

    assert session.scalars(sa.select(MailMessage.state)).all() == [MailState.SENT]


@pytest.mark.parametrize("kind", EventKind)
def test_every_event_can_be_handled_twice(run: Any, session: Session, kind: EventKind) -> None:
    pairing, bid = PairingFactory(), BidFactory(sealed=True)
    ids = {"need_id": pairing.need_id, "pairing_id": pairing.id, "bid_id": bid.id}
    ids["organization_id"] = pairing.demand_id
    ids |= {"meeting_id": PersonalMeetingFactory().id, "event_id": ParticipantFactory().event_id}
    panel = called()
    ids |= {"panel_id": panel.id, "seat_id": experts_of(panel)[0].id}
    ids |= {"step_id": PairingStepFactory().id, "message_id": MessageFactory().id, "robot_id": RobotFactory().id}
    UserFactory(organization=pairing.demand)
    UserFactory(organization=bid.organization)

    jobs = [run(kind, side="supply", **ids), run(kind, side="supply", **ids)]

    lines = session.scalars(sa.select(Notification.event_key)).all()
    assert [job.state for job in jobs] == [JobState.DONE, JobState.DONE]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("need.changed", {"need_id": uuid.UUID(int=1)}),
        ("product.changed", {"product_id": uuid.UUID(int=1)}),
        ("products.imported", {}),
        ("matching.recompute", {"trigger": "on_demand"}),
        ("challenges.close_due", {}),
        ("pairings.expire", {}),
        ("meetings.follow_up", {}),
        ("events.schedule", {"run_id": uuid.UUID(int=1)}),
        ("jobs.purge", {}),
        ("digests.run", {"frequency": "all"}),
    ],
)
def test_every_other_kind_runs_even_when_there_is_nothing_to_do(run: Any, kind: str, payload: dict[str, Any]) -> None:
    job = run(kind, **payload)

    assert (job.state, job.last_error) == (JobState.DONE, "")


@pytest.mark.parametrize(
    ("kind", "payload", "error"),
    [
        ("no.such.kind", {}, "Nothing is known about jobs of the kind 'no.such.kind'."),
        ("need.published", {}, "The job names no need_id."),
        ("need.published", {"need_id": "x"}, "The job names no need_id."),
        ("digest.send", {"user_id": uuid.UUID(int=1)}, "Nobody with a company and a confirmed address is meant here."),
    ],
)
def test_what_can_never_succeed_is_given_up_at_once(run: Any, kind: str, payload: dict[str, Any], error: str) -> None:
    job = run(kind, **payload)

    assert (job.state, job.attempts, job.last_error) == (JobState.FAILED, 1, error)


def test_a_failing_job_is_put_off_and_does_not_stop_the_next(
    run: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_running: object) -> None:
        raise ValueError("broken")

    monkeypatch.setitem(handlers.HANDLERS, "pairings.expire", fail)
    broken = run("pairings.expire")

    assert run("challenges.close_due").state is JobState.DONE
    assert (broken.state, broken.last_error) == (JobState.QUEUED, "ValueError: broken")
    assert broken.run_at == NOON + dt.timedelta(minutes=1)


def test_an_error_of_the_database_quotes_no_row(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_running: object) -> None:
        current_session().execute(sa.text("SELECT secret FROM no_such_table"))

    monkeypatch.setitem(handlers.HANDLERS, "pairings.expire", fail)

    error = run("pairings.expire").last_error

    assert "secret" not in error
    assert "no_such_table" not in error


def test_what_a_failing_job_changed_is_undone(run: Any, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_running: object) -> None:
        with transaction() as writing:
            writing.add(NotificationPreference(user_id=user.id))
            raise ValueError("broken")

    user = UserFactory()
    monkeypatch.setitem(handlers.HANDLERS, "pairings.expire", fail)

    run("pairings.expire")

    assert session.get(NotificationPreference, user.id) is None


def test_progress_is_shown_on_the_row(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(handlers.HANDLERS, "pairings.expire", lambda running: running.progress(2, 5))

    job = run("pairings.expire")

    assert (job.progress_done, job.progress_total) == (2, 5)


def readers(n: int, digest: str = "weekly") -> list[Any]:
    people = []
    for _ in range(n):
        user = UserFactory(organization=OrganizationFactory(chip=True))
        PairingFactory(product__organization=user.membership.organization)
        people.append(user)
    return people


def prefer(session: Session, user: Any, digest: str) -> None:
    session.add(NotificationPreference(user_id=user.id, digest=DigestFrequency(digest)))
    session.commit()


def with_digest(session: Session) -> set[uuid.UUID]:
    return set(session.scalars(sa.select(Digest.user_id)))


def test_a_run_makes_the_digests_of_its_frequency_only(run: Any, session: Session) -> None:
    daily, weekly, off = readers(3)
    prefer(session, daily, "daily")
    prefer(session, off, "off")

    job = run("digests.run", frequency="weekly")

    assert with_digest(session) == {weekly.id}
    assert (job.progress_done, job.progress_total) == (1, 1)


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(app: Flask, session: Session) -> None:
    people = readers(3)
    with app.app_context():
        digests.send_one(people[0].id)

        assert run_digests(lambda _done, _total: None, frequency="all") == 2


def test_a_failing_reader_does_not_stop_the_others_and_is_tried_again(
    run: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = readers(3)
    broken = sorted(user.id for user in people)[1]
    context = digest_mail.context

    def without_name(reader: Reader, *rest: Any, **more: Any) -> dict[str, Any]:
        told = context(reader, *rest, **more)
        return {name: value for name, value in told.items() if name != "name" or reader.user_id != broken}

    monkeypatch.setattr(digest_mail, "context", without_name)
    job = run("digests.run", frequency="weekly")

    assert with_digest(session) == {user.id for user in people} - {broken}
    assert (job.state, job.last_error) == (
        JobState.QUEUED,
        f"SomeFailed: 1 of 3 digests could not be made, the others were: {broken}: UndefinedError",
    )


def test_digests_that_cannot_be_kept_together_are_made_one_by_one(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = readers(3)

    def fail(*_: Any, **__: Any) -> None:
        raise sa.exc.OperationalError("", {}, Exception())

    monkeypatch.setattr(digests, "keep_digests", fail)
    with app.app_context():
        assert run_digests(lambda _done, _total: None, frequency="weekly") == 3

    assert with_digest(session) == {user.id for user in people}


def test_a_run_says_how_many_readers_failed(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    readers(1)

    def fail(*_: Any, **__: Any) -> None:
        raise ValueError("broken")

    monkeypatch.setattr(digest_mail, "context", fail)
    with app.app_context(), pytest.raises(SomeFailed, match="1 of 1"):
        run_digests(lambda _done, _total: None, frequency="weekly")


def wait_for(condition: Callable[[], bool]) -> None:
    """Return as soon as the condition holds; raise TimeoutError when it does not in time."""
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("nothing happened")
        time.sleep(0.02)


def is_done(app: Flask, job_id: uuid.UUID) -> Callable[[], bool]:
    def look() -> bool:
        with app.app_context():
            return current_session().get_one(Job, job_id).state is JobState.DONE

    return look


def n_delivered(app: Flask) -> int:
    mailbox = Path(app.extensions["chipbridge_settings"].mail_url.removeprefix("folder:"))
    return len(list(mailbox.glob("*.eml")))


@pytest.mark.real_clock
def test_the_worker_in_the_server_does_a_job_and_its_mail_after_the_commit(
    own_app: Flask, own_session: Session
) -> None:
    need = NeedFactory()
    UserFactory(organization=need.organization)
    worker = worker_of(own_app)
    worker.start()

    with own_app.app_context():
        queue("need.returned", need_id=need.id)
    wait_for(lambda: n_delivered(own_app) == 1)
    worker.stop()

    assert not worker.is_running


@pytest.mark.real_clock
def test_a_postman_that_stumbled_delivers_all_the_same(
    own_app: Flask, own_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stumbles = [RuntimeError("the database is away"), RuntimeError("and again")]

    def stumble(*given: Any, **named: Any) -> int:
        if stumbles:
            raise stumbles.pop()
        return deliver_due(*given, **named)

    monkeypatch.setattr("app.jobs.postman.deliver_due", stumble)
    monkeypatch.setattr("app.jobs.postman.LOOK_SECONDS", 0.01)
    worker = worker_of(own_app)
    worker.start()

    with own_app.app_context(), transaction() as session:
        write(session)
    wait_for(lambda: n_delivered(own_app) == 1)
    worker.stop()

    assert stumbles == []


@pytest.mark.real_clock
def test_the_postman_finds_what_nobody_called_him_for(
    own_app: Flask, own_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.jobs.postman.LOOK_SECONDS", 0.01)
    with own_app.app_context(), transaction() as session:
        write(session)  # nobody hears it: the worker does not run yet
    worker = worker_of(own_app)

    worker.start()
    wait_for(lambda: n_delivered(own_app) == 1)
    worker.stop()


@pytest.mark.real_clock
def test_a_message_goes_out_while_a_job_still_runs(
    own_app: Flask, own_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_wait(_running: object) -> None:
        with transaction() as session:
            write(session)
        wait_for(lambda: n_delivered(own_app) == 1)

    monkeypatch.setitem(handlers.HANDLERS, "jobs.purge", write_and_wait)
    monkeypatch.setattr("app.jobs.postman.LOOK_SECONDS", 0.01)
    with own_app.app_context():
        job_id = queue("jobs.purge")

    own_app.test_cli_runner().invoke(args=["jobs", "run-due"])

    assert is_done(own_app, job_id)()


@pytest.mark.real_clock
def test_the_sweeper_finds_what_nobody_was_told_of(own_app: Flask, own_session: Session) -> None:
    worker = worker_of(own_app)
    with own_app.app_context():
        job_id = queue("jobs.purge")  # nobody hears it: the worker does not run yet

    worker.start()
    wait_for(is_done(own_app, job_id))
    worker.stop()


@pytest.mark.real_clock
def test_the_sweeper_frees_what_a_dead_worker_held(own_app: Flask, own_session: Session) -> None:
    with own_app.app_context():
        job_id = queue("jobs.purge")
        with transaction() as session:
            outbox.claim(session, worker="dead", now=NOON)
    worker = worker_of(own_app)

    worker.start()  # by the real clock the lease ran out long ago, or has not begun
    with own_app.app_context(), transaction() as session:
        session.execute(sa.update(Job).where(Job.id == job_id).values(leased_until=NOON - dt.timedelta(days=365)))
    wait_for(is_done(own_app, job_id))
    worker.stop()


@pytest.mark.real_clock
def test_a_worker_that_is_asked_to_stop_finishes_what_it_does(
    own_app: Flask, own_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    began: list[int] = []

    def be_slow(_running: object) -> None:
        began.append(1)
        time.sleep(0.5)

    monkeypatch.setitem(handlers.HANDLERS, "jobs.purge", be_slow)
    worker = worker_of(own_app)
    worker.start()
    with own_app.app_context():
        job_id = queue("jobs.purge")
    wait_for(lambda: bool(began))

    worker.stop()

    assert is_done(own_app, job_id)()


def test_what_is_rolled_back_wakes_nobody(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    poked: list[object] = []
    monkeypatch.setattr(worker_of(app), "poke", poked.append)

    def queue_and_fail() -> None:
        with app.app_context(), transaction() as writing:
            enqueue(writing, "jobs.purge", now=NOON)
            raise ValueError("undo")

    with pytest.raises(ValueError, match="undo"):
        queue_and_fail()

    assert poked == []


def test_a_broker_that_is_away_does_not_fail_the_request(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError("the broker is away")

    worker = worker_of(app)
    monkeypatch.setattr(worker, "_is_embedded", False)
    monkeypatch.setattr(worker._actor, "send", fail)

    with app.app_context():
        job_id = queue("jobs.purge")

    assert session.get_one(Job, job_id).state is JobState.QUEUED


@pytest.mark.real_clock
def test_a_worker_process_that_is_killed_loses_no_job(own_settings: Settings, own_app: Flask) -> None:
    with own_app.app_context():
        job_id = queue("jobs.purge")
        with transaction() as session:
            outbox.claim(session, worker="killed", now=NOON)
            session.execute(sa.update(Job).values(leased_until=NOON - dt.timedelta(days=365)))
    environment = {
        **os.environ,
        "DATABASE_URL": own_settings.database_url,
        "SECRET_KEY": own_settings.secret_key,
        "INSTANCE_DIR": str(own_settings.instance_dir),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(is_done(own_app, job_id))
            process.send_signal(signal.SIGTERM)

            assert process.wait(WAIT_SECONDS) == 0
        finally:
            process.kill()


def test_a_worker_that_ended_after_telling_leaves_nothing_to_be_told_twice(app: Flask, session: Session) -> None:
    challenge = ChallengeFactory()
    UserFactory(organization=challenge.organization)
    with app.app_context(), transaction() as own:
        about = {"need_id": challenge.id}
        job_id = enqueue(own, "challenge.extended", now=NOON, key="challenge.extended:1:20261201", payload=about)
    work(app)

    # What the sweeper makes of a job whose worker is gone.
    lost = sa.update(Job).where(Job.id == job_id).values(state=JobState.QUEUED, key=None, finished_at=None)
    session.execute(lost)
    session.commit()
    work(app)

    assert session.scalar(sa.select(sa.func.count()).select_from(Notification)) == 1
