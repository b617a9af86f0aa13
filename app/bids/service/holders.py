"""Fixing for whom the bids of a challenge are locked, in the transaction that publishes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.challenges.hooks import register_hook
from app.challenges.workflow import ChallengeEvent
from app.keys.service import freeze_holders

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge

DEFAULT_THRESHOLD = 2
"""Where a challenge belongs to no programme."""


def fix_holders(session: Session, challenge: Challenge, now: dt.datetime) -> None:
    """Freeze the holders of a challenge that is being published. Raises RuleViolation when there are too few."""
    programme = challenge.programme
    freeze_holders(
        session,
        challenge_id=challenge.id,
        owner_id=challenge.organization_id,
        threshold=programme.key_threshold if programme else DEFAULT_THRESHOLD,
        viewer_role=programme.pre_deadline_viewer if programme else "",
        now=now,
    )


register_hook(ChallengeEvent.PUBLISH, fix_holders)
