"""How states and choices of this slice are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.bids.eligibility import Finding
from app.bids.workflow import BidState, MemberState
from app.challenges.labels import ENDED_BIDS

STATES = {
    BidState.DRAFT: _l("Draft"),
    BidState.SEALED: _l("Sealed"),
    BidState.OPENED: _l("Opened"),
    BidState.FORMAT_REJECTED: _l("Refused in the format check"),
    BidState.VALID: _l("Valid"),
    BidState.UNDER_REVIEW: _l("Being judged"),
    BidState.SHORTLISTED: _l("Shortlisted"),
    BidState.DEFENDED: _l("Defended"),
    BidState.SELECTED: _l("Selected"),
    BidState.RESERVE: _l("In reserve"),
    BidState.NOT_SELECTED: _l("Not selected"),
    BidState.WITHDRAWN: _l("Withdrawn"),
    BidState.DISQUALIFIED: _l("Disqualified"),
}
OPENING_ERRORS = {
    "ciphertext": _l("What is stored was changed or damaged: it cannot be decrypted."),
    "shares": _l("Too many of the holders' shares of its key are damaged."),
    "commitment": _l("What was decrypted is not what the receipt vouches for."),
    "bidder": _l("What was decrypted belongs to another bid or firm."),
    "file": _l("A file of the bid is lost or damaged."),
}
"""Why one bid could not be opened."""
ENDINGS = ENDED_BIDS
GIVING_UP = {
    "propose": _l("Proposed. Another officer confirms it."),
    "confirm": _l("Given up. Its firm is told, and the count is public."),
    "keep": _l("It is kept. Repair it, then try again."),
}
"""What is said when somebody has decided about a bid that cannot be opened."""
VERDICTS = {
    "listed": _l("This receipt is on the list, with this commitment and time."),
    "not_listed": _l("No bid with this commitment was sealed at the deadline."),
    "unknown_code": _l("No sealed bid of this challenge has this receipt code. A receipt ends when its bid is taken "
                       "back or withdrawn."),
    "differs": _l("What the portal holds differs from this receipt. Keep the receipt and tell the supervisor."),
    "other_challenge": _l("This receipt belongs to another challenge."),
}  # fmt: skip
"""What became of a check."""
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
MEMBER_STATES = {
    MemberState.INVITED: _l("Asked"),
    MemberState.CONSENTED: _l("Has consented"),
    MemberState.DECLINED: _l("Does not take part"),
}
FINDINGS = {
    Finding.MET: _l("Yes"),
    Finding.UNSURE: _l("To be looked at"),
    Finding.NOT_MET: _l("No"),
}
