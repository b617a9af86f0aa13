"""The arrows of a format check, of a panel and of one expert's seat on it."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class FormatState(StrEnum):
    """Where the format check of one bid stands."""

    CHECKING = "checking"
    CORRECTING = "correcting"
    PREPARED = "prepared"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class FormatEvent(StrEnum):
    """What happens to a format check."""

    ASK = "ask"
    CORRECT = "correct"
    EXPIRE = "expire"
    PREPARE = "prepare"
    SEND_BACK = "send_back"
    ACCEPT = "accept"
    REJECT = "reject"
    REINSTATE = "reinstate"


_F, _FE = FormatState, FormatEvent
FORMAT_WORKFLOW = Workflow(
    initial=FormatState.CHECKING,
    arrows={
        (_F.CHECKING, _FE.ASK): _F.CORRECTING,
        (_F.CORRECTING, _FE.CORRECT): _F.CHECKING,
        (_F.CORRECTING, _FE.EXPIRE): _F.CHECKING,
        (_F.CHECKING, _FE.PREPARE): _F.PREPARED,
        (_F.PREPARED, _FE.SEND_BACK): _F.CHECKING,
        (_F.PREPARED, _FE.ACCEPT): _F.ACCEPTED,
        (_F.PREPARED, _FE.REJECT): _F.REJECTED,
        (_F.REJECTED, _FE.REINSTATE): _F.ACCEPTED,
    },
)


class ReviewMethod(StrEnum):
    """Whose scores make the ranking."""

    PANEL = "panel"
    OWNER = "owner"


class Phase(StrEnum):
    """When a sheet was written: alone, or after the discussion; the first is never overwritten."""

    INDIVIDUAL = "individual"
    CONSENSUS = "consensus"


class PanelState(StrEnum):
    """Where the review of a challenge stands."""

    FORMING = "forming"
    SCORING = "scoring"
    CONSENSUS = "consensus"
    PRICING = "pricing"
    RANKED = "ranked"


class PanelEvent(StrEnum):
    """What happens to a panel."""

    CALL = "call"
    MEET = "meet"
    CLOSE = "close"
    RANK = "rank"
    RESUME = "resume"


PANEL_WORKFLOW = Workflow(
    initial=PanelState.FORMING,
    arrows={
        (PanelState.FORMING, PanelEvent.CALL): PanelState.SCORING,
        (PanelState.SCORING, PanelEvent.MEET): PanelState.CONSENSUS,
        (PanelState.CONSENSUS, PanelEvent.RANK): PanelState.RANKED,
        (PanelState.CONSENSUS, PanelEvent.CLOSE): PanelState.PRICING,
        (PanelState.PRICING, PanelEvent.RANK): PanelState.RANKED,
        (PanelState.CONSENSUS, PanelEvent.RESUME): PanelState.SCORING,
    },
)
"""A reviewer who steps back during the discussion is replaced, and the replacement scores alone first.

Where prices are sealed apart, the technical scores are closed first and nobody steps back or scores any more.
"""


class SeatState(StrEnum):
    """Where one seat on a panel stands."""

    CHOSEN = "chosen"
    INVITED = "invited"
    ACTIVE = "active"
    RECUSED = "recused"
    DECLINED = "declined"
    REMOVED = "removed"


class SeatEvent(StrEnum):
    """What happens to a seat."""

    INVITE = "invite"
    PLEDGE = "pledge"
    RECUSE = "recuse"
    DECLINE = "decline"
    REMOVE = "remove"


_S, _SE = SeatState, SeatEvent
HELD = (_S.CHOSEN, _S.INVITED, _S.ACTIVE)
"""States in which the seat is taken; the others are the history of the panel."""
SEAT_WORKFLOW = Workflow(
    initial=SeatState.CHOSEN,
    arrows={
        (_S.CHOSEN, _SE.INVITE): _S.INVITED,
        (_S.INVITED, _SE.PLEDGE): _S.ACTIVE,
        **{(state, _SE.RECUSE): _S.RECUSED for state in HELD},
        (_S.INVITED, _SE.DECLINE): _S.DECLINED,
        **{(state, _SE.REMOVE): _S.REMOVED for state in HELD},
    },
)
