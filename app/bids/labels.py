"""How states and choices of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.bids.workflow import BidState

STATES = {
    BidState.DRAFT: _l("Draft"),
    BidState.SEALED: _l("Sealed"),
    BidState.OPENED: _l("Opened"),
    BidState.FORMAT_REJECTED: _l("Refused in the format check"),
    BidState.VALID: _l("Valid"),
    BidState.UNDER_REVIEW: _l("Under review"),
    BidState.SHORTLISTED: _l("Shortlisted"),
    BidState.DEFENDED: _l("Defended"),
    BidState.SELECTED: _l("Selected"),
    BidState.RESERVE: _l("In reserve"),
    BidState.NOT_SELECTED: _l("Not selected"),
    BidState.WITHDRAWN: _l("Withdrawn"),
    BidState.DISQUALIFIED: _l("Disqualified"),
}
READINESS = {
    1: _l("1 – basic principles observed"),
    2: _l("2 – concept formulated"),
    3: _l("3 – key functions shown in simulation"),
    4: _l("4 – validated in the laboratory"),
    5: _l("5 – validated in a relevant environment"),
    6: _l("6 – engineering samples shown to work"),
    7: _l("7 – prototype in the customer's system"),
    8: _l("8 – qualified, small batches"),
    9: _l("9 – in mass production"),
}
