"""What keeps a bid from being saved or submitted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.bids.commands import Commitment, Milestone, SaveBid
from app.bids.rules import faults
from tests.unit.bids.samples import COMPLETE, ERROR, FRAME, GRADE, PRICE, PROMISES, RANGE

STEP, LAST = COMPLETE.milestones


def test_a_complete_bid_has_no_fault() -> None:
    assert faults(COMPLETE, FRAME, complete=True) == []


def test_an_empty_draft_may_be_saved() -> None:
    assert faults(SaveBid(), FRAME, complete=False) == []


@pytest.mark.parametrize(
    "name",
    ["project_name", "approach", "tech_readiness", "supply_plan", "ip_statement", "price_total_wan", "is_pledged"],
)
def test_what_is_missing_is_named_at_submission(name: str) -> None:
    bid = replace(COMPLETE, **{name: getattr(SaveBid(), name)})

    assert [fault.field for fault in faults(bid, FRAME, complete=True)] == [name]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"price_total_wan": Decimal(0)}, "price_total_wan"),
        ({"price_total_wan": Decimal("1e12")}, "price_total_wan"),
        ({"self_funding_wan": Decimal(-1)}, "self_funding_wan"),
        ({"tech_readiness": 10}, "tech_readiness"),
        ({"tech_readiness": 0}, "tech_readiness"),
        ({"milestones": (replace(STEP, month=0),)}, "milestones"),
        ({"milestones": (replace(STEP, percent=101),)}, "milestones"),
        ({"milestones": (replace(STEP, kpi_codes=("K09",)),)}, "milestones"),
    ],
)
def test_what_no_bid_may_say_is_refused_in_a_draft_already(change: dict[str, Any], field: str) -> None:
    assert [fault.field for fault in faults(SaveBid(**change), FRAME, complete=False)] == [field]


def test_every_indicator_needs_a_commitment() -> None:
    bid = replace(COMPLETE, commitments=PROMISES[:1])

    found = faults(bid, FRAME, complete=True)

    assert [(fault.row, fault.part) for fault in found] == [(1, "committed"), (2, "committed")]


@pytest.mark.parametrize(
    ("commitment", "part"),
    [
        (Commitment(ERROR.id, "about 2", "mV"), "committed"),
        (Commitment(ERROR.id, "1.8", "bananas"), "unit"),
        (Commitment(ERROR.id, "1.8", "mA"), "unit"),
        (Commitment(RANGE.id, "-40", "℃"), "committed"),
        (Commitment(RANGE.id, "105~-40", "℃"), "committed"),
    ],
)
def test_a_commitment_can_be_judged(commitment: Commitment, part: str) -> None:
    others = tuple(one for one in PROMISES if one.kpi_id != commitment.kpi_id)
    bid = replace(COMPLETE, commitments=(*others, commitment))

    assert [fault.part for fault in faults(bid, FRAME, complete=True)] == [part]


@pytest.mark.parametrize("unit", ["", "µV", "V"])
def test_a_commitment_may_come_in_another_unit_of_the_same_kind(unit: str) -> None:
    bid = replace(COMPLETE, commitments=(Commitment(ERROR.id, "1.8", unit), *PROMISES[1:]))

    assert faults(bid, FRAME, complete=True) == []


def test_a_result_is_committed_to_in_words() -> None:
    bid = replace(COMPLETE, commitments=(*PROMISES[:2], Commitment(GRADE.id, "Grade 2 通过")))

    assert faults(bid, FRAME, complete=True) == []


def test_a_commitment_to_a_target_kept_until_the_nda_takes_any_value() -> None:
    frame = replace(FRAME, indicators=(*FRAME.indicators, PRICE))
    bid = replace(COMPLETE, commitments=(*PROMISES, Commitment(PRICE.id, "17.5", "元/颗")))

    assert faults(bid, frame, complete=True) == []


def test_the_price_stays_within_the_reward() -> None:
    bid = replace(COMPLETE, price_total_wan=Decimal("1500.01"))

    assert [fault.field for fault in faults(bid, FRAME, complete=True)] == ["price_total_wan"]


def test_a_programme_may_allow_a_price_above_the_reward() -> None:
    bid = replace(COMPLETE, price_total_wan=Decimal("1500.01"))
    frame = replace(FRAME, is_price_above_reward_allowed=True)

    assert faults(bid, frame, complete=True) == []


@pytest.mark.parametrize(
    "milestones",
    [
        (),
        (replace(STEP, percent=100),),
        (STEP, replace(LAST, percent=50)),
        (STEP, replace(LAST, month=25)),
        (STEP, replace(LAST, month=None)),
        (STEP, replace(LAST, deliverable="")),
        (STEP, LAST, Milestone(24, "验收", None)),
    ],
)
def test_the_plan_has_two_milestones_within_the_term_and_the_whole_price(milestones: tuple[Milestone, ...]) -> None:
    bid = replace(COMPLETE, milestones=milestones)

    assert [fault.field for fault in faults(bid, FRAME, complete=True)] == ["milestones"]
