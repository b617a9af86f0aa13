"""The authority publishes a challenge or returns it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.audit import service as audit
from app.challenges import policy
from app.challenges.models import Challenge, ChallengeNumber
from app.challenges.service.locked import lock_challenge
from app.challenges.service.submit import check_programme
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.core.clock import SHANGHAI
from app.demands.service.review import check_opinion, check_read_version
from app.demands.service.review import search_text as need_text
from app.outbox.service import enqueue, publish
from app.search.service import index_document

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.demands.commands import ReviewPosting


def publish_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ReviewPosting, now: dt.datetime
) -> Challenge:
    """Open a submitted challenge for bids and give it its public number.

    Raises NotFound, NotAllowed, RuleViolation (too little time is left) or Conflict (decided already).
    """
    challenge = _decide(session, actor, challenge_id, command, ChallengeEvent.PUBLISH)
    check_programme(challenge, now)
    challenge.published_at, challenge.edition = now, 1
    challenge.code = next_code(session, now)
    session.flush()
    index_document(session, "challenge", challenge.id, search_text(challenge))
    _tell(session, actor, challenge, "challenge.publish", "challenge.published", now)
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    enqueue(
        session,
        "challenges.close_due",
        now=now,
        run_at=challenge.bid_deadline_at,
        key=f"challenges.close_due:{challenge.id}",
    )
    return challenge


def return_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ReviewPosting, now: dt.datetime
) -> Challenge:
    """Send a submitted challenge back with an opinion. Raises NotFound, NotAllowed, RuleViolation, Conflict."""
    challenge = _decide(session, actor, challenge_id, command, ChallengeEvent.RETURN)
    challenge.n_returns += 1
    session.flush()
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
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    last = ChallengeNumber.last
    statement = insert(ChallengeNumber).values(year=year, last=seen + 1)
    taken = statement.on_conflict_do_update(
        index_elements=["year"], set_={"last": sa.case((last > seen, last), else_=seen) + 1}
    ).returning(last)
    return f"CH{year}-{session.execute(taken).scalar_one():03d}"


def _decide(
    session: Session, actor: Actor, challenge_id: uuid.UUID, command: ReviewPosting, event: ChallengeEvent
) -> Challenge:
    policy.can_review(actor).enforce()
    check_opinion(command.opinion)
    challenge = lock_challenge(session, actor, challenge_id)
    state = CHALLENGE_WORKFLOW.step(challenge.state, event)
    check_read_version(challenge, command.version)
    challenge.state = state
    challenge.review_opinion = command.opinion
    return challenge


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
