"""What happened to a challenge so far: its steps, editions, recommendation, appraisal and proposals."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import User
from app.challenges.editions import canonical
from app.challenges.labels import PUBLIC_EVENTS
from app.challenges.models import (
    Appraisal,
    AutopsyAnswer,
    Challenge,
    ChallengeEdition,
    ChallengeStep,
    DeadlineExtension,
    Recommendation,
)
from app.challenges.path import Standing
from app.challenges.workflow import ChallengeEvent
from app.core.errors import NotFound
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAX_STEPS = 100


@dataclass(frozen=True, slots=True)
class StepView:
    """One arrow that was taken; of the public ones the person is left out."""

    at: dt.datetime
    event: ChallengeEvent
    capacity: str
    actor: str
    reason_code: str
    text: str
    checklist: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionView:
    """One edition with what changed against the one before."""

    number: int
    hash: str
    created_at: dt.datetime
    reason: str
    diff: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class RecommendationView:
    """The prefecture's word in force."""

    body: str
    rank: int
    opinion: str
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class AppraisalView:
    """The latest appraisal."""

    panel: tuple[dict[str, Any], ...]
    minutes: str
    conclusion: str
    merge_answer: str
    other_id: uuid.UUID | None
    other_code: str
    started_at: dt.datetime
    concluded_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """More time that was proposed, and whether it is in force."""

    id: uuid.UUID
    kind: str
    old_deadline_at: dt.datetime
    new_deadline_at: dt.datetime
    reason: str
    proposed_by: uuid.UUID
    proposer: str
    proposed_at: dt.datetime
    is_open: bool


@dataclass(frozen=True, slots=True)
class Relative:
    """A challenge before or after this one in the line of those posted again."""

    id: uuid.UUID
    code: str
    title: str
    state: PostingState


@dataclass(frozen=True, slots=True)
class History:
    """What everybody may read about the way of a challenge."""

    steps: tuple[StepView, ...]
    editions: tuple[EditionView, ...]
    relatives: tuple[Relative, ...]
    ended_bids: dict[str, int]
    """How many submitted bids ended without a verdict, by code."""


@dataclass(frozen=True, slots=True)
class Process:
    """Everything the desk and the owner's prefecture read about the way of a challenge."""

    standing: Standing
    steps: tuple[StepView, ...]
    recommendation: RecommendationView | None
    appraisal: AppraisalView | None
    extensions: tuple[ExtensionView, ...]
    publish_at: dt.datetime | None
    suspended_at: dt.datetime | None
    cancel_requested_at: dt.datetime | None
    cancel_request: dict[str, Any]

    @property
    def open_extension(self) -> ExtensionView | None:
        """The proposal that waits for its second person."""
        return next((one for one in self.extensions if one.is_open), None)


def history(session: Session, challenge_id: uuid.UUID) -> History:
    """Return the public way of a challenge, in three queries."""
    relatives, ended = _line(session, challenge_id)
    return History(
        steps=tuple(_step(row, "") for row, _ in _steps(session, challenge_id) if row.event in PUBLIC_EVENTS),
        editions=_editions(session, challenge_id),
        relatives=relatives,
        ended_bids=ended,
    )


def ended_bids(session: Session, challenge_id: uuid.UUID) -> dict[str, int]:
    """Return how many submitted bids of a challenge ended without a verdict, by the code of why."""
    column = Challenge.__table__.c
    return session.scalar(sa.select(column.ended_bids).where(column.id == challenge_id)) or {}


def process(session: Session, challenge: Challenge, standing: Standing, found: AppraisalView | None) -> Process:
    """Return what the desk reads about a challenge beside its latest appraisal ``found``, in two or three queries."""
    steps = tuple(_step(row, name or "") for row, name in _steps(session, challenge.id))
    was_recommended = any(step.event is ChallengeEvent.RECOMMEND for step in steps)
    return Process(
        standing=standing,
        steps=steps,
        recommendation=_recommendation(session, challenge.id) if was_recommended else None,
        appraisal=found,
        extensions=_extensions(session, challenge.id),
        publish_at=challenge.publish_at,
        suspended_at=challenge.suspended_at,
        cancel_requested_at=challenge.cancel_requested_at,
        cancel_request=challenge.cancel_request,
    )


def edition_file(session: Session, challenge_id: uuid.UUID, number: int) -> tuple[bytes, str]:
    """Return the public document of an edition byte for byte as it was hashed, and its hash; raise NotFound."""
    query = sa.select(ChallengeEdition).where(
        ChallengeEdition.challenge_id == challenge_id, ChallengeEdition.number == number
    )
    edition = session.scalars(query).one_or_none()
    if edition is None:
        raise NotFound("There is no such edition.", code="edition_not_found")
    return canonical(edition.snapshot["document"]), edition.hash


