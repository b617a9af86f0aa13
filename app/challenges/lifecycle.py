"""Where a challenge stands between posting and award: the stations of the rail, from dates and rules alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from app.demands.lifecycle import Step
from app.demands.rules import REVIEW_WORKING_DAYS, review_due
from app.demands.workflow import PostingMode, PostingState

if TYPE_CHECKING:
    import datetime as dt

    from app.challenges.models import Programme

_PREPARING = (PostingState.DRAFT, PostingState.RETURNED)
_REVIEWING = (PostingState.SUBMITTED, PostingState.RECOMMENDED, PostingState.APPRAISING, PostingState.APPROVED,
              PostingState.REJECTED)  # fmt: skip
_UNAPPRAISED = (PostingState.SUBMITTED, PostingState.RECOMMENDED, PostingState.APPRAISING)
_BIDDING = (PostingState.PUBLISHED, PostingState.SUSPENDED)
_EVALUATING = (PostingState.CLOSED, PostingState.EVALUATING)
_ENDED = (PostingState.AWARDED, PostingState.NO_AWARD)
PREPARE, REVIEW, BIDS, EVALUATION, NOTICE, RESULT = range(6)


@dataclass(frozen=True, slots=True)
class Dates:
    """What the rail is made of."""

    state: PostingState
    mode: PostingMode
    award_count: int
    submitted_at: dt.datetime | None
    published_at: dt.datetime | None
    bid_deadline_at: dt.datetime | None
    closed_at: dt.datetime | None


def phase(state: PostingState, bid_deadline_at: dt.datetime | None, now: dt.datetime) -> PostingState:
    """Return the state as people see it: a published challenge is closed from its deadline on."""
    is_over = bid_deadline_at is not None and bid_deadline_at <= now
    return PostingState.CLOSED if state is PostingState.PUBLISHED and is_over else state


def rail(dates: Dates, programme: Programme | None) -> tuple[Step, ...]:
    """Return the stations in order; ``dates.state`` must be the phase, not the stored state."""
    return (_prepared(dates), *_path(dates, programme), _reviewed(dates, programme), _bids(dates, programme),
            _evaluated(dates), _noticed(dates, programme), _result(dates))  # fmt: skip


def _path(dates: Dates, programme: Programme | None) -> tuple[Step, ...]:
    """Return the stations before the review that the programme lays."""
    found = []
    if programme is not None and programme.requires_recommendation:
        due = review_due(dates.submitted_at) if dates.submitted_at else None
        rule = _l("Within %(n)s working days of submission", n=REVIEW_WORKING_DAYS)
        status = _passed(dates, (PostingState.SUBMITTED,))
        label = _l("Recommended by the prefecture")
        found.append(
            Step(label, status, due_at=due if status == "current" else None, actor=_l("Prefecture"), rule=rule)
        )
    if programme is not None and programme.requires_appraisal:
        waits: tuple[PostingState, ...] = (PostingState.RECOMMENDED, PostingState.APPRAISING)
        waits = waits if programme.requires_recommendation else (PostingState.SUBMITTED, *waits)
        label, rule = _l("Appraised"), _l("At least three experts without a conflict")
        found.append(Step(label, _passed(dates, waits), actor=_l("Experts"), rule=rule))
    return tuple(found)


def _passed(dates: Dates, waits: tuple[PostingState, ...]) -> str:
    """Return whether a challenge is at a station before the review, has it behind or before it."""
    if dates.state in waits:
        return "current"
    if dates.state is PostingState.CANCELLED:
        return "skipped" if dates.published_at is None else "done"
    is_before = dates.state in _PREPARING or (dates.state is PostingState.SUBMITTED and waits[0] is not dates.state)
    return "upcoming" if is_before else "done"


def _prepared(dates: Dates) -> Step:
    label = _l("Returned for revision") if dates.state is PostingState.RETURNED else _l("Prepared")
    return _step(dates, PREPARE, label, done_at=dates.submitted_at, actor=_l("Challenge owner"))


def _reviewed(dates: Dates, programme: Programme | None) -> Step:
    if dates.state in _UNAPPRAISED and programme is not None and programme.requires_appraisal:
        return Step(_l("Approved"), "upcoming", actor=_l("Authority"))
    if dates.state is PostingState.SUBMITTED and programme is not None and programme.requires_recommendation:
        return Step(_l("Approved"), "upcoming", actor=_l("Authority"))
    label = _l("Under review") if _status(dates, REVIEW) == "current" else _l("Reviewed")
    label = _l("Rejected") if dates.state is PostingState.REJECTED else label
    due = review_due(dates.submitted_at) if dates.submitted_at else None
    return _step(
        dates,
        REVIEW,
        label,
        done_at=dates.published_at,
        due_at=due,
        actor=_l("Authority"),
        rule=_l("Within %(n)s working days of submission", n=REVIEW_WORKING_DAYS),
    )


def _bids(dates: Dates, programme: Programme | None) -> Step:
    label = _l("Bids closed") if _status(dates, BIDS) == "done" else _l("Open for bids")
    label = _l("Suspended") if dates.state is PostingState.SUSPENDED else label
    least = _l("At least %(n)s days, by the programme", n=programme.min_bid_window_days) if programme else ""
    return _step(
        dates,
        BIDS,
        label,
        done_at=dates.bid_deadline_at,
        due_at=dates.bid_deadline_at,
        actor=_l("Bidders; the clock closes it"),
        rule=least,
    )


def _evaluated(dates: Dates) -> Step:
    poser = dates.mode is PostingMode.ENTERPRISE_POSED
    return _step(
        dates,
        EVALUATION,
        _l("Evaluated"),
        actor=_l("Challenge owner and experts") if poser else _l("Experts"),
        rule=_l("Bids are unsealed after the deadline"),
    )


def _noticed(dates: Dates, programme: Programme | None) -> Step:
    days = _l("%(n)s working days", n=programme.publicity_working_days) if programme else ""
    return _step(dates, NOTICE, _l("Public notice"), actor=_l("Anybody may object"), rule=days)


def _result(dates: Dates) -> Step:
    label = {PostingState.NO_AWARD: _l("No award"), PostingState.CANCELLED: _l("Cancelled")}.get(
        dates.state, _l("Awarded")
    )
    ended_at = dates.closed_at if dates.state is PostingState.CANCELLED else None
    winners = _l("Up to %(n)s winners", n=dates.award_count) if dates.award_count > 1 else _l("One winner")
    is_without = dates.state in (PostingState.NO_AWARD, PostingState.CANCELLED)
    return _step(
        dates,
        RESULT,
        label,
        done_at=ended_at,
        actor=_l("Authority"),
        rule="" if is_without else winners,
    )


def _step(dates: Dates, place: int, label: Any, **facts: Any) -> Step:
    status = _status(dates, place)
    done_at, due_at = facts.pop("done_at", None), facts.pop("due_at", None)
    return Step(
        label,
        status,
        done_at=done_at if status == "done" else None,
        due_at=due_at if status in ("current", "upcoming") else None,
        **facts,
    )


def _status(dates: Dates, place: int) -> str:
    if dates.state is PostingState.CANCELLED:
        was_public = dates.published_at is not None
        return "done" if place in (PREPARE, RESULT) or (was_public and place == REVIEW) else "skipped"
    if dates.state is PostingState.NO_AWARD and place == NOTICE:
        return "skipped"
    here = _here(dates.state)
    return "done" if place < here else "current" if place == here else "upcoming"


def _here(state: PostingState) -> int:
    """Return the place of the current station; behind the last one when everything is over."""
    stations = ((_PREPARING, PREPARE), (_REVIEWING, REVIEW), (_BIDDING, BIDS), (_EVALUATING, EVALUATION),
                ((PostingState.PUBLICITY,), NOTICE))  # fmt: skip
    return next((place for states, place in stations if state in states), RESULT + 1)
