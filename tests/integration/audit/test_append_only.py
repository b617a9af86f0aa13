"""The trail can be added to and read; nothing else."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.audit import queries, service
from app.audit.models import AuditEvent
from app.audit.queries import AuditFilter
from app.audit.service import ORIGIN, Origin
from app.core.actor import SYSTEM, Actor, MemberRole, StaffRole
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ACTOR = Actor(user_id=uuid.UUID(int=1), name="李工", organization_id=uuid.UUID(int=2), member_role=MemberRole.EDITOR)
SUBJECT = uuid.UUID(int=3)
EMPTYING = {"sqlite": "DELETE FROM audit_events", "postgresql": "TRUNCATE audit_events CASCADE"}


def record(session: Session, action: str = "need.publish", **changes: object) -> AuditEvent:
    values = {"subject_type": "need", "subject_id": SUBJECT, "label": "采样芯片", **changes}
    service.record(session, ACTOR, action, values.pop("subject_type"), values.pop("subject_id"), **values)
    session.commit()
    return session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc())).first()


def found(session: Session, **wanted: object) -> list[str]:
    return [event.action for event in queries.events(session, wanted=AuditFilter(**wanted), page=1).items]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_events SET actor_name = 'somebody else'", "DELETE FROM audit_events"],
)
def test_the_database_refuses_to_change_the_trail(session: Session, statement: str) -> None:
    record(session)

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(statement))


def test_the_database_refuses_to_empty_the_trail(session: Session) -> None:
    record(session)

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(EMPTYING[session.get_bind().dialect.name]))


def test_the_orm_cannot_change_a_row_either(session: Session) -> None:
    event = record(session)
    event.actor_name = "somebody else"

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.flush()


def test_a_row_says_who_did_what_to_what_when_and_from_where(session: Session) -> None:
    token = ORIGIN.set(Origin(request_id="abc", ip="192.0.2.1"))

    event = record(session, opinion="ok")

    ORIGIN.reset(token)
    assert (event.actor_id, event.actor_name, event.capacity) == (ACTOR.user_id, "李工", "editor")
    assert (event.action, event.subject_type, event.subject_id) == ("need.publish", "need", SUBJECT)
    assert (event.subject_label, event.details) == ("采样芯片", {"opinion": "ok"})
    assert (event.request_id, event.ip, event.created_at) == ("abc", "192.0.2.1", NOON)


@pytest.mark.parametrize(
    ("actor", "capacity"),
    [
        (SYSTEM, "system"),
        (Actor(user_id=uuid.uuid4(), roles=frozenset({StaffRole.OPERATOR})), "operator"),
        (Actor(user_id=uuid.uuid4(), member_role=MemberRole.OWNER), "owner"),
        (Actor(user_id=uuid.uuid4()), "person"),
    ],
)
def test_a_row_says_in_which_capacity_somebody_acted(session: Session, actor: Actor, capacity: str) -> None:
    service.record(session, actor, "a.b", "thing", None)
    session.flush()

    assert session.scalar(sa.select(AuditEvent.capacity)) == capacity


def test_long_names_are_cut_not_refused(session: Session) -> None:
    service.record(session, Actor(name="长" * 300), "a.b", "thing", None, label="长" * 300)
    session.flush()

    event = session.scalars(sa.select(AuditEvent)).one()
    assert (len(event.actor_name), len(event.subject_label)) == (120, 200)


@pytest.mark.parametrize(
    ("wanted", "actions"),
    [
        ({}, ["need.close", "need.publish"]),
        ({"action": "need.close"}, ["need.close"]),
        ({"subject_type": "need"}, ["need.publish"]),
        ({"subject_id": SUBJECT}, ["need.publish"]),
        ({"text": "采样"}, ["need.publish"]),
        ({"text": "李工"}, ["need.close", "need.publish"]),
        ({"text": "NEED.CLOSE"}, ["need.close"]),
        ({"text": "%"}, []),
        ({"since": NOON}, ["need.close", "need.publish"]),
        ({"until": NOON}, []),
    ],
)
def test_the_trail_is_searched(session: Session, wanted: dict[str, object], actions: list[str]) -> None:
    record(session, "need.publish")
    record(session, "need.close", subject_type="challenge", subject_id=uuid.UUID(int=9), label="")

    assert found(session, **wanted) == actions


def test_what_a_running_competition_seals_is_left_out_of_everything(session: Session) -> None:
    challenge = ChallengeFactory()
    service.record_sealed(session, ACTOR, "bid.submit", "bid", SUBJECT, sealed_by=challenge.id)
    session.commit()

    assert found(session) == []
    assert list(queries.stream(session, wanted=AuditFilter())) == []
    assert queries.actions(session) == []


def test_a_page_of_the_trail_takes_two_queries(session: Session) -> None:
    for _ in range(3):
        record(session)

    with count_queries() as statements:
        queries.events(session, wanted=AuditFilter(), page=1)

    assert len(statements) == 2
