"""How many pairings came how far."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from app.accounts.models import Organization
from app.admin.funnel_links import came_of, links_of
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.errors import NotAllowed
from app.matchmaking.models import PairingStep
from app.matchmaking.queries.funnel import FunnelFilter, Grouping, Stage, funnel, narrowed, quarters
from app.matchmaking.queries.funnel_list import pairings_at
from app.matchmaking.workflow import PairingEvent, PairingState, Side
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.awards import awarded
from tests.factories.bids import BidFactory
from tests.factories.catalog import ProductFactory
from tests.factories.demands import NeedFactory
from tests.factories.events import PersonalMeetingFactory
from tests.factories.matchmaking import PairingFactory, PairingStepFactory
from tests.support.clock import NOON
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.matchmaking.models import Pairing

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


def _steps(session: Session, pairing: Pairing, **days: int) -> None:
    for state, day in days.items():
        at = NOON + dt.timedelta(days=day)
        reached = PairingState(state)
        PairingStepFactory(pairing=pairing, event=PairingEvent.DISCLOSE, reached=reached, at=at)


def _stage(session: Session, state: PairingState) -> Stage:
    found = funnel(session, actor=officer().as_actor(), wanted=ALL)
    return next(stage for stage in found.stages if stage.state is state)


def test_the_days_of_a_stage_are_the_median_since_the_stage_before(session: Session) -> None:
    for days in (2, 3, 10):
        _steps(session, PairingFactory(introduced=True), nda_signed=1, disclosed=1 + days)
    _steps(session, PairingFactory(introduced=True), disclosed=40)

    stage = _stage(session, PairingState.DISCLOSED)

    assert (stage.n, stage.days, stage.n_timed) == (4, 3.0, 3)


def test_a_stage_counts_from_the_first_time_it_was_reached(session: Session) -> None:
    pairing = PairingFactory(introduced=True)
    _steps(session, pairing, nda_signed=1, disclosed=2, sample_requested=4)
    _steps(session, pairing, sample_requested=9)

    assert _stage(session, PairingState.SAMPLE_REQUESTED).days == 2.0


def test_without_a_timed_pairing_there_is_no_median(session: Session) -> None:
    PairingFactory()

    stage = _stage(session, PairingState.INTRODUCED)

    assert (stage.days, stage.n_timed) == (None, 0)


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (Grouping.CATEGORY, "C04"),
        (Grouping.DEMAND_CITY, "440300"),
        (Grouping.SUPPLY_CITY, "440100"),
        (Grouping.QUARTER, "2026-Q4"),
    ],
)
def test_pairings_are_told_apart(session: Session, by: Grouping, code: str) -> None:
    maker, firm = (OrganizationFactory(city_code=city) for city in ("440300", "440100"))
    proposed_at = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    PairingFactory(
        need=NeedFactory(organization=maker),
        product=ProductFactory(organization=firm, category="C0407"),
        proposed_at=proposed_at,
        introduced=True,
        introduced_at=proposed_at + dt.timedelta(days=4),
    )

    (group,) = funnel(session, actor=officer().as_actor(), wanted=FunnelFilter(by=by)).groups

    assert (group.code, group.counts, group.days, group.n_timed) == (code, (1, 1, 0, 0, 0), 4.0, 1)


def test_pairings_whose_product_is_gone_stand_apart_at_the_end(session: Session) -> None:
    PairingFactory(product=None, supplier=OrganizationFactory())
    PairingFactory(product=None, supplier=OrganizationFactory())
    PairingFactory()

    found = funnel(session, actor=officer().as_actor(), wanted=ALL)

    assert [group.counts[0] for group in found.groups] == [1, 2]
    assert found.groups[-1].code == ""


def test_the_pairings_behind_a_number_are_listed(session: Session) -> None:
    PairingFactory()
    introduced = PairingFactory(introduced=True)
    disclosed = PairingFactory(introduced=True)
    _steps(session, disclosed, disclosed=2)
    actor = officer().as_actor()
    session.expunge_all()

    with count_queries() as counted:
        first = pairings_at(session, actor=actor, wanted=ALL, stage=PairingState.INTRODUCED, page=1)
        second = pairings_at(session, actor=actor, wanted=ALL, stage=PairingState.DISCLOSED, page=1)

    assert {row.id for row in first.items} == {introduced.id, disclosed.id}
    assert [row.id for row in second.items] == [disclosed.id]
    assert len(counted) == 4


def test_a_meeting_counts_once_it_was_held(session: Session) -> None:
    meeting = PersonalMeetingFactory()

    found = links_of(session, [meeting.pairing_id], now=meeting.ends_at)

    assert found[meeting.pairing_id].n_meetings == 1
    assert came_of(session, narrowed(ALL), now=meeting.ends_at).n_met == 1
    assert came_of(session, narrowed(ALL), now=NOON).n_met == 0


@pytest.mark.parametrize(("state", "n"), [(BidState.SEALED, 0), (BidState.OPENED, 1)])
def test_a_bid_counts_once_it_was_opened(session: Session, state: BidState, n: int) -> None:
    bid = BidFactory(state=state)
    pairing = PairingFactory(need=bid.challenge, supplier=bid.firm, product=None)

    with count_queries() as counted:
        found = came_of(session, narrowed(ALL), now=NOON)

    assert (found.n_bid, found.n_won) == (n, 0)
    assert links_of(session, [pairing.id], now=NOON)[pairing.id].has_bid is bool(n)
    assert len(counted) == 2


def test_an_award_is_named(session: Session) -> None:
    (award,) = awarded()
    firm = session.get_one(Organization, session.get_one(Bid, award.bid_id).organization_id)
    challenge = session.get_one(Challenge, award.challenge_id)
    pairing = PairingFactory(need=challenge, supplier=firm, product=None)

    found = links_of(session, [pairing.id], now=NOON)

    assert found[pairing.id].award == award.number
    assert came_of(session, narrowed(ALL), now=NOON).n_won == 1


def test_it_takes_three_queries(session: Session) -> None:
    actor = officer().as_actor()

    with count_queries() as counted:
        funnel(session, actor=actor, wanted=FunnelFilter("2026-Q4", "C04", "440300"))

    assert len(counted) == 3


def test_companies_do_not_see_it(session: Session) -> None:
    somebody = UserFactory(organization=OrganizationFactory()).as_actor()

    with pytest.raises(NotAllowed):
        funnel(session, actor=somebody, wanted=ALL)
