"""What companies and officers do about an objection."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import time_machine

from app.accounts.models import Organization
from app.awards import service
from app.awards.commands import DecideObjection, Remedy
from app.awards.models import Objection
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DECISION = "经核查，报告日期系笔误，检测机构已书面说明。"


def firm() -> Any:
    """Return a chip firm that has a bid nowhere."""
    return UserFactory(organization=OrganizationFactory(chip=True))


def member_of(session: Session, objection: Objection) -> Any:
    """Return somebody of the company that objects."""
    return UserFactory(organization=session.get_one(Organization, objection.organization_id))


def take_up(session: Session, objection: Objection, now: dt.datetime = NOON, person: Any = None) -> None:
    """Let an officer take an objection up."""
    with time_machine.travel(now, tick=False):
        actor = (person or officer()).as_actor()
        service.accept_objection(session, actor=actor, objection_id=objection.id, now=now)


def decide(
    session: Session,
    objection: Objection,
    how: str,
    remedy: Remedy | None = None,
    *,
    now: dt.datetime = NOON,
    person: Any = None,
    decision: str = DECISION,
) -> Objection:
    """Let an officer decide an objection."""
    act = {"dismiss": service.dismiss_objection, "find_right": service.find_right, "refuse": service.refuse_objection}
    actor = (person or officer()).as_actor()
    with time_machine.travel(now, tick=False):
        command = DecideObjection(decision, remedy)
        return act[how](session, actor=actor, objection_id=objection.id, command=command, now=now)


def uphold(session: Session, objection: Objection, remedy: Remedy, person: Any = None) -> Objection:
    """Let one officer find an objection right and another confirm it."""
    decide(session, objection, "find_right", remedy)
    actor = (person or officer()).as_actor()
    return service.uphold_objection(session, actor=actor, objection_id=objection.id, now=NOON)