def autopsy(session: Session, challenge_id: uuid.UUID) -> Counter[str]:
    """Return how many firms gave each reason not to bid."""
    query = (
        sa.select(AutopsyAnswer.reason_code, sa.func.count())
        .where(AutopsyAnswer.challenge_id == challenge_id)
        .group_by(AutopsyAnswer.reason_code)
    )
    return Counter(dict(session.execute(query).tuples().all()))


def appraisal(session: Session, challenge_id: uuid.UUID) -> AppraisalView | None:
    """Return the latest appraisal of a challenge."""
    other = sa.orm.aliased(Challenge.__table__)
    row = session.execute(
        sa.select(Appraisal, other.c.code)
        .outerjoin(other, other.c.id == Appraisal.duplicate_of)
        .where(Appraisal.challenge_id == challenge_id)
        .order_by(Appraisal.started_at.desc(), Appraisal.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    found, code = row
    return AppraisalView(
        panel=tuple(found.panel),
        minutes=found.minutes,
        conclusion=found.conclusion,
        merge_answer=found.merge_answer,
        other_id=found.duplicate_of,
        other_code=code or "",
        started_at=found.started_at,
        concluded_at=found.concluded_at,
    )


def _steps(session: Session, challenge_id: uuid.UUID) -> list[tuple[ChallengeStep, str | None]]:
    query = (
        sa.select(ChallengeStep, User.name)
        .outerjoin(User, User.id == ChallengeStep.actor_id)
        .where(ChallengeStep.challenge_id == challenge_id)
        .order_by(ChallengeStep.at.desc(), ChallengeStep.id)
        .limit(MAX_STEPS)
    )
    return list(session.execute(query).tuples())


def _step(row: ChallengeStep, name: str) -> StepView:
    return StepView(row.at, row.event, row.capacity, name, row.reason_code, row.text, tuple(row.checklist))


def _editions(session: Session, challenge_id: uuid.UUID) -> tuple[EditionView, ...]:
    columns = (
        ChallengeEdition.number,
        ChallengeEdition.hash,
        ChallengeEdition.created_at,
        ChallengeEdition.reason,
        ChallengeEdition.diff,
    )
    query = (
        sa.select(*columns)
        .where(ChallengeEdition.challenge_id == challenge_id)
        .order_by(ChallengeEdition.number.desc())
    )
    rows = session.execute(query).tuples()
    return tuple(EditionView(number, digest, at, reason, tuple(diff)) for number, digest, at, reason, diff in rows)


def _line(session: Session, challenge_id: uuid.UUID) -> tuple[tuple[Relative, ...], dict[str, int]]:
    """Return the parent and the child of a challenge that everybody may see, and its own ``ended_bids``."""
    parent = sa.select(Challenge.__table__.c.parent_id).where(Challenge.__table__.c.id == challenge_id)
    query = (
        sa.select(Challenge.id, Challenge.code, Challenge.title, Challenge.state, Challenge.ended_bids)
        .where(Challenge.id.in_((challenge_id, parent.scalar_subquery())) | (Challenge.parent_id == challenge_id))
        .order_by(Challenge.n_relistings)
    )
    rows = session.execute(query).all()
    ended: dict[str, int] = next((row.ended_bids for row in rows if row.id == challenge_id), {})
    return tuple(Relative(*row[:4]) for row in rows if row.code is not None and row.id != challenge_id), ended


def _recommendation(session: Session, challenge_id: uuid.UUID) -> RecommendationView | None:
    row = session.scalars(
        sa.select(Recommendation).where(
            Recommendation.challenge_id == challenge_id, Recommendation.withdrawn_at.is_(None)
        )
    ).one_or_none()
    return RecommendationView(row.body, row.rank, row.opinion, row.created_at) if row else None


def _extensions(session: Session, challenge_id: uuid.UUID) -> tuple[ExtensionView, ...]:
    query = (
        sa.select(DeadlineExtension, User.name)
        .outerjoin(User, User.id == DeadlineExtension.proposed_by)
        .where(DeadlineExtension.challenge_id == challenge_id, DeadlineExtension.dropped_at.is_(None))
        .order_by(DeadlineExtension.proposed_at.desc())
    )
    return tuple(
        ExtensionView(
            id=row.id,
            kind=row.kind,
            old_deadline_at=row.old_deadline_at,
            new_deadline_at=row.new_deadline_at,
            reason=row.reason,
            proposed_by=row.proposed_by,
            proposer=name or "",
            proposed_at=row.proposed_at,
            is_open=row.confirmed_at is None,
        )
        for row, name in session.execute(query).tuples()
    )
