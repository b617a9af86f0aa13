"""The row of a sealed job names nobody, in clear text, and does its work all the same."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.core import box
from app.core.errors import DomainError
from app.jobs import run
from app.outbox import service
from app.outbox.models import Job, JobState
from app.outbox.service import NEWS, enqueue, publish_sealed
from tests.support.clock import NOON
from tests.support.sealed import COMPETITION, told_by

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

FIRM = uuid.UUID("f1f1f1f1-0000-4000-8000-000000000001")
PERSON = uuid.UUID("b1b1b1b1-0000-4000-8000-000000000001")


def ask(session: Session, occasion: str = f"bid.seal:{FIRM}") -> None:
    publish_sealed(session, occasion=occasion, organization_id=FIRM, sealed_by=COMPETITION, now=NOON)
    session.commit()


def test_no_column_tells_which_firm_it_is_about(session: Session) -> None:
    ask(session)

    assert FIRM.hex not in told_by(session, "jobs").replace("-", "")


def test_the_worker_reads_what_it_is_about(session: Session) -> None:
    ask(session)

    job = service.claim(session, worker="w", now=NOON)

    assert job is not None
    assert (job.kind, job.payload) == (NEWS, {"organization_id": str(FIRM)})


def test_who_asked_for_it_is_not_noted(session: Session) -> None:
    enqueue(session, NEWS, now=NOON, requested_by=PERSON, sealed_by=COMPETITION)

    assert session.scalar(sa.select(Job.requested_by)) is None


def test_the_same_request_is_merged_with_one_that_waits(session: Session) -> None:
    ask(session)
    ask(session)

    assert session.scalar(sa.select(sa.func.count()).select_from(Job)) == 1


def test_an_error_is_told_by_its_kind_only(
    own_app: Flask, own_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_running: object) -> None:
        raise ValueError(f"the firm {FIRM} offers 706.1")

    monkeypatch.setitem(run.HANDLERS, NEWS, fail)
    ask(own_session)

    run.run_one(own_app, worker="w")

    assert own_session.scalar(sa.select(Job.last_error)) == "ValueError"


def test_a_refusal_is_told_by_its_code_only(
    own_app: Flask, own_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_running: object) -> None:
        raise DomainError(f"the firm {FIRM} is closed", code="closed")

    monkeypatch.setitem(run.HANDLERS, NEWS, refuse)
    ask(own_session)

    run.run_one(own_app, worker="w")

    assert own_session.scalar(sa.select(Job.last_error)) == "closed"


def test_a_payload_locked_with_a_lost_key_ends_its_job_and_stops_no_other(
    own_app: Flask, own_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(own_session)
    monkeypatch.setattr(box, "_Keys", type("Keys", (), {}))
    box.register_secret("another secret")

    run.run_one(own_app, worker="w")

    assert own_session.scalar(sa.select(Job.state)) is JobState.FAILED
