"""The arrows of a bid (domain §2.2)."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class BidState(StrEnum):
    """Where a bid stands."""

    DRAFT = "draft"
    SEALED = "sealed"
    OPENED = "opened"
    FORMAT_REJECTED = "format_rejected"
    VALID = "valid"
    UNDER_REVIEW = "under_review"
    SHORTLISTED = "shortlisted"
    DEFENDED = "defended"
    SELECTED = "selected"
    RESERVE = "reserve"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


class BidEvent(StrEnum):
    """What happens to a bid."""

    SEAL = "seal"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    OPEN = "open"
    ACCEPT_FORMAT = "accept_format"
    REJECT_FORMAT = "reject_format"
    REINSTATE = "reinstate"
    START_REVIEW = "start_review"
    SHORTLIST = "shortlist"
    DEFEND = "defend"
    SELECT = "select"
    KEEP_IN_RESERVE = "keep_in_reserve"
    NOT_SELECT = "not_select"
    PROMOTE = "promote"
    REVIEW_AGAIN = "review_again"
    DISQUALIFY = "disqualify"


_S, _E = BidState, BidEvent
IN_REVIEW = (_S.UNDER_REVIEW, _S.SHORTLISTED, _S.DEFENDED)
GONE = (_S.WITHDRAWN, _S.DISQUALIFIED)
"""States of a bid that is being judged."""
_RANKED = (_S.SELECTED, _S.RESERVE, _S.NOT_SELECTED)

BID_WORKFLOW = Workflow(
    initial=BidState.DRAFT,
    arrows={
        (_S.DRAFT, _E.SEAL): _S.SEALED,
        (_S.SEALED, _E.REVISE): _S.DRAFT,
        (_S.SEALED, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.DRAFT, _E.WITHDRAW): _S.WITHDRAWN,
        (_S.SEALED, _E.LAPSE): _S.WITHDRAWN,
        (_S.SEALED, _E.OPEN): _S.OPENED,
        (_S.OPENED, _E.ACCEPT_FORMAT): _S.VALID,
        (_S.OPENED, _E.REJECT_FORMAT): _S.FORMAT_REJECTED,
        (_S.FORMAT_REJECTED, _E.REINSTATE): _S.VALID,
        (_S.VALID, _E.START_REVIEW): _S.UNDER_REVIEW,
        (_S.UNDER_REVIEW, _E.SHORTLIST): _S.SHORTLISTED,
        (_S.SHORTLISTED, _E.DEFEND): _S.DEFENDED,
        **{(state, _E.SELECT): _S.SELECTED for state in IN_REVIEW},
        **{(state, _E.KEEP_IN_RESERVE): _S.RESERVE for state in IN_REVIEW},
        **{(state, _E.NOT_SELECT): _S.NOT_SELECTED for state in IN_REVIEW},
        (_S.RESERVE, _E.PROMOTE): _S.SELECTED,
        **{(state, _E.REVIEW_AGAIN): _S.UNDER_REVIEW for state in _RANKED},
        **{(state, _E.WITHDRAW): _S.WITHDRAWN for state in (_S.OPENED, _S.VALID, *IN_REVIEW, *_RANKED)},
        **{(state, _E.DISQUALIFY): _S.DISQUALIFIED for state in (_S.OPENED, _S.VALID, *IN_REVIEW, *_RANKED)},
    },
)
"""Before the deadline a firm withdraws as it likes; after the opening only with a reason, which is kept."""


RUNNING = (_S.SEALED, _S.OPENED, _S.VALID, *IN_REVIEW, _S.SELECTED, _S.RESERVE)
"""States of a bid that has been submitted and may still become, or has become, a project."""


class PriceState(StrEnum):
    """Where the price envelope of a bid stands; most programmes know none."""

    NONE = "none"
    SEALED = "sealed"
    DUE = "due"
    OPENED = "opened"
    KEPT = "kept"


class PriceEvent(StrEnum):
    """What happens to a price envelope."""

    SEAL = "seal"
    DESTROY = "destroy"
    CALL = "call"
    KEEP = "keep"
    OPEN = "open"
    GIVE_UP = "give_up"


_P, _PE = PriceState, PriceEvent
PRICE_WORKFLOW = Workflow(
    initial=PriceState.NONE,
    arrows={
        (_P.NONE, _PE.SEAL): _P.SEALED,
        (_P.SEALED, _PE.DESTROY): _P.NONE,
        (_P.SEALED, _PE.CALL): _P.DUE,
        (_P.KEPT, _PE.CALL): _P.DUE,
        (_P.SEALED, _PE.KEEP): _P.KEPT,
        (_P.DUE, _PE.OPEN): _P.OPENED,
        (_P.DUE, _PE.GIVE_UP): _P.KEPT,
    },
)
"""A review that is closed calls for the envelopes of bids that may still win and keeps the others closed.

After an upheld objection another review may call for one that was kept.
"""


class EndingKind(StrEnum):
    """Why a bid ended after the deadline."""

    UNREADABLE = "unreadable"
    FIRM = "firm"


class MemberState(StrEnum):
    """Where a firm that was asked to take part stands."""

    INVITED = "invited"
    CONSENTED = "consented"
    DECLINED = "declined"


class MemberEvent(StrEnum):
    """What happens to a firm that was asked to take part."""

    CONSENT = "consent"
    DECLINE = "decline"
    CHANGE = "change"


MEMBER_WORKFLOW = Workflow(
    initial=MemberState.INVITED,
    arrows={
        (MemberState.INVITED, MemberEvent.CONSENT): MemberState.CONSENTED,
        (MemberState.INVITED, MemberEvent.DECLINE): MemberState.DECLINED,
        (MemberState.CONSENTED, MemberEvent.DECLINE): MemberState.DECLINED,
        **{(state, MemberEvent.CHANGE): MemberState.INVITED for state in MemberState},
    },
)
"""A part that is changed is asked for anew; who has consented may step back until the bid is sealed."""
