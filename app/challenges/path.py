"""The path a programme lays from the draft to the list: which arrow may be taken, by what has happened so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.challenges.workflow import ChallengeEvent as E
from app.core.clock import SHANGHAI
from app.core.policy import YES, Decision, no
from app.demands.rules import review_due
from app.demands.workflow import PostingState as S

if TYPE_CHECKING:
    from app.challenges.models import Challenge

MAX_RETURNS = 2
ADEQUATE, INADEQUATE, MERGE, BUYABLE = "adequate", "inadequate", "merge", "buyable"
ACCEPTED, DECLINED = "accepted", "declined"
_TWICE = no("It was returned twice already: recommend it, or leave it to the province.")
_NOT_APPRAISED = no("The appraisal has not been concluded yet.")
_AT_PREFECTURE = no("The owner's prefecture has five working days to check it first.")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a challenge stands, as far as the path asks."""

    state: S
    requires_recommendation: bool = False
    requires_appraisal: bool = False
    is_late: bool = False
    """Whether the prefecture's time to check it has passed."""
    n_returns: int = 0
    conclusion: str = ""
    """Of the latest appraisal."""
    merge_answer: str = ""

    @property
    def is_at_prefecture(self) -> bool:
        """Whether the prefecture alone may act."""
        return self.state is S.SUBMITTED and self.requires_recommendation and not self.is_late

    @property
    def is_escalated(self) -> bool:
        """Whether the prefecture kept silent, so that the province may act as well; nothing happens by itself."""
        return self.state is S.SUBMITTED and self.requires_recommendation and self.is_late


class Concluded(Protocol):
    """An appraisal, as far as the path asks."""

    @property
    def conclusion(self) -> str:
        """What the experts found; empty while they have not."""

    @property
    def merge_answer(self) -> str:
        """What the owner says to the proposal to merge."""


def standing_of(challenge: Challenge, appraisal: Concluded | None, now: dt.datetime) -> Standing:
    """Return where a challenge stands at ``now`` (aware); its programme must be loaded."""
    programme, submitted = challenge.programme, challenge.submitted_at
    return Standing(
        state=challenge.state,
        requires_recommendation=programme is not None and programme.requires_recommendation,
        requires_appraisal=programme is not None and programme.requires_appraisal,
        is_late=submitted is not None and review_due(submitted) <= now,
        n_returns=challenge.n_returns,
        conclusion=appraisal.conclusion if appraisal else "",
        merge_answer=appraisal.merge_answer if appraisal else "",
    )


def late_before(now: dt.datetime) -> dt.datetime:
    """Return the instant before which a challenge was handed in whose check is overdue at ``now`` (aware)."""
    day = now.astimezone(SHANGHAI).date()
    while review_due(_midnight(day)) > now:
        day -= dt.timedelta(days=1)
    return _midnight(day + dt.timedelta(days=1))


def _midnight(day: dt.date) -> dt.datetime:
    """Return the beginning of a day in Shanghai."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=SHANGHAI)


def can_take(event: E, standing: Standing, *, by_prefecture: bool = False) -> Decision:
    """Return whether the programme lets this arrow be taken now; whether it exists is the workflow's business."""
    if by_prefecture:
        return _prefecture(event, standing)
    if event in _PROVINCE and standing.is_at_prefecture:
        return _AT_PREFECTURE
    return _RULES[event](standing) if event in _RULES else YES


def _prefecture(event: E, standing: Standing) -> Decision:
    if not standing.requires_recommendation:
        return no("This programme asks no prefecture.")
    if standing.state is not S.SUBMITTED:
        return no("The prefecture has passed it on.")
    return _TWICE if event is E.RETURN and standing.n_returns >= MAX_RETURNS else YES


def _return(standing: Standing) -> Decision:
    if standing.n_returns >= MAX_RETURNS:
        return no("It was returned twice already: approve it or reject it with reasons.")
    return YES


def _appraise(standing: Standing) -> Decision:
    return YES if standing.requires_appraisal else no("This programme has no appraisal.")


def _approve(standing: Standing) -> Decision:
    if not standing.requires_appraisal and standing.state is not S.APPRAISING:
        return YES
    if standing.state is not S.APPRAISING:
        return no("This programme has every challenge appraised first.")
    if standing.conclusion == ADEQUATE:
        return YES
    if standing.conclusion == MERGE and standing.merge_answer == DECLINED:
        return YES
    return no("The appraisal did not find it adequate.") if standing.conclusion else _NOT_APPRAISED


def _reject(standing: Standing) -> Decision:
    if standing.state is S.APPRAISING:
        return YES if standing.conclusion else _NOT_APPRAISED
    return YES


def _publish(standing: Standing) -> Decision:
    if standing.state is S.SUBMITTED and (standing.requires_recommendation or standing.requires_appraisal):
        return no("This programme has every challenge approved before it is published.")
    return YES


_PROVINCE = (E.RETURN, E.APPRAISE, E.APPROVE, E.REJECT, E.PUBLISH)
_RULES = {E.RETURN: _return, E.APPRAISE: _appraise, E.APPROVE: _approve, E.REJECT: _reject, E.PUBLISH: _publish}
