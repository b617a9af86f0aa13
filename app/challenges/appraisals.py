"""The appraisal that counts, the last one, and whether there may be another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.challenges.models import Appraisal, ChallengeStep
from app.challenges.workflow import ChallengeEvent
from app.core.calendar import add_working_days

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

RECONSIDER_WITHIN_DAYS = 5
"""Working days in which the owner of a rejected challenge may ask once more."""
FINAL = frozenset({"merged"})
"""Reasons of an end that the owner agreed to."""


@dataclass(frozen=True, slots=True)
class Reconsideration:
    """Until when the owner of a rejected challenge may ask once more, and whether that was done."""

    until: dt.datetime | None
    is_used: bool

    def is_open(self, now: dt.datetime) -> bool:
        """Return whether it may be asked for at ``now`` (aware)."""
        return not self.is_used and self.until is not None and now < self.until


def latest_appraisal(session: Session, challenge_id: uuid.UUID) -> Appraisal | None:
    """Return the last appraisal of a challenge, None when there was none."""
    query = (
        sa.select(Appraisal)
        .where(Appraisal.challenge_id == challenge_id)
        .order_by(Appraisal.started_at.desc(), Appraisal.id)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def reconsideration(session: Session, challenge_id: uuid.UUID) -> Reconsideration:
    """Return until when a rejected challenge may be reconsidered, and whether it was before."""
    events = (ChallengeEvent.REJECT, ChallengeEvent.RECONSIDER)
    query = (
        sa.select(ChallengeStep)
        .where(ChallengeStep.challenge_id == challenge_id, ChallengeStep.event.in_(events))
        .order_by(ChallengeStep.at.desc())
    )
    steps = session.scalars(query).all()
    rejected = next((step for step in steps if step.event is ChallengeEvent.REJECT), None)
    is_final = rejected is None or rejected.reason_code in FINAL
    until = None if is_final or rejected is None else add_working_days(rejected.at, RECONSIDER_WITHIN_DAYS)
    return Reconsideration(until, is_used=any(step.event is ChallengeEvent.RECONSIDER for step in steps))
