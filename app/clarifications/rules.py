"""When questions end and answers are due, and what a question looks like."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.challenges.standing import rules_of
from app.core.calendar import add_working_days

if TYPE_CHECKING:
    from app.challenges.models import Challenge

ANSWER_WORKING_DAYS = 3
MIN_QUESTION, MAX_QUESTION = 10, 1000
MIN_ANSWER, MAX_ANSWER = 2, 3000
MAX_OPEN_PER_PERSON = 10


def questions_end(challenge: Challenge) -> dt.datetime | None:
    """Return when questions end: as the challenge says, else as many days before the deadline as its programme says."""
    if challenge.question_deadline_at is not None or challenge.bid_deadline_at is None:
        return challenge.question_deadline_at
    return challenge.bid_deadline_at - dt.timedelta(days=rules_of(challenge).question_cutoff_days)


def last_answer(challenge: Challenge) -> dt.datetime | None:
    """Return by when the last answer is given, so that every bidder has time to use it."""
    if challenge.bid_deadline_at is None:
        return None
    return challenge.bid_deadline_at - dt.timedelta(days=rules_of(challenge).answer_last_days)


def is_answering_open(challenge: Challenge, now: dt.datetime) -> bool:
    """Return whether an answer given at ``now`` still reaches bidders in time."""
    last = last_answer(challenge)
    return challenge.is_open(now) and (last is None or now < last)


def answer_by(challenge: Challenge, asked_at: dt.datetime) -> dt.datetime:
    """Return when an answer is due: within three working days, and never after the last day of answers."""
    due = add_working_days(asked_at, ANSWER_WORKING_DAYS)
    last = last_answer(challenge)
    return min(due, last) if last is not None and last > asked_at else due
