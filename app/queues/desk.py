"""What waits for the desk: how much, since when, until when, and what went wrong meanwhile."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
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
from app.queues.waiting import Place, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from enum import StrEnum

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

COMPANIES = Place(_l("Company verification"), "desk_companies.list")
POSTINGS = Place(_l("Review of postings"), "desk_postings.list")
SUGGESTIONS = Place(_l("Pairing approval"), "desk_pairings.list")


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

    companies: Waiting
    postings: Waiting
    suggestions: Waiting
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


def _companies(session: Session) -> Waiting:
    query = (
        select(Organization.legal_name_zh, Verification.submitted_at, func.count().over())
        .join(Organization, Organization.id == Verification.organization_id)
        .where(Verification.state == VerificationState.SUBMITTED)
        .order_by(Verification.submitted_at, Verification.id)
    )
    return _first(session, query, COMPANIES, lambda since: add_working_days(since, ANSWER_WITHIN_DAYS))


def _postings(session: Session) -> Waiting:
    query = (
        select(Need.title, Need.submitted_at, func.count().over())
        .where(Need.state == PostingState.SUBMITTED)
        .order_by(Need.submitted_at, Need.id)
    )
    return _first(session, query, POSTINGS, review_due)


def _suggestions(session: Session) -> Waiting:
    query = (
        select(Need.title, Suggestion.computed_at, func.count().over())
        .join(Need, Need.id == Suggestion.need_id)
        .where(Suggestion.state == SuggestionState.SUGGESTED)
        .order_by(Suggestion.computed_at, Suggestion.score.desc(), Suggestion.id)
    )
    return _first(session, query, SUGGESTIONS)


def _first(
    session: Session, query: Select[Any], place: Place, due: Callable[[dt.datetime], dt.datetime] | None = None
) -> Waiting:
    """Return a queue from its first row: title, since when, how many there are."""
    title, since, n_waiting = session.execute(query.limit(1)).one_or_none() or ("", None, 0)
    return Waiting(*place, n_waiting, title, since, due(since) if due and since else None)


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
