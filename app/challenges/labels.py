"""How the choices of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.demands.workflow import PostingState

PHASES = {
    PostingState.PUBLISHED: _l("Open for bids"),
    PostingState.CLOSED: _l("Closed for bids"),
}
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
