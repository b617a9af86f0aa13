"""Where a need stands between draft and end: the stations of the rail, from state and dates alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from app.demands.rules import REVIEW_WORKING_DAYS, review_due
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import datetime as dt

PREPARE, REVIEW, MATCH, END = range(4)
_PLACES = {
    PostingState.DRAFT: PREPARE,
    PostingState.RETURNED: PREPARE,
    PostingState.SUBMITTED: REVIEW,
    PostingState.PUBLISHED: MATCH,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One station: ``status`` is done, current, upcoming or skipped."""

    label: Any
    status: str
    done_at: dt.datetime | None = None
    due_at: dt.datetime | None = None
    actor: Any = ""
    rule: Any = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """What the rail is made of."""

    state: PostingState
    submitted_at: dt.datetime | None
    published_at: dt.datetime | None
    closed_at: dt.datetime | None


def rail(dates: Dates) -> tuple[Step, ...]:
    """Return the stations in order."""
    return (_prepared(dates), _reviewed(dates), _matched(dates), _ended(dates))


def _prepared(dates: Dates) -> Step:
    labels = {PostingState.DRAFT: _l("Being prepared"), PostingState.RETURNED: _l("Returned for revision")}
    label = labels.get(dates.state, _l("Prepared"))
    return Step(label, _status(dates, PREPARE), done_at=dates.submitted_at, actor=_l("The company"))


def _reviewed(dates: Dates) -> Step:
    is_waiting = dates.state is PostingState.SUBMITTED and dates.submitted_at is not None
    return Step(
        _l("Under review") if is_waiting else _l("Reviewed"),
        _status(dates, REVIEW),
        done_at=dates.published_at,
        due_at=review_due(dates.submitted_at) if is_waiting and dates.submitted_at else None,
        actor=_l("Authority"),
        rule=_l("Within %(n)s working days of submission", n=REVIEW_WORKING_DAYS),
    )


def _matched(dates: Dates) -> Step:
    return Step(
        _l("Open for matching"),
        _status(dates, MATCH),
        actor=_l("Chip firms and the model"),
        rule=_l("Until the company ends it"),
    )


def _ended(dates: Dates) -> Step:
    label = _l("Cancelled") if dates.state is PostingState.CANCELLED else _l("Closed")
    return Step(label, _status(dates, END), done_at=dates.closed_at, actor=_l("The company"))


def _status(dates: Dates, place: int) -> str:
    here = _PLACES.get(dates.state, END + 1)
    if here > END and _is_passed_over(dates, place):
        return "skipped"
    return "done" if place < here else "current" if place == here else "upcoming"


def _is_passed_over(dates: Dates, place: int) -> bool:
    """Return whether a need that has ended never came to this station."""
    reached = {REVIEW: dates.published_at, MATCH: dates.published_at}
    return place in reached and reached[place] is None
