"""Nobody changes, removes or adds an entry unseen; and readers of the database learn nothing of sealed ones."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.audit import heads, queries, service
from app.audit.chain import MAIN
from app.audit.models import AuditEvent, AuditHead, AuditLink
from app.audit.queries import AuditFilter
from app.audit.sealed import disclose, opened
from app.audit.service import ORIGIN, Origin
from app.audit.verify import verify
from app.core import box
from app.core.actor import Actor, MemberRole
from app.jobs import trail
from tests.support.clock import NOON
from tests.support.queries import count_queries
from tests.support.racing import at_once
from tests.support.sealed import COMPETITION, keep_sealed, told_by

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

FIRM = uuid.UUID("f1f1f1f1-0000-4000-8000-000000000001")
BIDDER = Actor(
    user_id=uuid.UUID("b1b1b1b1-0000-4000-8000-000000000001"),
    name="绝密联系人",
    organization_id=FIRM,
    member_role=MemberRole.OWNER,
)
SUBJECT = uuid.UUID("5b5b5b5b-0000-4000-8000-000000000001")
TRIGGERS = {
    "sqlite": ("DROP TRIGGER audit_events_no_update", "DROP TRIGGER audit_events_no_delete",
               "DROP TRIGGER audit_links_no_update", "DROP TRIGGER audit_links_no_delete",
               "DROP TRIGGER audit_heads_no_update", "DROP TRIGGER audit_heads_no_delete"),
    "postgresql": ("DROP TRIGGER audit_events_no_change ON audit_events",
                   "DROP TRIGGER audit_links_no_change ON audit_links",
                   "DROP TRIGGER audit_heads_no_change ON audit_heads"),
}  # fmt: skip


def write(session: Session, action: str = "need.publish", **details: object) -> None:
    service.record(session, BIDDER, action, "need", SUBJECT, label="采样芯片", **details)
    session.commit()


def seal(session: Session, competition: uuid.UUID = COMPETITION) -> None:
    token = ORIGIN.set(Origin(request_id="request-4711", ip="192.0.2.77"))
    service.record_sealed(
        session, BIDDER, "bid.seal", "bid", SUBJECT, label="密标项目", sealed_by=competition, content_hash="abc"
    )
    session.commit()
    ORIGIN.reset(token)


@pytest.fixture
def forger(session: Session) -> Session:
    """A session of somebody who may do everything to the database."""
    for statement in TRIGGERS[session.get_bind().dialect.name]:
        session.execute(sa.text(statement))
    return session


def test_every_entry_is_linked_to_the_one_before(session: Session) -> None:
    write(session)
    write(session, "need.close")

    links = session.scalars(sa.select(AuditLink).order_by(AuditLink.number)).all()

    assert [(link.chain, link.number) for link in links] == [(MAIN, 1), (MAIN, 2)]
    assert links[1].previous == links[0].hash


def test_what_was_written_is_found_whole(session: Session) -> None:
    write(session, opinion="可以", n=3, share=0.25, parts=["a", None, True])
    seal(session)
    heads.publish_head(session, now=NOON)
    write(session, "need.close")

    verdict = verify(session)

    assert (verdict.is_whole, verdict.n_events, verdict.n_days) == (True, 2, 1)


def test_an_empty_trail_is_whole(session: Session) -> None:
    assert verify(session).is_whole


def test_what_is_rolled_back_leaves_no_link(session: Session) -> None:
    service.record(session, BIDDER, "need.publish", "need", SUBJECT)
    session.rollback()
    write(session)

    assert session.scalar(sa.select(sa.func.max(AuditLink.number))) == 1


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE audit_events SET actor_name = 'somebody else' WHERE seq = (SELECT min(seq) FROM audit_events)",
        "UPDATE audit_events SET ip = '192.0.2.1' WHERE seq = (SELECT max(seq) FROM audit_events)",
        "UPDATE audit_events SET created_at = '2026-01-01 00:00:00' WHERE seq = (SELECT min(seq) FROM audit_events)",
        "UPDATE audit_events SET details = '{}' WHERE action = 'need.publish'",
        "DELETE FROM audit_links WHERE number = 2",
        "UPDATE audit_links SET number = 9 WHERE number = 3",
        "INSERT INTO audit_events (created_at, actor_name, capacity, action, subject_type, subject_label, details, "
        "request_id, ip) VALUES ('2026-11-24 04:00:00', 'x', 'system', 'a.b', 'c', '', '{}', '', '')",
    ],
)
def test_a_forgery_is_found(forger: Session, forgery: str) -> None:
    for _ in range(3):
        write(forger, opinion="ok")

    forger.execute(sa.text(forgery))

    assert not verify(forger).is_whole


def test_a_changed_box_is_found_without_opening_it(forger: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(forger)
    forger.execute(sa.update(AuditEvent).values(box=b"another box"))
    monkeypatch.setattr(box, "_Keys", type("Keys", (), {}))

    assert not verify(forger).is_whole


def test_an_end_that_is_cut_off_is_found_by_the_published_hash(forger: Session) -> None:
    write(forger)
    write(forger)
    heads.publish_head(forger, now=NOON)

    forger.execute(sa.text("DELETE FROM audit_links WHERE number = 2"))
    forger.execute(sa.text("DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)"))

    assert verify(forger).fault == "Entries that a published hash covers are gone or others."


def test_a_trail_written_anew_does_not_fit_the_published_hash(forger: Session) -> None:
    write(forger)
    heads.publish_head(forger, now=NOON)
    for table in ("audit_links", "audit_events"):
        forger.execute(sa.text(f"DELETE FROM {table}"))
    forger.expunge_all()

    write(forger, "need.close")

    assert not verify(forger).is_whole


def test_a_removed_day_is_found(forger: Session) -> None:
    heads.publish_head(forger, now=NOON)
    heads.publish_head(forger, now=NOON + dt.timedelta(days=1))

    forger.execute(sa.text("DELETE FROM audit_heads WHERE day = (SELECT min(day) FROM audit_heads)"))
    forger.expunge_all()

    assert verify(forger).fault == "A published hash was changed, or one before it was removed."


def test_a_day_is_published_once(session: Session) -> None:
    heads.publish_head(session, now=NOON)

    assert heads.publish_head(session, now=NOON + dt.timedelta(hours=1)) is None
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditHead)) == 1


@pytest.mark.parametrize("table", ["audit_links", "audit_heads"])
def test_chain_and_days_cannot_be_changed_either(session: Session, table: str) -> None:
    write(session)
    heads.publish_head(session, now=NOON)

    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(f"UPDATE {table} SET hash = 'x'"))


def test_a_sealed_entry_tells_readers_of_the_database_nothing(session: Session) -> None:
    seal(session)

    told = told_by(session, "audit_events", "audit_links")
    words = (
        FIRM.hex,
        BIDDER.user_id.hex,
        SUBJECT.hex,
        "绝密联系人",
        "密标项目",
        "bid.seal",
        "192.0.2.77",
        "request-4711",
        "abc",
    )
    assert not [word for word in words if word in told.replace("-", "")]


def test_the_numbers_of_the_trail_do_not_count_sealed_entries(session: Session) -> None:
    write(session)
    seal(session)
    write(session)

    events = queries.events(session, wanted=AuditFilter(), page=1).items

    assert [event.link.number for event in events] == [2, 1]


def test_once_a_competition_is_opened_its_entries_are_told_like_any_other(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(session)
    keep_sealed(monkeypatch)

    disclose(session)
    session.commit()

    [event] = queries.events(session, wanted=AuditFilter(text="绝密联系人"), page=1).items
    assert (event.action, event.organization_id, event.subject_label) == ("bid.seal", FIRM, "密标项目")
    assert (event.created_at, event.request_id, event.ip) == (NOON, "request-4711", "192.0.2.77")
    assert verify(session).is_whole


def test_an_entry_is_disclosed_once(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(session)
    keep_sealed(monkeypatch)
    disclose(session)

    assert disclose(session) == 0


def test_while_a_competition_is_sealed_its_entries_are_not_disclosed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(session)
    keep_sealed(monkeypatch, COMPETITION)

    assert disclose(session) == 0
    assert queries.events(session, wanted=AuditFilter(), page=1).items == []


def test_a_disclosure_that_says_something_else_is_found(forger: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(forger)
    sealed = forger.scalars(sa.select(AuditEvent)).one()
    told = {**opened(sealed), "actor_name": "somebody else"}
    event = AuditEvent(**told, sealed_by=COMPETITION, created_at=sealed.created_at, discloses=sealed.seq)

    from app.audit.chain import add

    add(forger, event)
    forger.commit()

    assert verify(forger).fault == "An entry was disclosed as something else than was sealed."


def test_a_page_with_numbers_takes_two_queries(session: Session) -> None:
    write(session)
    write(session)

    with count_queries() as statements:
        page = queries.events(session, wanted=AuditFilter(), page=1)
        numbers = [event.link.number for event in page.items]

    assert (numbers, len(statements)) == ([2, 1], 2)


def test_the_trail_streams_with_its_numbers(session: Session) -> None:
    write(session)

    assert [event.link.number for event in queries.stream(session, wanted=AuditFilter())] == [1]


@pytest.mark.real_clock
def test_people_who_write_at_the_same_moment_make_one_chain(own_app: Flask, own_session: Session) -> None:
    def act(session: Session) -> None:
        service.record(session, BIDDER, "need.publish", "need", SUBJECT)

    refused = at_once(own_app, *[act] * 8)

    own_session.expire_all()
    assert refused == [None] * 8
    assert own_session.scalars(sa.select(AuditLink.number).order_by(AuditLink.number)).all() == list(range(1, 9))
    assert verify(own_session).is_whole


def test_the_nightly_job_publishes_and_says_what_it_found(own_app: Flask, own_session: Session) -> None:
    write(own_session)

    with own_app.app_context():
        trail.fix_day()

    own_session.expire_all()
    query = sa.select(AuditEvent).where(AuditEvent.action == "audit.verify").options(selectinload(AuditEvent.link))
    assert own_session.scalars(query).one().details == {"events": 1, "days": 0}
    assert own_session.scalar(sa.select(sa.func.count()).select_from(AuditHead)) == 1


def test_the_nightly_job_fails_aloud_when_the_trail_is_broken(own_app: Flask, own_session: Session) -> None:
    write(own_session)
    own_session.execute(sa.text(TRIGGERS[own_session.get_bind().dialect.name][0]))
    own_session.execute(sa.text("UPDATE audit_events SET actor_name = 'somebody else'"))
    own_session.commit()

    with own_app.app_context(), pytest.raises(trail.TrailBroken, match="changed after it was written"):
        trail.fix_day()
