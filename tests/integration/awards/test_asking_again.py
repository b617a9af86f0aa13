"""A dismissed objection is looked at again once, in time, by another officer; until then nothing is awarded."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
import time_machine

from app.awards import service
from app.awards.models import Objection
from app.awards.workflow import ObjectionState
from app.core.calendar import add_working_days
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from tests.factories import awards as make
from tests.factories.accounts import officer
from tests.support.clock import NOON
from tests.support.objections import decide, firm, member_of, take_up

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = dt.timedelta(days=1)
MILLISECOND = dt.timedelta(milliseconds=1)


def dismissed(session: Session) -> tuple[Objection, Any]:
    publicity = make.noticed()
    objection = make.objection(publicity)
    take_up(session, objection)
    decide(session, objection, "dismiss")
    return objection, member_of(session, objection)


def ask_again(session: Session, objection: Objection, user: Any) -> Objection:
    return service.ask_again(
        session, actor=user.as_actor(), objection_id=objection.id, text=make.FACTS + "检测机构说明未盖章。", now=NOON
    )


def test_a_dismissed_objection_is_looked_at_again_once(session: Session) -> None:
    objection, user = dismissed(session)

    again = ask_again(session, objection, user)

    assert (again.reconsiders_id, again.state) == (objection.id, ObjectionState.RECEIVED)
    with pytest.raises((Conflict, sa.exc.IntegrityError)):
        ask_again(session, objection, user)


def test_nobody_else_asks_again(session: Session) -> None:
    objection, _user = dismissed(session)

    with pytest.raises(NotFound):
        ask_again(session, objection, firm())


def test_a_second_look_is_taken_by_another_officer(session: Session) -> None:
    publicity, person = make.noticed(), officer()
    objection = make.objection(publicity)
    take_up(session, objection)
    decide(session, objection, "dismiss", person=person)
    again = ask_again(session, objection, member_of(session, objection))

    with pytest.raises(NotAllowed, match="Another officer"):
        take_up(session, again, person=person)


def over_and_dismissed(session: Session) -> Objection:
    """Return an objection that was dismissed now, to a notice that is over."""
    publicity = make.noticed()
    objection = make.objection(publicity)
    take_up(session, objection)
    decide(session, objection, "dismiss")
    publicity.starts_at, publicity.ends_at = NOON - 8 * DAY, NOON - DAY
    session.commit()
    return objection


def award_at(session: Session, objection: Objection, now: dt.datetime) -> int:
    with time_machine.travel(now, tick=False):
        actor = officer().as_actor()
        return len(service.award_challenge(session, actor=actor, challenge_id=objection.challenge_id, now=now))


LAST = add_working_days(NOON, 5)


def test_nothing_is_awarded_while_a_dismissal_can_be_looked_at_again(session: Session) -> None:
    objection = over_and_dismissed(session)

    with pytest.raises(RuleViolation, match="can still ask"):
        award_at(session, objection, LAST - MILLISECOND)


def test_the_award_follows_when_the_time_to_ask_again_has_passed(session: Session) -> None:
    assert award_at(session, over_and_dismissed(session), LAST) == 1


def test_the_award_does_not_wait_for_somebody_who_will_not_ask_again(session: Session) -> None:
    objection = over_and_dismissed(session)

    actor = member_of(session, objection).as_actor()
    service.waive_asking_again(session, actor=actor, objection_id=objection.id, now=NOON)

    assert award_at(session, objection, NOON) == 1


def test_the_award_does_not_wait_twice_for_one_objection(session: Session) -> None:
    objection = over_and_dismissed(session)
    again = ask_again(session, objection, member_of(session, objection))
    take_up(session, again)
    decide(session, again, "dismiss")

    assert again.again_by is None
    assert award_at(session, objection, NOON) == 1


def test_who_has_waived_does_not_ask_again(session: Session) -> None:
    objection = over_and_dismissed(session)
    user = member_of(session, objection)
    service.waive_asking_again(session, actor=user.as_actor(), objection_id=objection.id, now=NOON)

    with pytest.raises(Conflict, match="will not ask again"):
        ask_again(session, objection, user)


def test_only_a_dismissal_is_waived_and_only_by_its_company(session: Session) -> None:
    dismissed_one, waiting = over_and_dismissed(session), make.objection(make.noticed())

    with pytest.raises(NotFound):
        service.waive_asking_again(session, actor=firm().as_actor(), objection_id=dismissed_one.id, now=NOON)
    user = member_of(session, waiting)
    with pytest.raises(Conflict):
        service.waive_asking_again(session, actor=user.as_actor(), objection_id=waiting.id, now=NOON)


def ask_at(session: Session, objection: Objection, instant: dt.datetime, claimed: dt.datetime) -> Objection:
    """Ask again when the database's clock says ``instant``, whatever the caller's says."""
    actor = member_of(session, objection).as_actor()
    with time_machine.travel(instant, tick=False):
        return service.ask_again(session, actor=actor, objection_id=objection.id, text=make.FACTS, now=claimed)


def test_it_is_asked_again_until_the_last_millisecond_by_the_databases_clock(session: Session) -> None:
    again = ask_at(session, over_and_dismissed(session), LAST - MILLISECOND, claimed=LAST + DAY)

    assert again.received_at == LAST - MILLISECOND


@pytest.mark.parametrize("late", [dt.timedelta(0), MILLISECOND])
def test_later_than_that_by_the_databases_clock_nobody_asks_again(session: Session, late: dt.timedelta) -> None:
    objection = over_and_dismissed(session)

    with pytest.raises(RuleViolation, match="are over"):
        ask_at(session, objection, LAST + late, claimed=NOON)
