"""The sample's record of each challenge: the steps it took, what was appraised, and its edition with a public hash."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from app.challenges.models import Appraisal, Challenge, ChallengeStep
from app.challenges.service.editions import add_edition
from app.challenges.workflow import ChallengeEvent
from app.core.actor import SYSTEM, StaffRole
from app.demands.workflow import PostingState
from app.sample.bids import OPENED_AFTER
from app.sample.people import officer_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

E, S = ChallengeEvent, PostingState
TAKEN_UP_AFTER = dt.timedelta(days=1)
"""Between the day a challenge was handed in and what the province did first."""
DECIDED_AFTER = dt.timedelta(days=18)
"""Between the deadline of bids and what was then decided."""
_OWNER, _PROVINCE, _PORTAL = "challenge_owner", StaffRole.PROVINCIAL_AUTHORITY.value, "system"
_OPENED = frozenset({S.EVALUATING, S.PUBLICITY, S.AWARDED})
_PANEL = (
    {"name": "许静远", "organization": "岭南集成电路研究院", "expertise": "模拟前端与高压采样电路"},
    {"name": "倪怀瑾", "organization": "南粤新能源汽车检测中心", "expertise": "终端验收与电磁兼容"},
    {"name": "程知白", "organization": "珠江会计师事务所", "expertise": "预算与知识产权"},
)


def load_history(session: Session) -> None:
    """Insert the steps of all challenges, the appraisal that runs, and an edition of whatever was published."""
    query = sa.select(Challenge).options(
        joinedload(Challenge.organization),
        joinedload(Challenge.programme),
        selectinload(Challenge.params),
        selectinload(Challenge.categories),
        selectinload(Challenge.kpis),
    )
    for challenge in session.scalars(query).unique():
        session.add_all(_steps(challenge))
        if challenge.state is S.APPRAISING:
            session.add(_appraisal(challenge))
        if challenge.published_at is not None:
            add_edition(session, actor=SYSTEM, challenge=challenge, reason="", now=challenge.published_at)
    session.flush()


def _appraisal(challenge: Challenge) -> Appraisal:
    """Return the appraisal by three experts that has begun and waits for its minutes."""
    return Appraisal(
        challenge_id=challenge.id, panel=[dict(one) for one in _PANEL],
        started_at=challenge.updated_at + TAKEN_UP_AFTER, started_by=officer_id(),
    )  # fmt: skip


def _steps(challenge: Challenge) -> Iterator[ChallengeStep]:
    before = S.DRAFT
    for event, after, at, capacity, actor_id in _way(challenge):
        yield ChallengeStep(
            challenge_id=challenge.id, event=event, from_state=before, to_state=after, actor_id=actor_id,
            capacity=capacity, at=at, reason_code=_reason(challenge, event),
        )  # fmt: skip
        before = after


def _way(challenge: Challenge) -> Iterator[tuple[ChallengeEvent, PostingState, dt.datetime, str, uuid.UUID | None]]:
    """Yield the arrows that a challenge has taken, as far as it has come."""
    submitted, deadline = challenge.submitted_at, challenge.bid_deadline_at
    if submitted is None or deadline is None:
        return
    officer = officer_id()
    yield E.SUBMIT, S.SUBMITTED, submitted, _OWNER, challenge.created_by
    if challenge.state is S.APPRAISING:
        yield E.APPRAISE, S.APPRAISING, challenge.updated_at + TAKEN_UP_AFTER, _PROVINCE, officer
    if challenge.state is S.APPROVED:
        yield E.APPROVE, S.APPROVED, challenge.updated_at + TAKEN_UP_AFTER, _PROVINCE, officer
    if challenge.published_at is None:
        return
    yield E.PUBLISH, S.PUBLISHED, challenge.published_at, _PROVINCE, officer
    if challenge.closed_at is None:
        return
    yield E.CLOSE, S.CLOSED, deadline, _PORTAL, None
    if challenge.state in _OPENED:
        yield E.OPEN, S.EVALUATING, deadline + OPENED_AFTER, _PROVINCE, officer
    if challenge.state is S.NO_AWARD:
        yield E.NO_AWARD, S.NO_AWARD, deadline + DECIDED_AFTER, _PROVINCE, officer


def _reason(challenge: Challenge, event: ChallengeEvent) -> str:
    return challenge.outcome["reasons"][0] if event is E.NO_AWARD else ""
