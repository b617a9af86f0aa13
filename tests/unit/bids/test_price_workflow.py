"""Every state of a price envelope against every event."""

from __future__ import annotations

from itertools import product

import pytest

from app.bids.workflow import PRICE_WORKFLOW
from app.bids.workflow import PriceEvent as E
from app.bids.workflow import PriceState as P
from app.core.errors import Conflict

LEGAL = {
    (P.NONE, E.SEAL): P.SEALED,
    (P.SEALED, E.DESTROY): P.NONE,
    (P.SEALED, E.CALL): P.DUE,
    (P.SEALED, E.KEEP): P.KEPT,
    (P.KEPT, E.CALL): P.DUE,
    (P.DUE, E.OPEN): P.OPENED,
    (P.DUE, E.GIVE_UP): P.KEPT,
}


@pytest.mark.parametrize(("pair", "target"), LEGAL.items())
def test_an_envelope_takes_its_arrows(pair: tuple[P, E], target: P) -> None:
    assert PRICE_WORKFLOW.step(*pair) is target


@pytest.mark.parametrize("pair", [pair for pair in product(P, E) if pair not in LEGAL])
def test_an_envelope_takes_no_other_arrow(pair: tuple[P, E]) -> None:
    with pytest.raises(Conflict):
        PRICE_WORKFLOW.step(*pair)
