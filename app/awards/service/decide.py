"""The authority decides an objection; meanwhile the notice stands still."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.awards import policy, rules
from app.awards.models import Objection, Publicity
from app.awards.service.locked import lock_objection
from app.awards.service.remedy import check_remedy, do_remedy
from app.awards.workflow import OBJECTION_WORKFLOW, TAKEN_UP, ObjectionEvent
from app.challenges.clock import database_now
from app.challenges.impartial import can_judge
from app.core.calendar import add_working_days
from app.core.errors import RuleViolation
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.awards.commands import DecideObjection
    from app.challenges.models import Challenge
    from app.core.actor import Actor


def accept_objection(session: Session, *, actor: Actor, objection_id: uuid.UUID, now: dt.datetime) -> Objection:
    """Take an objection up: it is investigated, and the notice stands still until it is decided.

    The database's clock says since when. Raises NotFound, NotAllowed or Conflict.
    """
    challenge, objection = _lock(session, actor, objection_id, now)
    objection.state = OBJECTION_WORKFLOW.step(objection.state, ObjectionEvent.ACCEPT)
    publicity = session.get_one(Publicity, objection.publicity_id)
    if publicity.ended_at is None and publicity.frozen_at is None:
        # A notice whose time is up stays just before its end: it is not over while an objection stands.
        publicity.frozen_at = min(database_now(session), publicity.ends_at)
    session.flush()
    _tell(session, actor, challenge, objection, "objection.accept", now)
    return objection


def refuse_objection(
    session: Session, *, actor: Actor, objection_id: uuid.UUID, command: DecideObjection, now: dt.datetime
) -> Objection:
    """Do not take an objection up (anonymous, late, without evidence…).

    Raises NotFound, NotAllowed, Conflict or RuleViolation (no reasons).
    """
    challenge, objection = _decide(session, actor, objection_id, ObjectionEvent.REFUSE, command, now)
    _tell(session, actor, challenge, objection, "objection.refuse", now)
    return objection


def dismiss_objection(
    session: Session, *, actor: Actor, objection_id: uuid.UUID, command: DecideObjection, now: dt.datetime
) -> Objection:
    """Find an objection without ground; the notice goes on when no other stands.

    Its author can ask once to have it looked at again, and until that time is over nothing is awarded. Raises
    NotFound, NotAllowed, Conflict or RuleViolation (no reasons).
    """
    challenge, objection = _decide(session, actor, objection_id, ObjectionEvent.DISMISS, command, now)
    if objection.reconsiders_id is None and objection.decided_at is not None:
        objection.again_by = add_working_days(objection.decided_at, rules.RECONSIDERATION_WORKING_DAYS)
    resume(session, objection)
    _tell(session, actor, challenge, objection, "objection.dismiss", now)
    return objection


def find_right(
    session: Session, *, actor: Actor, objection_id: uuid.UUID, command: DecideObjection, now: dt.datetime
) -> Objection:
    """Propose to uphold an objection and what follows from it; another officer confirms, and nothing changes before.

    Raises NotFound, NotAllowed, Conflict or RuleViolation (no reasons, no remedy, or one that is not possible).
    """
    if command.remedy is None:
        raise RuleViolation("Say what follows from the objection.", code="no_remedy", field="remedy")
    _check_reasons(command)
    challenge, objection = _lock(session, actor, objection_id, now)
    state = OBJECTION_WORKFLOW.step(objection.state, ObjectionEvent.FIND_RIGHT)
    check_remedy(session, challenge, objection, command.remedy)
    objection.state, objection.remedy, objection.opinion = state, command.remedy, ""
    objection.decision, objection.proposed_by = command.decision.strip(), actor.user_id
    session.flush()
    _record(session, actor, challenge, objection, "objection.find_right")
    key = f"objection.found_right:{objection.id}:{database_now(session).isoformat()}"
    publish(session, "objection.found_right", now=now, key=key, objection_id=objection.id)
    return objection


def uphold_objection(session: Session, *, actor: Actor, objection_id: uuid.UUID, now: dt.datetime) -> Objection:
    """Confirm that an objection is right and do what follows: review again, the next reserve, or no award.

    Raises NotFound, NotAllowed (also for whoever found it right), Conflict or RuleViolation (the remedy is no longer
    possible).
    """
    challenge, objection = _lock(session, actor, objection_id, now)
    policy.can_uphold(actor, proposed_by=objection.proposed_by).enforce()
    state, remedy = OBJECTION_WORKFLOW.step(objection.state, ObjectionEvent.UPHOLD), objection.remedy
    if remedy is None:
        raise RuleViolation("Say what follows from the objection.", code="no_remedy")
    check_remedy(session, challenge, objection, remedy)
    objection.state, objection.decided_by, objection.decided_at = state, actor.user_id, database_now(session)
    session.flush()
    do_remedy(session, actor, challenge, objection, remedy)
    session.flush()
    _tell(session, actor, challenge, objection, "objection.uphold", now)
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    return objection


def return_decision(
    session: Session, *, actor: Actor, objection_id: uuid.UUID, opinion: str, now: dt.datetime
) -> Objection:
    """Do not confirm that an objection is right; it is investigated further.

    Raises NotFound, NotAllowed (also for whoever found it right), Conflict or RuleViolation (no opinion).
    """
    challenge, objection = _lock(session, actor, objection_id, now)
    policy.can_uphold(actor, proposed_by=objection.proposed_by).enforce()
    if len(opinion.strip()) < rules.MIN_REASON:
        raise RuleViolation("Say in at least ten characters why it is returned.", code="no_opinion", field="opinion")
    objection.state = OBJECTION_WORKFLOW.step(objection.state, ObjectionEvent.RETURN)
    objection.opinion, objection.remedy, objection.decision = opinion.strip(), None, ""
    session.flush()
    _record(session, actor, challenge, objection, "objection.return")
    return objection


def resume(session: Session, objection: Objection) -> None:
    """Let a notice go on when nothing it stood still for is left; the time it stood still is added."""
    publicity = session.get_one(Publicity, objection.publicity_id)
    under_way = select(Objection.id).where(Objection.publicity_id == publicity.id, Objection.state.in_(TAKEN_UP))
    if publicity.frozen_at is None or session.scalars(under_way).first() is not None:
        return
    publicity.ends_at = rules.resumed_end(publicity.ends_at, publicity.frozen_at, database_now(session))
    publicity.frozen_at = None
    session.flush()


def _decide(
    session: Session,
    actor: Actor,
    objection_id: uuid.UUID,
    event: ObjectionEvent,
    command: DecideObjection,
    now: dt.datetime,
) -> tuple[Challenge, Objection]:
    _check_reasons(command)
    challenge, objection = _lock(session, actor, objection_id, now)
    objection.state = OBJECTION_WORKFLOW.step(objection.state, event)
    objection.decision, objection.decided_by = command.decision.strip(), actor.user_id
    objection.decided_at = database_now(session)
    session.flush()
    return challenge, objection


def _lock(session: Session, actor: Actor, objection_id: uuid.UUID, now: dt.datetime) -> tuple[Challenge, Objection]:
    """Lock an objection that the actor may decide: of the authority, without an interest, and for a second look new."""
    policy.can_decide(actor).enforce()
    challenge, objection = lock_objection(session, objection_id)
    can_judge(session, actor, challenge.id, now).enforce()
    if objection.reconsiders_id is not None:
        first = session.get_one(Objection, objection.reconsiders_id)
        policy.can_look_again(actor, decided_by=first.decided_by).enforce()
    return challenge, objection


def _check_reasons(command: DecideObjection) -> None:
    if len(command.decision.strip()) < rules.MIN_REASON:
        raise RuleViolation("Give the reasons in at least ten characters.", code="no_reasons", field="decision")


def _tell(
    session: Session, actor: Actor, challenge: Challenge, objection: Objection, action: str, now: dt.datetime
) -> None:
    _record(session, actor, challenge, objection, action)
    key = f"objection.decided:{objection.id}:{objection.state}"
    publish(session, "objection.decided", now=now, key=key, objection_id=objection.id)


def _record(session: Session, actor: Actor, challenge: Challenge, objection: Objection, action: str) -> None:
    audit.record(
        session,
        actor,
        action,
        "challenge",
        challenge.id,
        label=challenge.title,
        objection_id=str(objection.id),
        decision=objection.decision or objection.opinion,
        remedy=objection.remedy or "",
    )
