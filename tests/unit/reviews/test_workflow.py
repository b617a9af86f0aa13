from __future__ import annotations

import itertools

import pytest

from app.core.errors import Conflict
from app.reviews.workflow import (
    FORMAT_WORKFLOW,
    PANEL_WORKFLOW,
    SEAT_WORKFLOW,
    FormatEvent,
    FormatState,
    PanelEvent,
    PanelState,
    SeatEvent,
    SeatState,
)

F, FE, P, PE, S, SE = FormatState, FormatEvent, PanelState, PanelEvent, SeatState, SeatEvent
FORMAT = {
    (F.CHECKING, FE.ASK): F.CORRECTING,
    (F.CHECKING, FE.PREPARE): F.PREPARED,
    (F.CORRECTING, FE.CORRECT): F.CHECKING,
    (F.CORRECTING, FE.EXPIRE): F.CHECKING,
    (F.PREPARED, FE.SEND_BACK): F.CHECKING,
    (F.PREPARED, FE.ACCEPT): F.ACCEPTED,
    (F.PREPARED, FE.REJECT): F.REJECTED,
    (F.REJECTED, FE.REINSTATE): F.ACCEPTED,
}
PANEL = {
    (P.FORMING, PE.CALL): P.SCORING,
    (P.SCORING, PE.MEET): P.CONSENSUS,
    (P.CONSENSUS, PE.RANK): P.RANKED,
    (P.CONSENSUS, PE.CLOSE): P.PRICING,
    (P.PRICING, PE.RANK): P.RANKED,
    (P.CONSENSUS, PE.RESUME): P.SCORING,
}
SEAT = {
    (S.CHOSEN, SE.INVITE): S.INVITED,
    (S.CHOSEN, SE.RECUSE): S.RECUSED,
    (S.CHOSEN, SE.REMOVE): S.REMOVED,
    (S.INVITED, SE.PLEDGE): S.ACTIVE,
    (S.INVITED, SE.RECUSE): S.RECUSED,
    (S.INVITED, SE.DECLINE): S.DECLINED,
    (S.INVITED, SE.REMOVE): S.REMOVED,
    (S.ACTIVE, SE.RECUSE): S.RECUSED,
    (S.ACTIVE, SE.REMOVE): S.REMOVED,
}


@pytest.mark.parametrize(("state", "event"), [*itertools.product(F, FE)])
def test_a_format_check_takes_no_other_arrow(state: F, event: FE) -> None:
    assert FORMAT_WORKFLOW.arrows.get((state, event)) == FORMAT.get((state, event))


@pytest.mark.parametrize(("state", "event"), [*itertools.product(P, PE)])
def test_a_panel_takes_no_other_arrow(state: P, event: PE) -> None:
    assert PANEL_WORKFLOW.arrows.get((state, event)) == PANEL.get((state, event))


@pytest.mark.parametrize(("state", "event"), [*itertools.product(S, SE)])
def test_a_seat_takes_no_other_arrow(state: S, event: SE) -> None:
    assert SEAT_WORKFLOW.arrows.get((state, event)) == SEAT.get((state, event))


def test_what_is_ranked_stays_ranked() -> None:
    with pytest.raises(Conflict):
        PANEL_WORKFLOW.step(P.RANKED, PE.RESUME)
