"""Two workers on two real connections."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.db import current_session, transaction
from app.jobs import schedule
from app.mail import delivery
from app.mail.service import queue_mail
from app.notifications.service import send_digest
from app.outbox import service
from app.outbox.models import Job, JobState, Schedule
from tests.factories.accounts import UserFactory
from tests.factories.matchmaking import PairingFactory
from tests.golden.letters import EVENT
from tests.support.clock import NOON
from tests.support.racing import together

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

pytestmark = pytest.mark.real_clock  # threads wait for each other
N_JOBS = 12


def in_parallel(app: Flask, work: Callable[[Session], Any], n_threads: int = 2) -> list[Any]:
    """Do the same work in several threads at once, each in its own transaction, and return what came out."""

    def one() -> Any:
        with transaction() as session:
            return work(session)

    return together(app, *[one] * n_threads)


def queue_jobs(app: Flask, n_jobs: int) -> None:
    with app.app_context(), transaction() as session:
        for _ in range(n_jobs):
            service.enqueue(session, "need.changed", now=NOON)


def drain(app: Flask, worker: str) -> list[Any]:
    taken: list[Any] = []
    with app.app_context():
        while True:
            with transaction() as session:
                job = service.claim(session, worker=worker, now=NOON)
            if job is None:
                return taken
            taken.append(job.id)


def test_two_workers_never_take_the_same_job(own_app: Flask) -> None:
    queue_jobs(own_app, N_JOBS)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda worker: drain(own_app, worker), ["w1", "w2"])

    assert len(first) + len(second) == N_JOBS
    assert set(first).isdisjoint(second)


def test_two_requests_of_the_same_key_make_one_job(own_app: Flask) -> None:
    ids = in_parallel(own_app, lambda session: service.enqueue(session, "need.changed", now=NOON, key="need:1"))

    assert ids[0] == ids[1]


def test_a_job_that_is_touched_by_a_transaction_is_not_taken_before_its_end(own_app: Flask) -> None:
    with own_app.app_context(), transaction() as session:
        service.enqueue(session, "need.changed", now=NOON, key="need:1")
    touched, taken = threading.Event(), list[Any]()

    def take() -> None:
        touched.wait()
        taken.extend(drain(own_app, "w1"))

    worker = threading.Thread(target=take)
    worker.start()
    with own_app.app_context(), transaction() as session:
        service.enqueue(session, "need.changed", now=NOON, key="need:1")
        touched.set()
        worker.join(0.3)
        taken_before = list(taken)
    worker.join()
    taken += drain(own_app, "w2")

    assert taken_before == []
    assert len(taken) == 1


def test_a_recurring_job_is_queued_once_by_however_many_processes(own_app: Flask) -> None:
    with own_app.app_context(), transaction() as session:
        schedule.queue_due(session, now=NOON - dt.timedelta(days=1))

    queued = in_parallel(own_app, lambda session: schedule.queue_due(session, now=NOON), n_threads=4)

    due = [entry.name for entry in schedule.RECURRING if entry.next_after(NOON - dt.timedelta(days=1)) <= NOON]
    assert {"challenges.close_due", "digests.daily"} <= set(due)
    assert sorted(name for names in queued for name in names) == sorted(due)
    with own_app.app_context():
        assert current_session().scalar(sa.select(sa.func.count()).select_from(Job)) == len(due)


def test_the_first_look_at_the_calendar_queues_nothing(own_app: Flask) -> None:
    queued = in_parallel(own_app, lambda session: schedule.queue_due(session, now=NOON), n_threads=4)

    assert queued == [[], [], [], []]
    with own_app.app_context():
        assert set(current_session().scalars(sa.select(Schedule.fired_at))) == {NOON}


def test_what_a_dead_worker_held_is_released_once(own_app: Flask) -> None:
    queue_jobs(own_app, 1)
    drain(own_app, "dead")
    later = NOON + service.LEASE + dt.timedelta(seconds=1)

    assert sorted(in_parallel(own_app, lambda session: service.release_expired(session, now=later))) == [0, 1]


def test_only_one_of_finishing_and_releasing_wins(own_app: Flask) -> None:
    queue_jobs(own_app, 1)
    [job_id] = drain(own_app, "slow")
    later = NOON + service.LEASE + dt.timedelta(seconds=1)
    works = [
        lambda session: service.finish(session, job_id, worker="slow", now=later),
        lambda session: service.release_expired(session, now=later) == 1,
    ]

    won = in_parallel(own_app, lambda session: works.pop()(session))  # noqa: PLW0108 - each thread pops its own

    with own_app.app_context():
        state = current_session().get_one(Job, job_id).state
    assert sorted(won) == [False, True]
    assert state in (JobState.DONE, JobState.QUEUED)


def test_two_mailmen_never_carry_the_same_letter(own_app: Flask) -> None:
    with own_app.app_context(), transaction() as session:
        for number in range(N_JOBS):
            write(session, f"key {number}")

    claims = in_parallel(own_app, lambda session: delivery.claim(session, now=NOON, limit=N_JOBS // 2))

    ids = [letter.id for letters in claims for letter in letters]
    assert len(ids) == len(set(ids)) == N_JOBS


def test_the_same_thing_is_said_once_however_many_say_it(own_app: Flask) -> None:
    made = in_parallel(own_app, lambda session: write(session, "one key") is not None)

    assert sorted(made) == [False, True]


def test_a_person_gets_one_digest_a_period_however_many_make_it(own_app: Flask, own_session: Session) -> None:
    pairing = PairingFactory()
    reader = UserFactory(organization=pairing.demand)

    made = in_parallel(
        own_app, lambda session: send_digest(session, user_id=reader.id, now=NOON) is not None, n_threads=3
    )

    assert sorted(made) == [False, False, True]


def write(session: Session, key: str) -> Any:
    return queue_mail(
        session,
        template="need_published",
        user_id=None,
        recipient="person@example.com",
        locale="en",
        dedupe_key=key,
        context={**EVENT, "title": "A need", "kind": "need"},
        now=NOON,
    )
