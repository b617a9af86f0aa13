"""What other slices do in the transaction in which a challenge takes an arrow; bids are closed with their challenge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.challenges.workflow import ChallengeEvent

Hook = Callable[["Session", "Challenge", "dt.datetime"], object]
"""Is given a challenge that is locked and stands where the arrow leads, and the time of the act."""

_HOOKS: dict[ChallengeEvent, list[Hook]] = defaultdict(list)


def register_hook(event: ChallengeEvent, hook: Hook) -> None:
    """Let ``hook`` be called whenever a challenge takes this arrow; registered twice, it is called once."""
    if hook not in _HOOKS[event]:
        _HOOKS[event].append(hook)


def run_hooks(event: ChallengeEvent, session: Session, challenge: Challenge, now: dt.datetime) -> None:
    """Call everything that is registered for an arrow."""
    for hook in _HOOKS[event]:
        hook(session, challenge, now)
