"""The owner proposes a change of what was published; the authority puts it in force as a new edition."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.audit import service as audit
from app.challenges.clock import database_now
from app.challenges.content import filled
from app.challenges.impartial import can_judge
from app.challenges.rules import faults
from app.challenges.service.editions import add_edition
from app.challenges.service.locked import lock_any
from app.challenges.service.review import queue_closing
from app.clarifications import amending, policy
from app.clarifications.models import Amendment, Question
from app.clarifications.workflow import AMENDMENT_WORKFLOW, AmendmentEvent, AmendmentState
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.clarifications.commands import ProposeAmendment
    from app.core.actor import Actor

MIN_REASON, MAX_REASON = 10, 1000
MISSING = "There is no such amendment."


def propose_amendment(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ProposeAmendment, now: dt.datetime
) -> Amendment:
    """Propose a change; nothing changes before it is approved.

    Raises NotFound, NotAllowed, Conflict (not running, or one is proposed already) or RuleViolation (nothing
    changes, a deadline moves earlier, the result breaks a rule).
    """
    challenge = lock_any(session, challenge_id)
    policy.can_amend(actor, owner_id=challenge.organization_id).enforce()
    instant = _check_running(session, challenge)
    if _open(session, challenge_id) is not None:
        raise Conflict("An amendment waits for the authority already.", code="amendment_open")
    if not MIN_REASON <= len(command.reason.strip()) <= MAX_REASON:
        raise RuleViolation("Give the reason in 10 to 1,000 characters; everybody reads it.", code="reason",
                            field="reason")  # fmt: skip
    changes = amending.wanted(challenge, command)
    if not changes:
        raise RuleViolation("Nothing changes. Change at least one thing.", code="no_change")
    _check_clocks(challenge, command, changes)
    _check_result(session, challenge, changes, instant)
    amendment = Amendment(
        challenge_id=challenge_id,
        number=_next_number(session, challenge_id),
        wanted=changes,
        reason=command.reason.strip(),
        is_core=amending.is_core(changes),
        question_id=_question(session, challenge_id, command.question_id),
        proposed_by=actor.user_id,
        proposed_at=now,
    )
    session.add(amendment)
    session.flush()
    _record(session, actor, challenge, amendment, "amendment.propose")
    key = f"amendment.proposed:{amendment.id}"
    publish(session, "amendment.proposed", now=now, key=key, amendment_id=amendment.id)
    return amendment


def approve_amendment(
    session: Session, *, actor: Actor, amendment_id: uuid.UUID, opinion: str, now: dt.datetime
) -> Amendment:
    """Put an amendment in force as a new edition; bidders keep as many days as the programme says.

    When the core changes, sealed bids must be confirmed again before the deadline, else they lapse. Raises NotFound,
    NotAllowed or Conflict (decided already, or the deadline has passed).
    """
    policy.can_decide(actor).enforce()
    challenge, amendment = _lock(session, amendment_id)
    can_judge(session, actor, challenge.id, now).enforce()
    state = AMENDMENT_WORKFLOW.step(amendment.state, AmendmentEvent.APPROVE)
    instant = _check_running(session, challenge)
    amending.apply(challenge, amendment.wanted, instant)
    challenge.edition += 1
    if amendment.is_core:
        challenge.reconfirm_from_edition = challenge.edition
    amendment.state, amendment.edition, amendment.opinion = state, challenge.edition, opinion.strip()
    amendment.decided_by, amendment.decided_at = actor.user_id, now
    session.flush()
    add_edition(session, actor=actor, challenge=challenge, reason=amendment.reason, now=now)
    queue_closing(session, challenge, now)
    _record(session, actor, challenge, amendment, "amendment.approve", edition=challenge.edition)
    key = f"challenge.amended:{amendment.id}"
    publish(session, "challenge.amended", now=now, key=key, amendment_id=amendment.id)
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    return amendment


def return_amendment(
    session: Session, *, actor: Actor, amendment_id: uuid.UUID, opinion: str, now: dt.datetime
) -> Amendment:
    """Send an amendment back with an opinion. Raises NotFound, NotAllowed, RuleViolation or Conflict."""
    policy.can_decide(actor).enforce()
    if len(opinion.strip()) < MIN_REASON:
        raise RuleViolation("Say in at least ten characters why it is returned.", code="no_opinion", field="opinion")
    challenge, amendment = _lock(session, amendment_id)
    can_judge(session, actor, challenge.id, now).enforce()
    amendment.state = AMENDMENT_WORKFLOW.step(amendment.state, AmendmentEvent.RETURN)
    amendment.decided_by, amendment.decided_at, amendment.opinion = actor.user_id, now, opinion.strip()
    session.flush()
    _record(session, actor, challenge, amendment, "amendment.return")
    key = f"amendment.returned:{amendment.id}"
    publish(session, "amendment.returned", now=now, key=key, amendment_id=amendment.id)
    return amendment


def withdraw_amendment(session: Session, *, actor: Actor, amendment_id: uuid.UUID, now: dt.datetime) -> Amendment:
    """Take a proposed amendment back. Raises NotFound, NotAllowed or Conflict (decided already)."""
    challenge, amendment = _lock(session, amendment_id)
    policy.can_amend(actor, owner_id=challenge.organization_id).enforce()
    amendment.state = AMENDMENT_WORKFLOW.step(amendment.state, AmendmentEvent.WITHDRAW)
    session.flush()
    _record(session, actor, challenge, amendment, "amendment.withdraw")
    return amendment


def _lock(session: Session, amendment_id: uuid.UUID) -> tuple[Challenge, Amendment]:
    challenge_id = session.scalar(select(Amendment.challenge_id).where(Amendment.id == amendment_id))
    if challenge_id is None:
        raise NotFound(MISSING, code="amendment_not_found")
    challenge = lock_any(session, challenge_id)
    query = select(Amendment).where(Amendment.id == amendment_id)
    return challenge, lock_one(session, query, of=[Amendment], missing=MISSING, code="amendment_not_found")


def _check_running(session: Session, challenge: Challenge) -> dt.datetime:
    """Return the database's time; raise Conflict unless the challenge takes bids at that instant."""
    instant = database_now(session)
    if not challenge.is_open(instant):
        raise Conflict("Only a challenge that takes bids is amended.", code="not_running")
    return instant


