"""What is done between ranking and award; one verb, one function."""

from __future__ import annotations

from app.awards.service.award import award_challenge, decline_award
from app.awards.service.confirm import confirm_proposal
from app.awards.service.decide import (
    accept_objection,
    dismiss_objection,
    find_right,
    refuse_objection,
    return_decision,
    uphold_objection,
)
from app.awards.service.ending import end_decision
from app.awards.service.object import ask_again, file_objection, waive_asking_again, withdraw_objection
from app.awards.service.propose import propose_award, return_proposal
from app.awards.service.undo import propose_no_award, propose_replacement
from app.awards.service.withdraw import withdraw_opened

__all__ = [
    "accept_objection",
    "ask_again",
    "award_challenge",
    "confirm_proposal",
    "decline_award",
    "dismiss_objection",
    "end_decision",
    "file_objection",
    "find_right",
    "propose_award",
    "propose_no_award",
    "propose_replacement",
    "refuse_objection",
    "return_decision",
    "return_proposal",
    "uphold_objection",
    "waive_asking_again",
    "withdraw_objection",
    "withdraw_opened",
]
