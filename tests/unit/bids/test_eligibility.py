"""May this firm bid? Every condition with its answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from app.bids.eligibility import Condition, Facts, Finding, conditions

GOOD = Facts(
    is_verified=True,
    is_supplier=True,
    is_own_challenge=False,
    has_owners_legal_rep=False,
    is_open=True,
    time_left=dt.timedelta(days=20),
    n_bids=1,
    max_bids=3,
    max_per_leader=None,
    is_single_unit=True,
    is_member_elsewhere=False,
    has_key_holders=True,
)


def found(**changes: Any) -> tuple[Condition, ...]:
    return conditions(replace(GOOD, **changes))


def test_a_firm_that_meets_everything_is_told_so() -> None:
    assert {one.finding for one in found()} == {Finding.MET}


@pytest.mark.parametrize(
    ("changes", "finding", "words"),
    [
        ({"is_verified": False}, Finding.NOT_MET, "not been verified"),
        ({"is_supplier": False}, Finding.NOT_MET, "supply chips"),
        ({"is_own_challenge": True}, Finding.NOT_MET, "own challenge"),
        ({"has_owners_legal_rep": True}, Finding.UNSURE, "legal representative"),
        ({"n_bids": 3}, Finding.NOT_MET, "at most"),
        ({"max_per_leader": 1}, Finding.UNSURE, "project leader"),
        ({"is_member_elsewhere": True}, Finding.NOT_MET, "in one only"),
        ({"is_open": False}, Finding.NOT_MET, "takes no bids"),
        ({"time_left": dt.timedelta(days=2)}, Finding.UNSURE, "three days"),
        ({"has_key_holders": False}, Finding.UNSURE, "key holders"),
        ({"restrictions": [("省内注册", "某办法第三条")]}, Finding.UNSURE, "states a limit"),
    ],
)
def test_what_stands_in_the_way_comes_first_with_its_reason(changes: Any, finding: Finding, words: str) -> None:
    first = found(**changes)[0]

    assert first.finding is finding
    assert words in first.message


def test_a_member_elsewhere_may_lead_where_the_programme_allows_it() -> None:
    assert {one.finding for one in found(is_member_elsewhere=True, is_single_unit=False)} == {Finding.MET}


def test_a_challenge_without_a_programme_counts_no_bids() -> None:
    assert not any("at most" in one.message for one in found(max_bids=None))
