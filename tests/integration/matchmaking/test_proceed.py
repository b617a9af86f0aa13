"""Two introduced companies go on, step by step, to mass production."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.audit.models import AuditEvent
from app.core.actor import MemberRole
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.matchmaking import service
from app.matchmaking.commands import TakeStep
from app.matchmaking.models import Pairing, PairingStep
from app.matchmaking.workflow import PairingEvent, PairingState
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

TEMPLATE = {"kind": "template", "reference": "", "is_authorised": True}
SAMPLE = {"quantity": 20, "day": "2026-12-01", "purpose": "18串评估板"}
SHIPMENT = {"quantity": 20, "day": "2026-12-02", "lot": "A7", "tracking": "", "engineer": "李工 13800000000"}
ARRIVAL = {"day": "2026-12-04", "plan": "精度、均衡、休眠电流，两周"}
REPORT = {"results": [{"name": "cell_err ≤ 2 mV", "result": "passed"}], "issues": ""}
VOLUME = {"volume": "10k_100k"}
DROP = {"reason_code": "price", "text": "两倍预算"}
LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def pairing(session: Session) -> Pairing:
    """A pairing that both have accepted."""
    introduced: Pairing = PairingFactory(introduced=True)
    return introduced


@pytest.fixture
def maker(pairing: Pairing) -> Actor:
    """Somebody of the terminal maker."""
    return UserFactory(organization=pairing.demand).as_actor()


@pytest.fixture
def firm(pairing: Pairing) -> Actor:
    """Somebody of the chip firm."""
    return UserFactory(organization=pairing.supplier).as_actor()


def step(
    session: Session, actor: Actor, pairing: Pairing, event: PairingEvent, details: dict[str, Any] | None = None
) -> PairingStep:
    command = TakeStep(event, details or {})
    return service.take_step(session, actor=actor, pairing_id=pairing.id, command=command, now=LATER)


def at(state: PairingState) -> Pairing:
    found: Pairing = PairingFactory(introduced=True, state=state)
    return found


def test_the_whole_way_to_mass_production(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    step(session, maker, pairing, PairingEvent.SIGN_NDA, TEMPLATE)
    step(session, firm, pairing, PairingEvent.SIGN_NDA, {"is_authorised": True})
    step(session, maker, pairing, PairingEvent.DISCLOSE)
    step(session, maker, pairing, PairingEvent.REQUEST_SAMPLE, SAMPLE)
    step(session, firm, pairing, PairingEvent.SHIP_SAMPLE, SHIPMENT)
    step(session, maker, pairing, PairingEvent.EVALUATE, ARRIVAL)
    step(session, maker, pairing, PairingEvent.REPORT, REPORT)
    step(session, firm, pairing, PairingEvent.DESIGN_IN, VOLUME)
    step(session, maker, pairing, PairingEvent.DESIGN_IN, VOLUME)
    step(session, maker, pairing, PairingEvent.PILOT, VOLUME)
    step(session, firm, pairing, PairingEvent.PILOT, VOLUME)
    step(session, firm, pairing, PairingEvent.MASS_PRODUCE, VOLUME)
    step(session, maker, pairing, PairingEvent.MASS_PRODUCE, VOLUME)

    assert pairing.state is PairingState.MASS_PRODUCTION
    assert pairing.moved_at == LATER


@pytest.mark.parametrize(
    ("state", "event", "details"),
    [
        (PairingState.INTRODUCED, PairingEvent.SIGN_NDA, TEMPLATE),
        (PairingState.EVALUATING, PairingEvent.DESIGN_IN, VOLUME),
        (PairingState.DESIGN_IN, PairingEvent.PILOT, VOLUME),
        (PairingState.PILOT, PairingEvent.MASS_PRODUCE, VOLUME),
    ],
)
def test_one_confirmation_does_not_count(
    session: Session, state: PairingState, event: PairingEvent, details: dict[str, Any]
) -> None:
    pairing = at(state)
    maker = UserFactory(organization=pairing.demand).as_actor()

    taken = step(session, maker, pairing, event, details)

    assert (pairing.state, taken.reached) == (state, None)
    with pytest.raises(Conflict, match="already confirmed"):
        step(session, maker, pairing, event, details)


def test_who_signs_second_signs_what_the_first_chose(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    own = {"kind": "own", "reference": "保密协议 2026-11-01", "is_authorised": True}
    step(session, firm, pairing, PairingEvent.SIGN_NDA, own)

    second = step(session, maker, pairing, PairingEvent.SIGN_NDA, TEMPLATE)

    assert second.details["reference"] == "保密协议 2026-11-01"
    assert pairing.state is PairingState.NDA_SIGNED


def test_nobody_signs_without_saying_that_they_may(session: Session, pairing: Pairing, maker: Actor) -> None:
    with pytest.raises(RuleViolation) as caught:
        step(session, maker, pairing, PairingEvent.SIGN_NDA, {**TEMPLATE, "is_authorised": False})

    assert caught.value.field == "is_authorised"


@pytest.mark.parametrize(
    ("state", "event", "side", "details"),
    [
        (PairingState.NDA_SIGNED, PairingEvent.DISCLOSE, "supplier", {}),
        (PairingState.DISCLOSED, PairingEvent.REQUEST_SAMPLE, "supplier", SAMPLE),
        (PairingState.SAMPLE_REQUESTED, PairingEvent.SHIP_SAMPLE, "demand", SHIPMENT),
        (PairingState.SAMPLE_SHIPPED, PairingEvent.EVALUATE, "supplier", ARRIVAL),
        (PairingState.EVALUATING, PairingEvent.REPORT, "supplier", REPORT),
    ],
)
def test_a_step_is_taken_by_its_side(
    session: Session, state: PairingState, event: PairingEvent, side: str, details: dict[str, Any]
) -> None:
    pairing = at(state)
    actor = UserFactory(organization=getattr(pairing, side)).as_actor()

    with pytest.raises(NotAllowed):
        step(session, actor, pairing, event, details)


def test_a_failed_sample_is_followed_by_another(session: Session) -> None:
    pairing = at(PairingState.EVALUATING)
    maker = UserFactory(organization=pairing.demand).as_actor()
    failed = {"results": [{"name": "cells", "result": "failed"}], "issues": "第17串读数漂移"}
    step(session, maker, pairing, PairingEvent.REPORT, failed)

    step(session, maker, pairing, PairingEvent.REQUEST_SAMPLE, SAMPLE)

    assert pairing.state is PairingState.SAMPLE_REQUESTED


def test_no_step_is_skipped(session: Session, pairing: Pairing, maker: Actor) -> None:
    with pytest.raises(Conflict, match="moved on"):
        step(session, maker, pairing, PairingEvent.DESIGN_IN, VOLUME)


def test_giving_up_needs_a_reason(session: Session, pairing: Pairing, maker: Actor) -> None:
    with pytest.raises(RuleViolation) as caught:
        step(session, maker, pairing, PairingEvent.DROP, {"reason_code": "", "text": ""})

    assert caught.value.field == "reason_code"


@pytest.mark.parametrize("side", ["demand", "supplier"])
def test_either_side_gives_up(session: Session, pairing: Pairing, side: str) -> None:
    actor = UserFactory(organization=getattr(pairing, side)).as_actor()

    step(session, actor, pairing, PairingEvent.DROP, DROP)

    assert (pairing.state, pairing.decline_reason, pairing.ended_at) == (PairingState.DROPPED, "price", LATER)
    assert session.query(Job).one().kind == "pairing.dropped"


def test_each_step_is_on_the_trail_and_told(session: Session, pairing: Pairing, maker: Actor) -> None:
    taken = step(session, maker, pairing, PairingEvent.SIGN_NDA, TEMPLATE)

    event = session.query(AuditEvent).one()
    assert (event.action, event.details["side"]) == ("pairing.sign_nda", "demand")
    job = session.query(Job).one()
    assert (job.kind, job.payload) == ("pairing.advanced", {"step_id": str(taken.id)})


def test_a_viewer_takes_no_step(session: Session, pairing: Pairing) -> None:
    viewer = UserFactory(organization=pairing.demand, role=MemberRole.VIEWER).as_actor()

    with pytest.raises(NotAllowed):
        step(session, viewer, pairing, PairingEvent.SIGN_NDA, TEMPLATE)


def test_strangers_and_the_desk_find_no_step_to_take(session: Session, pairing: Pairing) -> None:
    stranger = UserFactory(organization=OrganizationFactory()).as_actor()

    with pytest.raises(NotFound):
        step(session, stranger, pairing, PairingEvent.SIGN_NDA, TEMPLATE)
    with pytest.raises(NotFound):
        step(session, officer().as_actor(), pairing, PairingEvent.SIGN_NDA, TEMPLATE)


def test_the_confidential_part_opens_with_the_agreement(session: Session, pairing: Pairing, maker: Actor) -> None:
    with pytest.raises(NotAllowed):
        service.view_confidential(session, actor=maker, pairing_id=pairing.id)

    pairing.state = PairingState.NDA_SIGNED
    service.view_confidential(session, actor=maker, pairing_id=pairing.id)

    assert session.query(AuditEvent).one().action == "pairing.view_confidential"
