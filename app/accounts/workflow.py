"""How a verification is decided."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.core.workflow import Workflow

ANSWER_WITHIN_DAYS: Final = 5
"""Working days in which the authority answers a request."""


class VerificationState(StrEnum):
    """Where a verification request stands."""

    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REJECTED = "rejected"


class VerificationEvent(StrEnum):
    """What an administrator does with it."""

    VERIFY = "verify"
    REJECT = "reject"


VERIFICATION_WORKFLOW = Workflow(
    initial=VerificationState.SUBMITTED,
    arrows={
        (VerificationState.SUBMITTED, VerificationEvent.VERIFY): VerificationState.VERIFIED,
        (VerificationState.SUBMITTED, VerificationEvent.REJECT): VerificationState.REJECTED,
    },
)
