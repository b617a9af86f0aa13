"""The arrows of a challenge (domain §2.1)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow
from app.demands.workflow import PostingState as S


class ChallengeEvent(StrEnum):
    """What happens to a challenge."""

    SUBMIT = "submit"
    RETURN = "return"
    RECOMMEND = "recommend"
    APPRAISE = "appraise"
    APPROVE = "approve"
    REJECT = "reject"
    RECONSIDER = "reconsider"
    PUBLISH = "publish"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"
    EXTEND = "extend"
    OPEN = "open"
    PROPOSE = "propose"
    REOPEN = "reopen"
    AWARD = "award"
    REPLACE = "replace"
    NO_AWARD = "no_award"
    CANCEL = "cancel"


E = ChallengeEvent

CHALLENGE_WORKFLOW = Workflow(
    initial=S.DRAFT,
    arrows={
        (S.DRAFT, E.SUBMIT): S.SUBMITTED,
        (S.RETURNED, E.SUBMIT): S.SUBMITTED,
        (S.SUBMITTED, E.RETURN): S.RETURNED,
        (S.SUBMITTED, E.RECOMMEND): S.RECOMMENDED,
        (S.SUBMITTED, E.APPRAISE): S.APPRAISING,
        (S.RECOMMENDED, E.APPRAISE): S.APPRAISING,
        (S.RECOMMENDED, E.RETURN): S.RETURNED,
        (S.SUBMITTED, E.APPROVE): S.APPROVED,
        (S.RECOMMENDED, E.APPROVE): S.APPROVED,
        (S.APPRAISING, E.APPROVE): S.APPROVED,
        (S.SUBMITTED, E.REJECT): S.REJECTED,
        (S.RECOMMENDED, E.REJECT): S.REJECTED,
        (S.APPRAISING, E.REJECT): S.REJECTED,
        (S.REJECTED, E.RECONSIDER): S.APPRAISING,
        (S.SUBMITTED, E.PUBLISH): S.PUBLISHED,
        (S.APPROVED, E.PUBLISH): S.PUBLISHED,
        (S.PUBLISHED, E.SUSPEND): S.SUSPENDED,
        (S.SUSPENDED, E.RESUME): S.PUBLISHED,
        (S.PUBLISHED, E.CLOSE): S.CLOSED,
        # The portal was down at the deadline; possible until the first key is released.
        (S.CLOSED, E.EXTEND): S.PUBLISHED,
        (S.CLOSED, E.OPEN): S.EVALUATING,
        (S.EVALUATING, E.PROPOSE): S.PUBLICITY,
        (S.PUBLICITY, E.REOPEN): S.EVALUATING,
        (S.PUBLICITY, E.AWARD): S.AWARDED,
        # An award has ended; whoever is to take its place is in public notice first.
        (S.AWARDED, E.REPLACE): S.PUBLICITY,
        (S.CLOSED, E.NO_AWARD): S.NO_AWARD,
        (S.EVALUATING, E.NO_AWARD): S.NO_AWARD,
        (S.PUBLICITY, E.NO_AWARD): S.NO_AWARD,
        (S.AWARDED, E.NO_AWARD): S.NO_AWARD,
        (S.DRAFT, E.CANCEL): S.CANCELLED,
        (S.RETURNED, E.CANCEL): S.CANCELLED,
        (S.PUBLISHED, E.CANCEL): S.CANCELLED,
        (S.SUSPENDED, E.CANCEL): S.CANCELLED,
    },
)
"""Which arrows a programme leaves out (recommendation, appraisal) is decided where they are taken."""
