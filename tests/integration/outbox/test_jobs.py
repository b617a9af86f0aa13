"""The life of one durable job."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEvent
from app.core.errors import Conflict, NotAllowed, NotFound
from app.outbox import service
from app.outbox.models import Job, JobState
from app.outbox.service import KEPT, LEASE, MAX_ATTEMPTS, POKES, RETRY_AFTER, enqueue
from tests.factories.accounts import UserFactory, operator
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

A_SECOND = dt.timedelta(seconds=1)


def claimed(session: Session, *, worker: str = "w1", now: dt.datetime = NOON) -> Job:
    job = service.claim(session, worker=worker, now=now)
    assert job is not None
    return job


def failed(session: Session) -> Job:
    enqueue(session, "need.changed", now=NOON)
    job = claimed(session)
    service.fail(session, job.id, worker="w1", now=NOON, error="broken", is_final=True)
    session.refresh(job)
    return job


def test_a_job_is_due_at_once(session: Session) -> None:
    job_id = enqueue(session, "need.changed", now=NOON, payload={"need_id": uuid.UUID(int=1)})

    job = claimed(session)

    assert job.id == job_id
    assert (job.state, job.attempts, job.leased_by) == (JobState.RUNNING, 1, "w1")
    assert job.leased_until == NOON + LEASE
    assert job.payload == {"need_id": str(uuid.UUID(int=1))}


def test_a_job_for_later_is_not_taken_before(session: Session) -> None:
    enqueue(session, "challenges.close_due", now=NOON, run_at=NOON + A_SECOND)

    assert service.claim(session, worker="w1", now=NOON) is None
    assert service.claim(session, worker="w1", now=NOON + A_SECOND) is not None


def test_jobs_are_taken_in_the_order_in_which_they_are_due(session: Session) -> None:
    later = enqueue(session, "a", now=NOON, run_at=NOON)
    sooner = enqueue(session, "b", now=NOON, run_at=NOON - A_SECOND)

    assert [claimed(session).id, claimed(session).id] == [sooner, later]


def test_a_claimed_job_is_not_taken_twice(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    claimed(session)

    assert service.claim(session, worker="w2", now=NOON) is None


def test_a_given_job_is_taken_only_when_it_is_due(session: Session) -> None:
    job_id = enqueue(session, "a", now=NOON, run_at=NOON + A_SECOND)

    assert service.claim(session, worker="w1", now=NOON, job_id=job_id) is None


def test_a_waiting_job_of_the_same_key_covers_the_request(session: Session) -> None:
    first = enqueue(session, "need.changed", now=NOON, key="need:1", run_at=NOON + A_SECOND)

    again = enqueue(session, "need.changed", now=NOON, key="need:1")

    assert again == first
    assert session.get_one(Job, first).run_at == NOON


def test_a_waiting_job_is_never_put_off_by_a_later_request(session: Session) -> None:
    first = enqueue(session, "need.changed", now=NOON, key="need:1")

    enqueue(session, "need.changed", now=NOON, key="need:1", run_at=NOON + A_SECOND)

    assert session.get_one(Job, first).run_at == NOON


def test_a_running_job_does_not_cover_a_new_request(session: Session) -> None:
    first = enqueue(session, "need.changed", now=NOON, key="need:1")
    claimed(session)

    assert enqueue(session, "need.changed", now=NOON, key="need:1") != first


def test_what_was_queued_is_noted_for_after_the_commit(session: Session) -> None:
    job_id = enqueue(session, "a", now=NOON)

    assert session.info.pop(POKES) == [job_id]


def test_a_lease_is_renewed_for_every_job_of_a_worker(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    enqueue(session, "b", now=NOON)
    jobs = [claimed(session), claimed(session)]

    assert service.renew(session, worker="w1", now=NOON + A_SECOND) == 2

    session.expire_all()
    assert {job.leased_until for job in jobs} == {NOON + A_SECOND + LEASE}


def test_progress_is_shown_while_the_job_runs(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    job = claimed(session)

    service.report(session, job.id, worker="w1", done=3, total=7)

    session.refresh(job)
    assert (job.progress_done, job.progress_total) == (3, 7)


def test_a_worker_without_the_lease_reports_nothing(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    job = claimed(session)

    service.report(session, job.id, worker="w2", done=3, total=7)

    session.refresh(job)
    assert job.progress_total == 0


def test_a_finished_job_is_done(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    job = claimed(session)

    assert service.finish(session, job.id, worker="w1", now=NOON)

    session.refresh(job)
    assert (job.state, job.finished_at, job.leased_until) == (JobState.DONE, NOON, None)


def test_a_job_whose_lease_has_passed_on_is_not_finished_by_its_first_worker(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    job = claimed(session)
    later = NOON + LEASE + A_SECOND
    service.release_expired(session, now=later)
    claimed(session, worker="w2", now=later)

    assert not service.finish(session, job.id, worker="w1", now=later)

    session.refresh(job)
    assert (job.state, job.leased_by) == (JobState.RUNNING, "w2")


@pytest.mark.parametrize(("attempt", "pause"), list(enumerate(RETRY_AFTER, start=1)))
def test_a_failed_job_is_tried_again_after_a_growing_pause(session: Session, attempt: int, pause: dt.timedelta) -> None:
    enqueue(session, "a", now=NOON, key="k")
    job = claimed(session)
    job.attempts = attempt
    session.flush()

    state = service.fail(session, job.id, worker="w1", now=NOON, error="broken")

    session.refresh(job)
    assert state is JobState.QUEUED
    assert (job.run_at, job.key, job.last_error) == (NOON + pause, None, "broken")


def test_a_job_is_given_up_after_its_last_attempt(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    job = claimed(session)
    job.attempts = MAX_ATTEMPTS
    session.flush()

    assert service.fail(session, job.id, worker="w1", now=NOON, error="broken") is JobState.FAILED

    session.refresh(job)
    assert (job.state, job.finished_at) == (JobState.FAILED, NOON)


def test_a_final_failure_is_not_tried_again(session: Session) -> None:
    assert failed(session).state is JobState.FAILED


def test_a_long_error_is_cut(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    job = claimed(session)

    service.fail(session, job.id, worker="w1", now=NOON, error="x" * 10_000)

    session.refresh(job)
    assert len(job.last_error) == 4000


def test_a_lease_that_still_runs_is_left_alone(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    claimed(session)

    assert service.release_expired(session, now=NOON + LEASE) == 0


def test_what_a_dead_worker_held_is_queued_again(session: Session) -> None:
    enqueue(session, "a", now=NOON, key="k")
    job = claimed(session)
    later = NOON + LEASE + A_SECOND

    assert service.release_expired(session, now=later) == 1

    session.refresh(job)
    assert (job.state, job.run_at, job.key, job.leased_by) == (JobState.QUEUED, later, None, "")


def test_a_job_that_kills_its_worker_each_time_ends(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    job = claimed(session)
    job.attempts = MAX_ATTEMPTS
    session.flush()

    assert service.release_expired(session, now=NOON + LEASE + A_SECOND) == 0

    session.refresh(job)
    assert job.state is JobState.FAILED
    assert job.last_error == "The worker stopped in the middle of this job."


def test_the_operator_runs_a_failed_job_again_with_all_its_attempts(session: Session) -> None:
    actor = operator().as_actor()
    job = failed(session)

    service.retry(session, actor=actor, job_id=job.id, now=NOON + A_SECOND)

    session.flush()
    session.refresh(job)
    assert (job.state, job.attempts, job.run_at, job.finished_at) == (JobState.QUEUED, 0, NOON + A_SECOND, None)
    entry = session.scalars(sa.select(AuditEvent).where(AuditEvent.subject_id == job.id)).one()
    assert (entry.action, entry.actor_id, entry.subject_label) == ("job.retry", actor.user_id, "need.changed")
    assert entry.details == {}


def test_a_job_that_has_not_failed_is_not_run_again(session: Session) -> None:
    job_id = enqueue(session, "a", now=NOON)

    with pytest.raises(Conflict):
        service.retry(session, actor=operator().as_actor(), job_id=job_id, now=NOON)


def test_a_job_that_is_not_there_is_not_run_again(session: Session) -> None:
    with pytest.raises(NotFound):
        service.retry(session, actor=operator().as_actor(), job_id=uuid.uuid4(), now=NOON)


def test_only_the_desk_runs_jobs_again(session: Session) -> None:
    job = failed(session)

    with pytest.raises(NotAllowed):
        service.retry(session, actor=UserFactory().as_actor(), job_id=job.id, now=NOON)


def test_jobs_that_were_done_long_ago_are_forgotten(session: Session) -> None:
    enqueue(session, "a", now=NOON)
    service.finish(session, claimed(session).id, worker="w1", now=NOON)
    failure = failed(session)
    waiting = enqueue(session, "b", now=NOON)

    assert service.purge(session, now=NOON + KEPT) == 0
    assert service.purge(session, now=NOON + KEPT + A_SECOND) == 1

    assert set(session.scalars(sa.select(Job.id))) == {failure.id, waiting}
