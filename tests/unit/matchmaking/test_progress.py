"""The history of a pairing: in order, with its end, and the reason only for those who may read it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.matchmaking import progress
from app.matchmaking.models import Pairing, PairingStep
from app.matchmaking.workflow import PairingEvent, PairingState, Side
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(autouse=True)
def _speaking(portal: Flask) -> Iterator[None]:
    """Sentences need the catalogue of a portal."""
    with portal.test_request_context(headers={"Accept-Language": "en"}):
        yield


def pairing(state: PairingState, **columns: Any) -> Pairing:
    return Pairing(state=state, proposed_at=NOON, ended_at=NOON, **columns)


def declined() -> Pairing:
    return pairing(
        PairingState.DECLINED, declined_by_side="supply", decline_reason="price", decline_text="成本差距较大"
    )


def dropped_by(side: Side) -> PairingStep:
    details = {"reason_code": "price", "text": "两倍预算"}
    return PairingStep(event=PairingEvent.DROP, side=side, reached=PairingState.DROPPED, details=details, at=NOON)


@pytest.mark.parametrize(
    ("side", "is_desk", "text"),
    [(Side.SUPPLY, False, "Price · 成本差距较大"), (None, True, "Price · 成本差距较大"), (Side.DEMAND, False, "")],
)
def test_why_a_company_declined_is_for_itself_and_the_desk(side: Side | None, is_desk: bool, text: str) -> None:
    [line] = progress.history(declined(), [], side=side, is_desk=is_desk)

    assert (line.title, line.actor, line.text) == ("Declined", "Chip firm", text)


@pytest.mark.parametrize(("side", "text"), [(Side.DEMAND, "Price · 两倍预算"), (Side.SUPPLY, "")])
def test_why_a_company_gave_up_is_not_for_the_other_side(side: Side, text: str) -> None:
    [line] = progress.history(pairing(PairingState.DROPPED), [dropped_by(Side.DEMAND)], side=side, is_desk=False)

    assert line.text == text


@pytest.mark.parametrize(
    ("introduced_at", "why"), [(None, "Not answered in time."), (NOON, "It stood still for too long.")]
)
def test_an_expired_pairing_says_why(introduced_at: dt.datetime | None, why: str) -> None:
    [line] = progress.history(pairing(PairingState.EXPIRED, introduced_at=introduced_at), [], is_desk=True)

    assert (line.title, line.text) == ("Expired", why)


def test_steps_of_the_same_moment_stand_in_the_order_of_the_life_cycle() -> None:
    steps = [
        PairingStep(event=event, side=Side.DEMAND, details={}, at=NOON)
        for event in (PairingEvent.DISCLOSE, PairingEvent.PILOT, PairingEvent.SIGN_NDA)
    ]
    way = Pairing(state=PairingState.PILOT, proposed_at=NOON)

    titles = [line.title for line in progress.history(way, steps, is_desk=True)]

    assert titles == [
        "Pilot batch confirmed",
        "Confidential part of the need disclosed",
        "Confidentiality agreement signed",
    ]


def test_the_rail_of_an_ended_pairing_shows_only_what_was_reached() -> None:
    rail = progress.progress(declined(), [], Side.DEMAND).rail

    assert [step.status for step in rail] == ["done", "current"]
