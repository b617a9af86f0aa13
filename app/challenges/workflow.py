"""The arrows of a challenge (domain §2.1)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow
from app.demands.workflow import PostingState


class ChallengeEvent(StrEnum):
    """What happens to a challenge."""

    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    CLOSE = "close"
    CANCEL = "cancel"


CHALLENGE_WORKFLOW = Workflow(
    initial=PostingState.DRAFT,
    arrows={
        (PostingState.DRAFT, ChallengeEvent.SUBMIT): PostingState.SUBMITTED,
        (PostingState.RETURNED, ChallengeEvent.SUBMIT): PostingState.SUBMITTED,
        (PostingState.SUBMITTED, ChallengeEvent.RETURN): PostingState.RETURNED,
        (PostingState.SUBMITTED, ChallengeEvent.PUBLISH): PostingState.PUBLISHED,
        (PostingState.PUBLISHED, ChallengeEvent.CLOSE): PostingState.CLOSED,
        (PostingState.DRAFT, ChallengeEvent.CANCEL): PostingState.CANCELLED,
        (PostingState.RETURNED, ChallengeEvent.CANCEL): PostingState.CANCELLED,
    },
)