def _check_clocks(challenge: Challenge, command: ProposeAmendment, changes: dict[str, object]) -> None:
    for name in changes.keys() & set(amending.INSTANTS):
        old, new = getattr(challenge, name), getattr(command, name)
        if old is not None and (new is None or new < old):
            raise RuleViolation("A published deadline is extended, never shortened.", code="shortened", field=name)


def _check_result(session: Session, challenge: Challenge, changes: dict[str, object], instant: dt.datetime) -> None:
    """Raise RuleViolation when the challenge would break a rule of challenges once the changes are in force."""
    with session.no_autoflush:
        kept = {name: getattr(challenge, name) for name in (*amending.TEXTS, *amending.AMOUNTS, *amending.INSTANTS)}
        kpis = {kpi.code: {part: getattr(kpi, part) for part in amending.KPI_PARTS} for kpi in challenge.kpis}
        amending.apply(challenge, changes, instant)
        found = faults(filled(challenge), complete=True)
        for name, value in kept.items():
            setattr(challenge, name, value)
        for kpi in challenge.kpis:
            for part, value in kpis[kpi.code].items():
                setattr(kpi, part, value)
    if found:
        raise RuleViolation(found[0].message, code="challenge_faulty", field=found[0].field)


def _open(session: Session, challenge_id: uuid.UUID) -> Amendment | None:
    query = select(Amendment).where(Amendment.challenge_id == challenge_id, Amendment.state == AmendmentState.PROPOSED)
    return session.scalars(query).one_or_none()


def _question(session: Session, challenge_id: uuid.UUID, question_id: uuid.UUID | None) -> uuid.UUID | None:
    question = session.get(Question, question_id) if question_id else None
    return question.id if question is not None and question.challenge_id == challenge_id else None


def _next_number(session: Session, challenge_id: uuid.UUID) -> int:
    query = select(func.max(Amendment.number)).where(Amendment.challenge_id == challenge_id)
    return (session.scalar(query) or 0) + 1


def _record(
    session: Session, actor: Actor, challenge: Challenge, amendment: Amendment, action: str, **details: object
) -> None:
    audit.record(
        session,
        actor,
        action,
        "challenge",
        challenge.id,
        label=challenge.title,
        n=amendment.number,
        is_core=amendment.is_core,
        reason=amendment.reason,
        **details,
    )
