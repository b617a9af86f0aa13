"""What keeps a challenge from being handed in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from app.challenges.commands import KpiInput, Payment, SaveChallenge
from app.challenges.rules import faults, is_vague, kpi_flaws, late_faults, programme_faults, window_days
from app.core.clock import SHANGHAI
from tests.support.challenges import challenge, kpi, need
from tests.support.clock import NOON

LIMITS = SimpleNamespace(
    min_bid_window_days=20,
    question_cutoff_days=0,
    first_payment_max_percent=40,
    max_members=4,
    award_max=3,
    is_race_allowed=True,
    has_price_envelope=False,
    max_term_months=36,
    co_funding={},
)


def messages(given: SaveChallenge, *, complete: bool = True) -> list[tuple[str, str]]:
    return [(fault.field, fault.message) for fault in faults(given, complete=complete)]


def test_a_complete_challenge_has_no_fault() -> None:
    assert messages(challenge()) == []


def test_an_empty_draft_is_no_contradiction() -> None:
    assert messages(SaveChallenge(), complete=False) == []


def test_an_empty_challenge_names_every_gap_at_once() -> None:
    fields = {field for field, _ in messages(SaveChallenge())}

    assert fields >= {
        "title", "params", "background", "research_content", "programme_id", "kpis", "deliverables", "term_months",
        "reward_total_wan", "payment_plan", "ip_terms", "question_deadline_at", "bid_deadline_at",
        "is_not_secret_declared", "is_funding_pledged",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"background": "短"}, "background", "Explain the background in at least 200 characters."),
        ({"research_content": "短"}, "research_content", "Explain the research content in at least 200 characters."),
        ({"kpis": (kpi(weight=Decimal(25)),) * 4}, "kpis", "State at least five indicators."),
        (
            {"kpis": (kpi(is_core=False),) * 3 + (kpi(),) * 2},
            "kpis",
            "Mark at least three indicators as core.",
        ),
        ({"kpis": (kpi(weight=Decimal(19)),) * 5}, "kpis", "The weights must add up to 100."),
        (
            {"kpis": (kpi(is_after_nda=True),) * 3 + (kpi(),) * 2},
            "kpis",
            "At most two indicators may be kept until the NDA.",
        ),
        (
            {"owner_cash_wan": Decimal(900)},
            "reward_total_wan",
            "Own money and public money must add up to the reward.",
        ),
        ({"payment_plan": (Payment("样片", 40),)}, "payment_plan", "The payments must add up to 100 %."),
        ({"payment_plan": (Payment("", 100),)}, "payment_plan", "Name the milestone."),
        ({"is_not_secret_declared": False}, "is_not_secret_declared",
         "Without this declaration the challenge cannot be posted here."),
        ({"is_funding_pledged": False}, "is_funding_pledged",
         "Without this pledge the challenge cannot be posted."),
    ],
)  # fmt: skip
def test_one_gap_is_one_message(changes: dict[str, Any], field: str, message: str) -> None:
    assert messages(challenge(**changes)) == [(field, message)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"question_deadline_at": NOON, "bid_deadline_at": NOON}, "question_deadline_at"),
        ({"reward_total_wan": Decimal(0)}, "reward_total_wan"),
        ({"owner_cash_wan": Decimal(-1)}, "owner_cash_wan"),
        ({"need": need(temp_min=90.0)}, "temp_max"),
    ],
)
def test_a_contradiction_is_refused_even_in_a_draft(changes: dict[str, Any], field: str) -> None:
    assert [name for name, _ in messages(challenge(**changes), complete=False)] == [field]


def test_no_public_money_at_all_is_no_contradiction() -> None:
    given = challenge(owner_cash_wan=Decimal(1500), public_fund_wan=Decimal(0))

    assert messages(given) == []


def test_weights_with_decimals_add_up_exactly() -> None:
    weights = (Decimal("33.3"), Decimal("33.3"), Decimal("33.4"), Decimal(0), Decimal(0))

    assert messages(challenge(kpis=tuple(kpi(weight=weight) for weight in weights))) == []


@pytest.mark.parametrize(
    "text",
    ["国际先进", "精度较高", "显著提升", "尽可能低", "性能优异", "满足要求", "advanced", "Better than today",
     "state-of-the-art", "as low as possible", "High Performance", "significantly lower"],
)  # fmt: skip
def test_words_that_cannot_be_measured_are_vague(text: str) -> None:
    assert is_vague(text)


@pytest.mark.parametrize("text", ["2", "-40~85", "ASIL D", "二级", "全部项目通过", "goods", "betterment", "采样误差"])
def test_measures_and_harmless_words_are_not_vague(text: str) -> None:
    assert not is_vague(text)


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"name": ""}, "name"),
        ({"name": "先进的采样误差"}, "name"),
        ({"target": ""}, "target"),
        ({"target": "较低"}, "target"),
        ({"target": "about 2"}, "target"),
        ({"operator": "covers", "target": "85"}, "target"),
        ({"unit": "parsecs per cow"}, "unit"),
        ({"test_method": ""}, "test_method"),
        ({"verifier": ""}, "verifier"),
        ({"weight": None}, "weight"),
    ],
)
def test_a_flaw_of_an_indicator_names_its_cell(changes: dict[str, Any], cell: str) -> None:
    assert [part for part, _ in kpi_flaws(kpi(**changes))] == [cell]


@pytest.mark.parametrize(
    "measurable",
    [
        kpi(operator="covers", target="-40~85", unit="℃"),
        kpi(operator=">=", target="ASIL D", unit=""),
        kpi(operator="=", target="全部项目通过", unit=""),
        kpi(operator=">=", target="1e3", unit=""),
    ],
)
def test_numbers_ranges_levels_and_listed_results_can_be_measured(measurable: KpiInput) -> None:
    assert list(kpi_flaws(measurable)) == []


def test_a_fault_of_an_indicator_names_its_row() -> None:
    given = challenge(kpis=(*(kpi(),) * 4, kpi(unit="furlong")))

    assert [(fault.row, fault.part) for fault in faults(given, complete=True)] == [(4, "unit")]


@pytest.mark.parametrize(
    ("hour_now", "day_end", "days"),
    [(0, 20, 20), (23, 20, 20), (12, 0, 0)],
)
def test_the_day_of_publication_does_not_count(hour_now: int, day_end: int, days: int) -> None:
    now = dt.datetime(2026, 11, 24, hour_now, 30, tzinfo=SHANGHAI)
    deadline = dt.datetime(2026, 11, 24, 17, tzinfo=SHANGHAI) + dt.timedelta(days=day_end)

    assert window_days(now, deadline) == days


def test_days_are_counted_in_beijing() -> None:
    late_in_utc = dt.datetime(2026, 11, 24, 20, tzinfo=dt.UTC)

    assert window_days(late_in_utc, dt.datetime(2026, 11, 26, 4, tzinfo=dt.UTC)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bid_deadline_at": NOON + dt.timedelta(days=19), "question_deadline_at": None}, "bid_deadline_at"),
        ({"payment_plan": (Payment("启动", 41), Payment("验收", 59))}, "payment_plan"),
        ({"max_members": 5}, "max_members"),
    ],
)
def test_the_programme_sets_limits(changes: dict[str, Any], field: str) -> None:
    assert [fault.field for fault in programme_faults(challenge(**changes), LIMITS, NOON)] == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"bid_deadline_at": NOON + dt.timedelta(days=20)},
        {"bid_deadline_at": None},
        {"payment_plan": (Payment("启动", 40), Payment("验收", 60))},
        {"payment_plan": (Payment("启动"),)},
        {"payment_plan": ()},
        {"max_members": 5, "is_consortium_allowed": False},
    ],
)
def test_at_the_limit_or_without_a_value_the_programme_is_content(changes: dict[str, Any]) -> None:
    assert programme_faults(challenge(**changes), LIMITS, NOON) == []


def test_dates_that_have_passed_are_named_together() -> None:
    given = challenge(need=need(sample_by=dt.date(2026, 11, 23)), question_deadline_at=NOON)

    assert [fault.field for fault in late_faults(given, NOON)] == ["sample_by", "question_deadline_at"]


def test_samples_needed_today_are_not_late() -> None:
    given = challenge(need=replace(need(), sample_by=dt.date(2026, 11, 24)))

    assert late_faults(given, NOON) == []
