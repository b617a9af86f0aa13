"""What waits for the desk: how much, since when, until when, and what went wrong meanwhile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

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
    """Return the state of all queues, in eight queries at most."""
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
    n_failed, n_waiting = session.execute(
        select(
            func.count().filter(Job.state == JobState.FAILED),
            func.count().filter(Job.state.in_((JobState.QUEUED, JobState.RUNNING))),
        ).where(is_readable(Job.sealed_by))
    ).one()
    last = session.execute(
        select(Job.last_error, Job.finished_at)
        .where(Job.state == JobState.FAILED, is_readable(Job.sealed_by))
        .order_by(Job.finished_at.desc())
        .limit(1)
    ).first()
    return Trouble(n_failed, n_waiting, *(last or ("", None)))


def _mails(session: Session) -> Trouble:
    n_failed, n_waiting = session.execute(
        select(
            func.count().filter(MailMessage.state == MailState.FAILED),
            func.count().filter(MailMessage.state.in_((MailState.QUEUED, MailState.SENDING))),
        ).where(is_readable(MailMessage.sealed_by))
    ).one()
    last = session.execute(
        select(MailMessage.last_error, MailMessage.created_at)
        .where(MailMessage.state == MailState.FAILED, is_readable(MailMessage.sealed_by))
        .order_by(MailMessage.created_at.desc())
        .limit(1)
    ).first()
    return Trouble(n_failed, n_waiting, *(last or ("", None)))
