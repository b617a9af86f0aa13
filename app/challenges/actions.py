"""What somebody at the desk may do with a challenge now: who, by the policy; when, by workflow and path."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.challenges import policy
from app.challenges.path import BUYABLE, can_take
from app.challenges.workflow import CHALLENGE_WORKFLOW, ChallengeEvent
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from app.challenges.queries.process import Process
    from app.core.actor import Actor

_DECISIONS = {
    "return": ChallengeEvent.RETURN,
    "call": ChallengeEvent.APPRAISE,
    "approve": ChallengeEvent.APPROVE,
    "reject": ChallengeEvent.REJECT,
    "publish": ChallengeEvent.PUBLISH,
    "suspend": ChallengeEvent.SUSPEND,
    "resume": ChallengeEvent.RESUME,
}
_ENDING = (PostingState.CLOSED, PostingState.EVALUATING)
"""Before a result is in public notice; afterwards it takes two people, on the page of the award."""


def actions(
    actor: Actor, process: Process, *, city_code: str, deadline: dt.datetime | None, now: dt.datetime
) -> frozenset[str]:
    """Return the names of everything the actor may do at ``now`` (aware); services have the last word."""
    if policy.can_recommend(actor, city_code=city_code):
        return _of_prefecture(process)
    found = set(_of_second_person(actor, process))
    if policy.can_decide(actor):
        found |= _of_province(process) | _of_running(process, deadline, now)
    return frozenset(found)


def _of_prefecture(process: Process) -> frozenset[str]:
    events = {"recommend": ChallengeEvent.RECOMMEND, "return_city": ChallengeEvent.RETURN}
    legal = CHALLENGE_WORKFLOW.events(process.standing.state)
    return frozenset(
        name
        for name, event in events.items()
        if event in legal and can_take(event, process.standing, by_prefecture=True)
    )


def _of_second_person(actor: Actor, process: Process) -> set[str]:
    extension = process.open_extension
    if extension is None:
        return set()
    may = policy.can_confirm_extension(actor, proposed_by=extension.proposed_by)
    return {"confirm"} if may else set()


def _of_province(process: Process) -> set[str]:
    standing, appraisal = process.standing, process.appraisal
    legal = CHALLENGE_WORKFLOW.events(standing.state)
    found = {name for name, event in _DECISIONS.items() if event in legal and can_take(event, standing)}
    if standing.state is PostingState.APPRAISING and not standing.conclusion:
        found.add("conclude" if appraisal is not None and appraisal.panel else "call")
    if standing.state is PostingState.APPRAISING and standing.conclusion == BUYABLE:
        found.add("convert")
    if standing.state in _ENDING and not any(step.event is ChallengeEvent.PROPOSE for step in process.steps):
        found.add("no_award")
    return found


def _of_running(process: Process, deadline: dt.datetime | None, now: dt.datetime) -> set[str]:
    state, found = process.standing.state, set[str]()
    is_over = deadline is not None and deadline <= now
    if process.open_extension is not None:
        found.add("drop")
    elif state is PostingState.PUBLISHED and not is_over:
        found.add("extend")
    elif state is PostingState.CLOSED or (state is PostingState.PUBLISHED and is_over):
        found.add("outage")
    if state in (PostingState.PUBLISHED, PostingState.SUSPENDED) and process.cancel_requested_at is not None:
        found |= {"cancel", "refuse"}
    return found
