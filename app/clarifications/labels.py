"""How states of questions and amendments, and what amendments change, are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.clarifications.workflow import AmendmentState, QuestionState

STATES = {
    QuestionState.ASKED: _l("Waits for an answer"),
    QuestionState.ANSWERED: _l("Answered"),
    QuestionState.MERGED: _l("Asked before"),
    QuestionState.DECLINED: _l("Not answered"),
    QuestionState.WITHDRAWN: _l("Taken back"),
}
AMENDMENT_STATES = {
    AmendmentState.PROPOSED: _l("Waits for the authority"),
    AmendmentState.APPROVED: _l("In force"),
    AmendmentState.RETURNED: _l("Returned"),
    AmendmentState.WITHDRAWN: _l("Taken back"),
}
FIELDS = {
    "research_content": _l("Research content"),
    "bidder_requirements": _l("Requirements of bidders"),
    "reward_total_wan": _l("Reward (10,000 yuan)"),
    "owner_cash_wan": _l("Paid by the challenge owner (10,000 yuan)"),
    "public_fund_wan": _l("Public money (10,000 yuan)"),
    "bid_deadline_at": _l("Bids until"),
    "question_deadline_at": _l("Questions until"),
    "operator": _l("Operator"),
    "target": _l("Target"),
    "unit": _l("Unit"),
    "condition": _l("Condition"),
    "test_method": _l("Test method"),
}
