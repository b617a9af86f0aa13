"""The owner's prefecture checks a challenge: it recommends it under its quota or sends it back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.audit import service as audit
from app.challenges import policy
from app.challenges.labels import CHECKLIST
from app.challenges.models import Challenge, Programme, Recommendation
from app.challenges.path import can_take, standing_of
from app.challenges.service.locked import lock_challenge
from app.challenges.service.programmes import lock_programme
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, RuleViolation
from app.demands.service.review import check_opinion, check_read_version
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.challenges.commands import Recommend
    from app.core.actor import Actor
    from app.core.policy import Decision
    from app.demands.commands import ReviewPosting


def recommend_challenge(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: Recommend, now: dt.datetime
) -> Recommendation:
    """Pass a challenge on to the province with an opinion and a rank.

    Raises NotFound, NotAllowed, Conflict (decided already) or RuleViolation (check list, opinion, quota, rank).
    """
    challenge = _lock(session, actor, challenge_id, command.version, ChallengeEvent.RECOMMEND, now)
    check_opinion(command.opinion)
    if set(command.checklist) != set(CHECKLIST):
        message = "Recommend it only when every point of the check list is in order; otherwise return it."
        raise RuleViolation(message, code="checklist", field="checklist")
    programme = lock_programme(session, challenge.programme_id) if challenge.programme_id else None
    if programme is None:
        raise RuleViolation("Choose the programme.", code="programme_missing")
    _check_quota(session, programme, actor.city_code, command.rank)
    found = Recommendation(
        challenge_id=challenge.id,
        programme_id=programme.id,
        body=actor.city_code,
        rank=command.rank,
        opinion=command.opinion,
        created_by=actor.user_id,
        created_at=now,
    )
    session.add(found)
    event = ChallengeEvent.RECOMMEND
    take_step(session, actor, challenge, event, now=now, text=command.opinion, checklist=command.checklist)
    details = {"city": actor.city_code, "rank": command.rank, "opinion": command.opinion}
    audit.record(session, actor, "challenge.recommend", "challenge", challenge.id, label=challenge.title, **details)
    publish(
        session,
        "challenge.recommended",
        now=now,
        key=f"challenge.recommended:{challenge.id}:{challenge.n_returns}",
        need_id=challenge.id,
    )
    return found


def return_by_prefecture(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: ReviewPosting, now: dt.datetime
) -> Challenge:
    """Send a challenge back to its owner, twice at most. Raises NotFound, NotAllowed, Conflict, RuleViolation."""
    challenge = _lock(session, actor, challenge_id, command.version, ChallengeEvent.RETURN, now)
    check_opinion(command.opinion)
    changes = {"review_opinion": command.opinion, "n_returns": challenge.n_returns + 1}
    take_step(session, actor, challenge, ChallengeEvent.RETURN, now=now, changes=changes, text=command.opinion)
    audit.record(
        session,
        actor,
        "challenge.return",
        "challenge",
        challenge.id,
        label=challenge.title,
        opinion=command.opinion,
    )
    publish(session, "need.returned", now=now, key=f"need.returned:{challenge.id}", need_id=challenge.id)
    return challenge


def withdraw_recommendation(session: Session, challenge: Challenge, now: dt.datetime) -> None:
    """End the prefecture's word for a locked challenge that goes back to its owner; its rank is free again."""
    session.execute(
        sa.update(Recommendation)
        .where(Recommendation.challenge_id == challenge.id, Recommendation.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )


def n_recommended(session: Session, programme_id: uuid.UUID, body: str) -> int:
    """Return how much of its quota a city has used under a programme."""
    query = sa.select(sa.func.count()).where(
        Recommendation.programme_id == programme_id,
        Recommendation.body == body,
        Recommendation.withdrawn_at.is_(None),
    )
    return session.scalar(query) or 0


def _lock(
    session: Session,
    actor: Actor,
    challenge_id: uuid.UUID,
    version: int | None,
    event: ChallengeEvent,
    now: dt.datetime,
) -> Challenge:
    challenge = lock_challenge(session, actor, challenge_id)
    policy.can_recommend(actor, city_code=challenge.organization.city_code).enforce()
    refuse_step(can_take(event, standing_of(challenge, None, now), by_prefecture=True))
    check_read_version(challenge, version)
    return challenge


def refuse_step(decision: Decision) -> None:
    """Raise Conflict with the reason when the path does not let an arrow be taken."""
    if not decision:
        raise Conflict(decision.reason, code="off_path")


def _check_quota(session: Session, programme: Programme, body: str, rank: int) -> None:
    quota = programme.quota_of(body)
    if rank < 1 or (quota is not None and rank > quota):
        raise RuleViolation("The rank lies between 1 and the quota of your city.", code="rank", field="rank")
    if quota is not None and n_recommended(session, programme.id, body) >= quota:
        raise RuleViolation("Your city has used its quota under this programme.", code="quota", field="rank")
    taken = sa.select(Recommendation.id).where(
        Recommendation.programme_id == programme.id,
        Recommendation.body == body,
        Recommendation.rank == rank,
        Recommendation.withdrawn_at.is_(None),
    )
    if session.scalar(taken) is not None:
        raise RuleViolation("You have given this rank to another challenge.", code="rank_taken", field="rank")
