"""The matrix of a bid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from app.bids.commands import Commitment
from app.bids.frame import compliance
from tests.unit.bids.samples import ERROR, FRAME, PRICE, PROMISES

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture(autouse=True)
def _english(portal: Flask) -> Iterator[None]:
    with portal.test_request_context(headers={"Accept-Language": "en"}):
        yield


def test_every_indicator_is_judged_with_the_musts_first() -> None:
    view = compliance(FRAME, PROMISES, "Bid")

    assert [(row.name, row.must, row.cells[0].status) for row in view.rows] == [
        ("采样误差", True, "met"),
        ("车规等级", True, "met"),
        ("温度范围", False, "met"),
    ]
    assert view.totals == ({"met": 2},)


def test_an_indicator_without_a_commitment_is_unknown_and_never_a_fail() -> None:
    view = compliance(FRAME, [], "Bid")

    assert {row.cells[0].status for row in view.rows} == {"unknown"}


def test_a_commitment_in_another_unit_is_converted() -> None:
    view = compliance(FRAME, [Commitment(ERROR.id, "1800", "µV")], "Bid")

    assert view.rows[0].cells[0].status == "met"


def test_a_target_kept_until_the_nda_is_neither_shown_nor_judged() -> None:
    frame = replace(FRAME, indicators=(PRICE,))

    view = compliance(frame, [Commitment(PRICE.id, "17.5", "元/颗")], "Bid")

    assert view.rows[0].cells[0].offered == "17.5\u202fCNY/pc"
    assert view.rows[0].cells[0].status == "unknown"
