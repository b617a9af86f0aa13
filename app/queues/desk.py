"""What waits for the desk: how much, since when, until when, and what went wrong meanwhile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app.accounts.models import Organization, Verification
from app.accounts.workflow import ANSWER_WITHIN_DAYS, VerificationState
from app.core.calendar import add_working_days
from app.core.sealing import is_readable
from app.demands.models import Need
from app.demands.rules import review_due
from app.demands.workflow import PostingState
from app.mail.models import MailMessage, MailState
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import PairingState, SuggestionState
from app.outbox.models import Job, JobState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import StrEnum

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Oldest:
    """What has waited longest in a queue."""

    title: str
    since: dt.datetime
    due_at: dt.datetime | None = None

    def is_late(self, now: dt.datetime) -> bool:
        """Return whether the answer should have been given by now."""
        return self.due_at is not None and self.due_at <= now


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: how many wait, and which has waited longest."""

    n_waiting: int
    oldest: Oldest | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Jobs or messages that were given up, and the newest complaint."""

    n_failed: int
    n_waiting: int
    last_error: str
    last_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Replies:
    """Approved pairings whose companies have not both answered."""

    n_waiting: int
    next_expiry: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the first page of the desk."""

    companies: Queue
    postings: Queue
    suggestions: Queue
    replies: Replies
    jobs: Trouble
    mails: Trouble


def overview(session: Session) -> Overview:
    """Return the state of all queues, in six queries."""
    return Overview(
        companies=_companies(session),
        postings=_postings(session),
        suggestions=_suggestions(session),
        replies=_replies(session),
        jobs=_jobs(session),
        mails=_mails(session),
    )


def _companies(session: Session) -> Queue:
    row = session.execute(
        select(Organization.legal_name_zh, Verification.submitted_at, func.count().over())
        .join(Organization, Organization.id == Verification.organization_id)
        .where(Verification.state == VerificationState.SUBMITTED)
        .order_by(Verification.submitted_at, Verification.id)
        .limit(1)
    ).first()
    if row is None:
        return Queue(0, None)
    name, since, n_waiting = row
    return Queue(n_waiting, Oldest(name, since, add_working_days(since, ANSWER_WITHIN_DAYS)))


def _postings(session: Session) -> Queue:
    row = session.execute(
        select(Need.title, Need.submitted_at, func.count().over())
        .where(Need.state == PostingState.SUBMITTED)
        .order_by(Need.submitted_at, Need.id)
        .limit(1)
    ).first()
    if row is None:
        return Queue(0, None)
    title, since, n_waiting = row
    return Queue(n_waiting, since and Oldest(title, since, review_due(since)))


def _suggestions(session: Session) -> Queue:
    row = session.execute(
        select(Need.title, Suggestion.computed_at, func.count().over())
        .join(Need, Need.id == Suggestion.need_id)
        .where(Suggestion.state == SuggestionState.SUGGESTED)
        .order_by(Suggestion.computed_at, Suggestion.score.desc(), Suggestion.id)
        .limit(1)
    ).first()
    if row is None:
        return Queue(0, None)
    title, since, n_waiting = row
    return Queue(n_waiting, Oldest(title, since))


def _replies(session: Session) -> Replies:
    row = session.execute(
        select(func.count(), func.min(Pairing.reply_by)).where(Pairing.state == PairingState.PROPOSED)
    ).one()
    return Replies(*row)


def _jobs(session: Session) -> Trouble:
    return _trouble(session, Job, JobState.FAILED, (JobState.QUEUED, JobState.RUNNING), Job.finished_at)


def _mails(session: Session) -> Trouble:
    waiting = (MailState.QUEUED, MailState.SENDING)
    return _trouble(session, MailMessage, MailState.FAILED, waiting, MailMessage.created_at)


def _trouble(session: Session, model: Any, failed: StrEnum, waiting: Sequence[StrEnum], moment: Any) -> Trouble:
    other = aliased(model)
    newest = (
        select(other.last_error, getattr(other, moment.key).label("at"))
        .where(other.state == failed, is_readable(other.sealed_by))
        .order_by(getattr(other, moment.key).desc(), other.id)
        .limit(1)
        .subquery()
    )
    row = session.execute(
        select(
            func.count().filter(model.state == failed),
            func.count().filter(model.state.in_(waiting)),
            select(newest.c.last_error).scalar_subquery(),
            select(newest.c.at).scalar_subquery(),
        )
        .select_from(model)
        .where(is_readable(model.sealed_by))
    ).one()
    n_failed, n_waiting, last_error, last_at = row
    return Trouble(n_failed, n_waiting, last_error or "", last_at)
