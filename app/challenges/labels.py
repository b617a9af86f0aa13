"""How the choices of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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
