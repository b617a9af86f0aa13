"""Programmes and working days as rows that the desk keeps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.challenges import service
from app.challenges.configurations import MIIT_ENTERPRISE, SEEDED
from app.challenges.models import Programme
from app.challenges.programme_content import filled_programme
from app.core.calendar import add_working_days, is_working_day
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from tests.factories.accounts import officer, operator, supervisor
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User


def seeded(session: Session) -> Programme:
    service.seed_programmes(session, now=NOON)
    session.commit()
    return session.scalars(select(Programme).where(Programme.code == MIIT_ENTERPRISE.code)).one()


def save(session: Session, row: Programme, **changes: Any) -> Programme:
    command = replace(filled_programme(row), **changes)
    done = service.save_programme(session, actor=officer().as_actor(), programme_id=row.id, command=command, now=NOON)
    session.commit()
    return done


def test_an_installation_begins_with_three_real_programmes(session: Session) -> None:
    seeded(session)

    assert set(session.scalars(select(Programme.code))) == {command.code for command in SEEDED}


def test_seeding_again_changes_nothing(session: Session) -> None:
    row = seeded(session)
    save(session, row, pass_line=75)

    again = service.seed_programmes(session, now=NOON)
    session.commit()

    assert (again, row.pass_line) == (0, 75)


def test_a_change_is_on_the_trail_with_before_and_after(session: Session) -> None:
    save(session, seeded(session), publicity_working_days=7)

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "programme.edit")).one()
    assert event.details["changes"] == {"publicity_working_days": {"before": 5, "after": 7}}


def test_two_editors_do_not_overwrite_each_other(session: Session) -> None:
    row = seeded(session)

    with pytest.raises(Conflict, match="meanwhile"):
        save(session, row, version=row.version - 1)


def test_a_code_is_given_once(session: Session) -> None:
    seeded(session)

    with pytest.raises(RuleViolation, match="code"):
        service.create_programme(session, actor=officer().as_actor(), command=MIIT_ENTERPRISE, now=NOON)


@pytest.mark.parametrize("who", [operator, supervisor])
def test_only_the_province_changes_programmes(session: Session, who: Callable[[], User]) -> None:
    with pytest.raises(NotAllowed):
        service.create_programme(session, actor=who().as_actor(), command=MIIT_ENTERPRISE, now=NOON)


FROZEN: list[dict[str, Any]] = [
    {"min_bid_window_days": 30},
    {"pass_line": 60},
    {"review_weights": ()},
    {"quota": (("default", 3),)},
    {"cash_percent": 40},
    {"requires_appraisal": False},
    {"code": "OTHER"},
]


@pytest.mark.parametrize("changes", FROZEN, ids=lambda changes: next(iter(changes)))
def test_what_a_published_challenge_rests_on_stays(session: Session, changes: dict[str, Any]) -> None:
    row = seeded(session)
    ChallengeFactory(programme=row)

    with pytest.raises(RuleViolation, match="stays as it is"):
        save(session, row, **changes)


@pytest.mark.parametrize("changes", FROZEN, ids=lambda changes: next(iter(changes)))
def test_before_the_first_publication_every_rule_may_change(session: Session, changes: dict[str, Any]) -> None:
    row = seeded(session)
    ChallengeFactory(programme=row, submitted=True)

    save(session, row, **changes)

    assert filled_programme(row) == replace(filled_programme(row), **changes)


def test_name_batch_and_whether_it_is_open_may_always_change(session: Session) -> None:
    row = seeded(session)
    ChallengeFactory(programme=row)

    save(session, row, name="新名称", batch="2026-2", is_open=False)

    assert (row.name, row.batch, row.is_open) == ("新名称", "2026-2", False)


@pytest.mark.parametrize("who", [officer, operator, supervisor])
def test_the_desk_reads_programmes_in_few_queries(
    session: Session, client: FlaskClient, login: Any, who: Callable[..., User]
) -> None:
    row = seeded(session)
    url, person = f"/desk/programmes/{row.id}", who(locale="en")
    login(client, person)

    with count_queries() as counted:
        answers = [client.get("/desk/programmes/"), client.get(url)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "MIIT-DQFB-2023" in answers[0].text
    assert len(counted) <= 20


def test_the_form_saves_what_it_shows(session: Session, client: FlaskClient, login: Any) -> None:
    row = seeded(session)
    before = filled_programme(row)
    login(client, officer(locale="en"))
    form = {**_typed(before), "publicity_working_days": "７", "version": str(row.version)}

    answer = client.post(f"/desk/programmes/{row.id}", data=form)

    session.refresh(row)
    assert answer.status_code == 303
    assert filled_programme(row) == replace(before, publicity_working_days=7, version=row.version)


def test_a_refused_form_keeps_what_was_typed(session: Session, client: FlaskClient, login: Any) -> None:
    row = seeded(session)
    login(client, officer(locale="en"))
    form = {**_typed(filled_programme(row)), "review_weights-0-max": "31", "basis": "某文件"}

    answer = client.post(f"/desk/programmes/{row.id}", data=form)

    assert answer.status_code == 422
    assert "must add up to 100" in answer.text
    assert "某文件" in answer.text


def _typed(command: Any) -> dict[str, str]:
    plain = {
        name: str(getattr(command, name))
        for name in command.__dataclass_fields__
        if name not in ("review_weights", "quota", "required_roles", "version", "mode")
        and getattr(command, name) not in (None, False)
    }
    weights = {
        f"review_weights-{place}-{part}": str(getattr(criterion, part))
        for place, criterion in enumerate(command.review_weights)
        for part in ("code", "name", "max")
    }
    return {**plain, **weights, "mode": command.mode.value}


# Working days.

DAY = dt.date(2027, 1, 4)


def set_day(session: Session, **changes: Any) -> None:
    given = {"day": DAY, "is_working": False, "note": "国办发明电〔2026〕9号", **changes}
    service.set_working_day(session, actor=officer().as_actor(), now=NOON, **given)
    session.commit()


def test_a_day_of_the_desk_counts_in_place_of_the_shipped_one(session: Session, app: Flask) -> None:
    before = add_working_days(dt.datetime(2027, 1, 1, 4, tzinfo=dt.UTC), 1)
    set_day(session)

    with app.app_context():
        after, rests = add_working_days(dt.datetime(2027, 1, 1, 4, tzinfo=dt.UTC), 1), not is_working_day(DAY)

    assert rests
    assert after == before + dt.timedelta(days=1)


def test_a_removed_day_follows_the_shipped_calendar_again(session: Session, app: Flask) -> None:
    set_day(session)
    service.clear_working_day(session, actor=officer().as_actor(), day=DAY)
    session.commit()

    with app.app_context():
        works = is_working_day(DAY)

    assert works
    assert list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq))) == [
        "calendar.set",
        "calendar.clear",
    ]


@pytest.mark.parametrize("changes", [{"note": ""}, {"day": dt.date(1999, 1, 1)}])
def test_a_day_needs_its_notice_and_a_year_of_the_calendar(session: Session, changes: dict[str, Any]) -> None:
    with pytest.raises(RuleViolation):
        set_day(session, **changes)


def test_the_operator_changes_no_day(session: Session) -> None:
    with pytest.raises(NotAllowed):
        service.set_working_day(session, actor=operator().as_actor(), day=DAY, is_working=False, note="通知", now=NOON)


def test_what_the_desk_never_said_cannot_be_removed(session: Session) -> None:
    with pytest.raises(NotFound):
        service.clear_working_day(session, actor=officer().as_actor(), day=DAY)


def test_the_calendar_is_kept_on_its_page(client: FlaskClient, login: Any) -> None:
    login(client, officer(locale="en"))
    sent = {"day": "2027-02-08", "kind": "off", "note": "国办发明电〔2026〕9号"}

    added = client.post("/desk/calendar/", data=sent)
    shown = client.get("/desk/calendar/?year=2027").text
    refused = client.post("/desk/calendar/", data={**sent, "note": ""})
    removed = client.post("/desk/calendar/2027-02-08/clear")

    assert (added.status_code, refused.status_code, removed.status_code) == (303, 422, 303)
    assert "2027-02-08 Monday" in shown
    assert client.post("/desk/calendar/yesterday/clear").status_code == 404
