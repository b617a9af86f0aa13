"""The authority publishes a challenge or returns it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.challenges import policy
from app.challenges.commands import PublishChallenge
from app.challenges.models import Challenge, ChallengeNumber
from app.challenges.path import can_take, standing_of
from app.challenges.service.editions import add_edition
from app.challenges.service.locked import lock_any, lock_challenge
from app.challenges.service.programmes import lock_programme
from app.challenges.service.recommend import refuse_step, withdraw_recommendation
from app.challenges.service.steps import take_step
from app.challenges.service.submit import check_programme
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.actor import SYSTEM
from app.core.clock import SHANGHAI
from app.core.errors import RuleViolation
from app.core.upsert import insert_into
from app.demands.service.review import check_opinion, check_read_version
from app.demands.service.review import search_text as need_text
from app.demands.workflow import PostingState
from app.outbox.service import enqueue, publish
from app.search.service import index_document

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.demands.commands import ReviewPosting

FAIR, UNRESTRICTED = "fair_competition", "no_restrictions"
"""What was checked before the publication."""


def publish_challenge(
    session: Session,
    *,
    actor: Actor,
    challenge_id: uuid.UUID,
    command: ReviewPosting | PublishChallenge,
    now: dt.datetime,
) -> Challenge:
    """Open a challenge for bids, give it its public number and keep its first edition; or fix when that happens.

    Raises NotFound, NotAllowed, RuleViolation (too little time, no self-check, a limit without a legal basis) or
    Conflict (decided already, or off the path of its programme).
    """
    policy.can_decide(actor).enforce()
    check_opinion(command.opinion)
    challenge = lock_challenge(session, actor, challenge_id)
    CHALLENGE_WORKFLOW.step(challenge.state, ChallengeEvent.PUBLISH)
    refuse_step(can_take(ChallengeEvent.PUBLISH, standing_of(challenge, None, now)))
    check_read_version(challenge, command.version)
    checked = _fair_competition(challenge, command)
    challenge.review_opinion = command.opinion
    at = command.publish_at if isinstance(command, PublishChallenge) else None
    if at is not None:
        return _schedule(session, actor, challenge, at, now)
    _go_public(session, actor, challenge, checked, now)
    return challenge


def publish_due_challenges(session: Session, now: dt.datetime) -> int:
    """Publish every approved challenge whose moment has come; return how many. What breaks a rule by now waits."""
    query = sa.select(Challenge.id).where(Challenge.state == PostingState.APPROVED, Challenge.publish_at <= now)
    done = 0
    for challenge_id in session.scalars(query.order_by(Challenge.id)).all():
        challenge = lock_any(session, challenge_id)
        if challenge.state is not PostingState.APPROVED or challenge.publish_at is None or challenge.publish_at > now:
            continue
        try:
            with session.begin_nested():
                _go_public(session, SYSTEM, challenge, [FAIR], now)
        except RuleViolation as broken:
            _hold_back(session, lock_any(session, challenge_id), broken)
        else:
            done += 1
    return done


def return_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ReviewPosting, now: dt.datetime
) -> Challenge:
    """Send a challenge back with an opinion, twice at most. Raises NotFound, NotAllowed, RuleViolation, Conflict."""
    policy.can_decide(actor).enforce()
    check_opinion(command.opinion)
    challenge = lock_challenge(session, actor, challenge_id)
    CHALLENGE_WORKFLOW.step(challenge.state, ChallengeEvent.RETURN)
    refuse_step(can_take(ChallengeEvent.RETURN, standing_of(challenge, None, now)))
    check_read_version(challenge, command.version)
    withdraw_recommendation(session, challenge, now)
    changes = {"review_opinion": command.opinion, "n_returns": challenge.n_returns + 1}
    take_step(session, actor, challenge, ChallengeEvent.RETURN, now=now, changes=changes, text=command.opinion)
    _tell(session, actor, challenge, "challenge.return", "need.returned", now)
    return challenge


def search_text(challenge: Challenge) -> str:
    """Return what anybody may find a challenge by: its public part only."""
    parts = [challenge.code or "", need_text(challenge), challenge.background, challenge.research_content]
    parts += [kpi.name for kpi in challenge.kpis]
    return "\n".join(filter(None, parts))


def next_code(session: Session, now: dt.datetime) -> str:
    """Take the next public number of the year (Shanghai); concurrent takers wait for each other.

    Numbers that were given outside of this function, by imported data, are passed over.
    """
    year = now.astimezone(SHANGHAI).year
    given = session.scalars(sa.select(Challenge.code).where(Challenge.code.startswith(f"CH{year}-")))
    seen = max((int(code.rpartition("-")[2]) for code in given if code), default=0)
    last = ChallengeNumber.last
    statement = insert_into(session, ChallengeNumber).values(year=year, last=seen + 1)
    taken = statement.on_conflict_do_update(
        index_elements=["year"], set_={"last": sa.case((last > seen, last), else_=seen) + 1}
    ).returning(last)
    return f"CH{year}-{session.execute(taken).scalar_one():03d}"


def _fair_competition(challenge: Challenge, command: ReviewPosting | PublishChallenge) -> list[str]:
    """Return what was checked; raise RuleViolation unless a challenge that limits bidders was checked for it."""
    if isinstance(command, PublishChallenge) and command.is_fair:
        return [FAIR]
    if challenge.restrictions or isinstance(command, PublishChallenge):
        raise RuleViolation("Sign the self-check of fair competition first.", code="not_checked", field="is_fair")
    return [UNRESTRICTED]


def _schedule(session: Session, actor: Actor, challenge: Challenge, at: dt.datetime, now: dt.datetime) -> Challenge:
    if challenge.state is not PostingState.APPROVED:
        raise RuleViolation("Only an approved challenge can wait for its moment.", code="early", field="publish_at")
    if at <= now:
        raise RuleViolation("This moment has passed.", code="past", field="publish_at")
    check_programme(challenge, at)
    challenge.publish_at = at
    session.flush()
    audit.record(
        session,
        actor,
        "challenge.schedule",
        "challenge",
        challenge.id,
        label=challenge.title,
        publish_at=at.isoformat(),
        checked=[FAIR],
    )
    return challenge


def _hold_back(session: Session, challenge: Challenge, broken: RuleViolation) -> None:
    challenge.publish_at = None
    session.flush()
    audit.record(
        session, SYSTEM, "challenge.hold_back", "challenge", challenge.id, label=challenge.title, reason=broken.message
    )


def _go_public(session: Session, actor: Actor, challenge: Challenge, checked: list[str], now: dt.datetime) -> None:
    if challenge.programme_id is not None:
        lock_programme(session, challenge.programme_id, is_shared=True)
    check_programme(challenge, now)
    challenge.published_at, challenge.edition, challenge.publish_at = now, 1, None
    challenge.code = next_code(session, now)
    event = ChallengeEvent.PUBLISH
    take_step(session, actor, challenge, event, now=now, text=challenge.review_opinion, checklist=checked)
    add_edition(session, actor=actor, challenge=challenge, reason="", now=now)
    index_document(session, "challenge", challenge.id, search_text(challenge))
    _tell(session, actor, challenge, "challenge.publish", "challenge.published", now)
    publish(session, "challenge.listed", now=now, key=f"challenge.listed:{challenge.id}", need_id=str(challenge.id))
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    queue_closing(session, challenge, now)


def queue_closing(session: Session, challenge: Challenge, now: dt.datetime) -> None:
    """Let a published challenge be closed at its deadline to the second; the minute's job is the safety net."""
    deadline = challenge.bid_deadline_at
    key = f"challenges.close_due:{challenge.id}:{deadline:%Y%m%dT%H%M%S}" if deadline else None
    enqueue(session, "challenges.close_due", now=now, run_at=deadline, key=key)


def _tell(session: Session, actor: Actor, challenge: Challenge, action: str, kind: str, now: dt.datetime) -> None:
    audit.record(
        session,
        actor,
        action,
        "challenge",
        challenge.id,
        label=challenge.title,
        opinion=challenge.review_opinion,
    )
    publish(session, kind, now=now, key=f"{kind}:{challenge.id}", need_id=str(challenge.id))
