"""Fixing for whom the bids of a challenge are locked, in the transaction that publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.challenges.hooks import register_hook
from app.challenges.standing import rules_of
from app.challenges.workflow import ChallengeEvent
from app.keys.service import freeze_holders

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge


def fix_holders(session: Session, challenge: Challenge, now: dt.datetime) -> None:
    """Freeze the holders of a challenge that is being published. Raises RuleViolation when there are too few."""
    rules = rules_of(challenge)
    freeze_holders(
        session,
        challenge_id=challenge.id,
        owner_id=challenge.organization_id,
        threshold=rules.key_threshold,
        viewer_role=rules.pre_deadline_viewer,
        now=now,
    )


register_hook(ChallengeEvent.PUBLISH, fix_holders)
