"""How many pairings came how far."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from app.core.errors import NotAllowed
from app.matchmaking.models import PairingStep
from app.matchmaking.queries.funnel import FunnelFilter, funnel, quarters
from app.matchmaking.workflow import PairingEvent, PairingState, Side
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ALL = FunnelFilter()


def _counts(session: Session, wanted: FunnelFilter = ALL) -> dict[PairingState, int]:
    found = funnel(session, actor=officer().as_actor(), wanted=wanted)
    return {stage.state: stage.n for stage in found.stages if stage.n}


def test_a_pairing_counts_in_every_stage_it_reached_also_after_its_end(session: Session) -> None:
    PairingFactory()
    dropped = PairingFactory(introduced=True, state=PairingState.DROPPED, decline_reason="price")
    session.add(
        PairingStep(
            pairing_id=dropped.id, event=PairingEvent.SIGN_NDA, side=Side.DEMAND, reached=PairingState.NDA_SIGNED,
            at=NOON,
        )
    )  # fmt: skip
    session.flush()

    assert _counts(session) == {PairingState.PROPOSED: 2, PairingState.INTRODUCED: 1, PairingState.NDA_SIGNED: 1}
    (ending,) = funnel(session, actor=officer().as_actor(), wanted=ALL).endings
    assert (ending.state, ending.reason, ending.n) == (PairingState.DROPPED, "price", 1)


@pytest.mark.parametrize(("quarter", "n"), [("2026-Q4", 1), ("2026-Q3", 0), ("nonsense", 1)])
def test_the_quarter_of_the_proposal_narrows(session: Session, quarter: str, n: int) -> None:
    PairingFactory(proposed_at=dt.datetime(2026, 9, 30, 16, tzinfo=dt.UTC))

    assert _counts(session, FunnelFilter(quarter=quarter)).get(PairingState.PROPOSED, 0) == n
    assert quarters(session) == ["2026-Q4"]


def test_it_takes_three_queries(session: Session) -> None:
    actor = officer().as_actor()

    with count_queries() as counted:
        funnel(session, actor=actor, wanted=FunnelFilter("2026-Q4", "C04", "440300"))

    assert len(counted) == 3


def test_companies_do_not_see_it(session: Session) -> None:
    somebody = UserFactory(organization=OrganizationFactory()).as_actor()

    with pytest.raises(NotAllowed):
        funnel(session, actor=somebody, wanted=ALL)
