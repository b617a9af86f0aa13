"""What is done between ranking and award; one verb, one function."""

from __future__ import annotations

from app.awards.service.award import award_challenge, replace_award
from app.awards.service.decide import accept_objection, dismiss_objection, refuse_objection, uphold_objection
from app.awards.service.ending import end_decision
from app.awards.service.object import ask_again, file_objection, withdraw_objection
from app.awards.service.propose import confirm_proposal, propose_award, return_proposal

__all__ = [
    "accept_objection",
    "ask_again",
    "award_challenge",
    "confirm_proposal",
    "dismiss_objection",
    "end_decision",
    "file_objection",
    "propose_award",
    "refuse_objection",
    "replace_award",
    "return_proposal",
    "uphold_objection",
    "withdraw_objection",
]
