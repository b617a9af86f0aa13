"""How the choices of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.challenges.workflow import ChallengeEvent
from app.demands.workflow import PostingState

PHASES = {
    PostingState.PUBLISHED: _l("Open for bids"),
    PostingState.CLOSED: _l("Closed for bids"),
}
EVENTS = {
    ChallengeEvent.SUBMIT: _l("Handed in"),
    ChallengeEvent.RETURN: _l("Returned for revision"),
    ChallengeEvent.RECOMMEND: _l("Recommended by the prefecture"),
    ChallengeEvent.APPRAISE: _l("Appraisal begun"),
    ChallengeEvent.APPROVE: _l("Approved"),
    ChallengeEvent.REJECT: _l("Rejected"),
    ChallengeEvent.RECONSIDER: _l("Reconsideration asked for"),
    ChallengeEvent.PUBLISH: _l("Published"),
    ChallengeEvent.SUSPEND: _l("Suspended"),
    ChallengeEvent.RESUME: _l("Resumed"),
    ChallengeEvent.CLOSE: _l("Bids closed"),
    ChallengeEvent.EXTEND: _l("Reopened after an outage"),
    ChallengeEvent.OPEN: _l("Bids opened"),
    ChallengeEvent.PROPOSE: _l("Award proposed"),
    ChallengeEvent.REOPEN: _l("Evaluated again"),
    ChallengeEvent.AWARD: _l("Awarded"),
    ChallengeEvent.REPLACE: _l("An award has ended; the next reserve is in public notice"),
    ChallengeEvent.NO_AWARD: _l("No award"),
    ChallengeEvent.CANCEL: _l("Cancelled"),
}
"""Arrows once they were taken."""
PUBLIC_EVENTS = frozenset(
    {
        ChallengeEvent.PUBLISH,
        ChallengeEvent.SUSPEND,
        ChallengeEvent.RESUME,
        ChallengeEvent.CLOSE,
        ChallengeEvent.EXTEND,
        ChallengeEvent.OPEN,
        ChallengeEvent.REPLACE,
        ChallengeEvent.NO_AWARD,
        ChallengeEvent.CANCEL,
    }
)
"""Arrows that everybody may read about, with their reasons."""
CHECKLIST = {
    "real_need": _l("The need is real"),
    "quantified": _l("Every indicator is quantified"),
    "funds": _l("The money is there"),
    "no_secret": _l("No state secret is touched"),
    "not_tailored": _l("It is not tailored to one firm"),
}
"""What a prefecture looks at before it recommends."""
CONCLUSIONS = {
    "adequate": _l("Worth posting"),
    "inadequate": _l("Not worth posting"),
    "merge": _l("Posted already: merge"),
    "buyable": _l("Can be bought: match it as a need"),
}
SUSPENSION_REASONS = {
    "objection": _l("An objection is examined"),
    "lead": _l("A hint of irregularity is examined"),
    "leak": _l("Content may have leaked"),
    "other": _l("Another reason"),
}
CANCELLATION_REASONS = {
    "need_gone": _l("The need is gone"),
    "funds": _l("The money is missing"),
    "solved": _l("It has been solved otherwise"),
    "legal": _l("The law stands against it"),
}
REJECTION_CODES = {
    "merged": _l("Merged with another challenge"),
    "buyable": _l("Can be bought: match it as a need"),
}
DECISION_CODES = {
    "objection_upheld": _l("An objection was upheld"),
    "winner_withdrew": _l("The selected firm withdrew"),
}
"""Why a result that was in public notice fell."""
ENDED_BIDS = {
    "unconfirmed": _l("lapsed, as it was not confirmed for a new edition"),
    "cancelled": _l("returned unopened, as the challenge was taken back"),
    "unreadable": _l("given up, as it could not be opened"),
    "withdrawn": _l("withdrawn by its firm after the opening"),
}
"""Why a submitted bid ended without a verdict."""
AUTOPSY_REASONS = {
    "indicators": _l("The indicators are too hard"),
    "price": _l("The reward is too small"),
    "term": _l("The term is too short"),
    "volume": _l("The volume is too small or unsure"),
    "ip": _l("The terms on property do not suit us"),
    "data": _l("We lack data or samples"),
    "capacity": _l("We have no people free"),
    "field": _l("It is not our field"),
}
"""Why a firm does not bid, to be told with one tap."""
RESTRICTIONS = {
    "region": _l("Region"),
    "ownership": _l("Ownership"),
    "size": _l("Size of the firm"),
    "qualification": _l("Qualification"),
    "consortium": _l("Make-up of the consortium"),
}
"""What may be limited when a law provides for it."""


def reason(code: str) -> object:
    """Return how the code of any public reason is called; nothing for none."""
    known = {**SUSPENSION_REASONS, **CANCELLATION_REASONS, **REJECTION_CODES, **DECISION_CODES}
    return known.get(code, "")


"""States that a challenge calls by another name than a need."""
KPI_OPERATORS = {
    "<=": _l("≤ at most"),
    ">=": _l("≥ at least"),
    "=": _l("= equal to"),
    "covers": _l("⊇ covers the range"),
}
KPI_KINDS = {
    "technical": _l("Technical"),
    "reliability": _l("Reliability"),
    "economic": _l("Economic"),
    "schedule": _l("Schedule"),
    "ip": _l("Intellectual property"),
}
VERIFIERS = {
    "lab": _l("Accredited laboratory"),
    "user_site": _l("Owner's site"),
    "self": _l("Bidder's own test"),
}
IP_TERMS = {
    "developer": _l("Belongs to the developer"),
    "owner": _l("Belongs to the challenge owner"),
    "joint": _l("Joint property"),
    "negotiable": _l("To be negotiated"),
}
TABS = {
    "open": _l("Open for bids"),
    "running": _l("Closed, in evaluation"),
    "finished": _l("Finished"),
    "all": _l("All"),
}
SORTS = {
    "deadline": _l("By deadline"),
    "reward": _l("Highest reward first"),
    "new": _l("Newest first"),
}
MY_TABS = {
    "all": _l("All"),
    "draft": _l("To finish"),
    "submitted": _l("Under review"),
    "published": _l("Published"),
    "closed": _l("In evaluation"),
    "ended": _l("Ended"),
}
