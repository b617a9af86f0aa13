"""How states, operators and choices of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.demands.workflow import PostingMode, PostingState

MODES = {
    PostingMode.MATCHING_NEED: _l("Matching need"),
    PostingMode.ENTERPRISE_POSED: _l("Posed by a company"),
    PostingMode.GOVERNMENT_TASK: _l("Government task"),
}
STATES = {
    PostingState.DRAFT: _l("Draft"),
    PostingState.SUBMITTED: _l("Under review"),
    PostingState.RETURNED: _l("Returned for revision"),
    PostingState.PUBLISHED: _l("Published"),
    PostingState.CLOSED: _l("Closed"),
    PostingState.CANCELLED: _l("Cancelled"),
    PostingState.RECOMMENDED: _l("Recommended"),
    PostingState.APPRAISING: _l("In appraisal"),
    PostingState.APPROVED: _l("Approved"),
    PostingState.REJECTED: _l("Rejected"),
    PostingState.SUSPENDED: _l("Suspended"),
    PostingState.EVALUATING: _l("In evaluation"),
    PostingState.PUBLICITY: _l("Proposed award on public notice"),
    PostingState.AWARDED: _l("Awarded"),
    PostingState.NO_AWARD: _l("No award"),
}
TABS = {
    "all": _l("All"),
    "draft": _l("Drafts and returned"),
    "submitted": _l("Under review"),
    "published": _l("Published"),
    "ended": _l("Ended"),
}
SORTS = {
    "new": _l("Newest first"),
    "samples": _l("Samples needed soonest"),
}
OPERATORS = {
    ">=": _l("≥ at least"),
    "<=": _l("≤ at most"),
    "=": _l("= equal to"),
    "covers": _l("⊇ covers the range"),
    "has": _l("∋ has all of"),
    "in": _l("∈ is one of"),
}
CURRENT_SUPPLY = {
    "imported": _l("Imported chip in use"),
    "domestic": _l("Domestic chip in use"),
    "none": _l("No chip yet"),
}
URGENCY = {
    1: _l("1 – no supply risk"),
    2: _l("2 – slight"),
    3: _l("3 – noticeable"),
    4: _l("4 – serious"),
    5: _l("5 – supply about to stop"),
}
VOLUME_BANDS = ((10, "<10"), (50, "10–50"), (100, "50–100"), (500, "100–500"), (1000, "500–1000"),
                (5000, "1000–5000"), (10000, "5000–10000"))  # fmt: skip


def volume_band(kpcs: int | None) -> str:
    """Return the band of a yearly volume in thousand pieces, as strangers may see it."""
    if kpcs is None:
        return ""
    return next((name for limit, name in VOLUME_BANDS if kpcs < limit), ">10000")
