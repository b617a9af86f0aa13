"""The rules table of each real programme, and challenges held against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest

from app.challenges.commands import Criterion, Payment, SaveProgramme
from app.challenges.configurations import MIIT_ENTERPRISE, MIIT_TASK_LIST, PREFECTURE_CO_FUNDED, SEEDED
from app.challenges.models import Programme
from app.challenges.programme_content import columns_of, filled_programme
from app.challenges.programme_rules import flaws, programme_faults
from app.demands.workflow import PostingMode
from tests.support.challenges import challenge
from tests.support.clock import NOON

DAY = dt.timedelta(days=1)
RULES: dict[SaveProgramme, dict[str, Any]] = {
    MIIT_ENTERPRISE: {
        "mode": PostingMode.ENTERPRISE_POSED,
        "basis": "工信厅企业函〔2023〕88号",
        "requires_recommendation": True,
        "requires_appraisal": True,
        "min_bid_window_days": 20,
        "award_max": 3,
        "is_race_allowed": True,
        "publicity_working_days": 5,
        "quota": (),
        "budget_multiple": None,
        "pre_deadline_viewer": "",
    },
    MIIT_TASK_LIST: {
        "mode": PostingMode.GOVERNMENT_TASK,
        "requires_recommendation": True,
        "min_bid_window_days": 50,
        "max_members": 4,
        "max_projects_per_applicant": 3,
        "shortlist_max": 5,
        "award_max": 3,
        "quota": (("default", 15),),
        "pre_deadline_viewer": "prefecture_authority",
    },
    PREFECTURE_CO_FUNDED: {
        "mode": PostingMode.ENTERPRISE_POSED,
        "requires_recommendation": True,
        "max_term_months": 36,
        "budget_multiple": Decimal(4),
        "cash_percent": 40,
        "award_max": 1,
        "is_race_allowed": False,
        "has_price_envelope": True,
    },
}
COMMON = {
    "max_active_bids_per_leader": 1,
    "question_cutoff_days": 10,
    "answer_last_days": 5,
    "amendment_keep_days": 15,
    "min_valid_bids": 1,
    "key_threshold": 2,
    "panel_min": 5,
    "pass_line": 70,
    "spread_alert": 25,
    "drop_high_low_from": 7,
    "objection_accept_wd": 2,
    "objection_decide_wd": 15,
    "first_payment_max_percent": 40,
    "max_relistings": 2,
    "is_price_above_reward_allowed": False,
    "has_price_envelope": False,
}


def _row(command: SaveProgramme) -> Programme:
    return Programme(**columns_of(command))


@pytest.mark.parametrize("command", SEEDED, ids=lambda command: command.code)
def test_a_seeded_programme_says_what_its_notice_says(command: SaveProgramme) -> None:
    expected = {**COMMON, **RULES[command]}

    assert {name: getattr(command, name) for name in expected} == expected


@pytest.mark.parametrize("command", SEEDED, ids=lambda command: command.code)
def test_a_seeded_programme_contradicts_nothing(command: SaveProgramme) -> None:
    assert flaws(command) == []
    assert sum(criterion.max for criterion in command.review_weights) == 100


@pytest.mark.parametrize("command", SEEDED, ids=lambda command: command.code)
def test_a_programme_comes_back_from_its_row_as_it_was_written(command: SaveProgramme) -> None:
    row = _row(command)
    row.version = 1

    assert filled_programme(row) == replace(command, version=1)


def _posed(**changes: Any) -> Any:
    base = {
        "bid_deadline_at": NOON + 60 * DAY,
        "question_deadline_at": NOON + 50 * DAY,
        "award_count": 1,
        "is_race": False,
        "max_members": 4,
        "term_months": 24,
        "payment_plan": (Payment("样片", 40), Payment("验收", 60)),
        "owner_cash_wan": Decimal(900),
        "public_fund_wan": Decimal(600),
        "reward_total_wan": Decimal(1500),
        "rnd_budget_wan": Decimal(2400),
    }
    return replace(challenge(), **{**base, **changes})


VERDICTS: list[tuple[SaveProgramme, dict[str, Any], list[str]]] = [
    (MIIT_ENTERPRISE, {}, []),
    (MIIT_ENTERPRISE, {"award_count": 3, "is_race": True}, []),
    (MIIT_ENTERPRISE, {"bid_deadline_at": NOON + 20 * DAY, "question_deadline_at": NOON + 10 * DAY}, []),
    (MIIT_ENTERPRISE, {"bid_deadline_at": NOON + 19 * DAY, "question_deadline_at": None}, ["bid_deadline_at"]),
    (MIIT_ENTERPRISE, {"question_deadline_at": NOON + 51 * DAY}, ["question_deadline_at"]),
    (MIIT_ENTERPRISE, {"max_members": 5}, ["max_members"]),
    (MIIT_ENTERPRISE, {"max_members": 5, "is_consortium_allowed": False}, []),
    (MIIT_ENTERPRISE, {"payment_plan": (Payment("签约", 41), Payment("验收", 59))}, ["payment_plan"]),
    (MIIT_ENTERPRISE, {"rnd_budget_wan": None}, []),
    (MIIT_TASK_LIST, {}, []),
    (MIIT_TASK_LIST, {"bid_deadline_at": NOON + 49 * DAY, "question_deadline_at": None}, ["bid_deadline_at"]),
    (MIIT_TASK_LIST, {"max_members": 5}, ["max_members"]),
    (PREFECTURE_CO_FUNDED, {}, []),
    (PREFECTURE_CO_FUNDED, {"rnd_budget_wan": Decimal("2399.9")}, ["rnd_budget_wan"]),
    (PREFECTURE_CO_FUNDED, {"rnd_budget_wan": None}, ["rnd_budget_wan"]),
    (PREFECTURE_CO_FUNDED, {"owner_cash_wan": Decimal(240)}, []),
    (PREFECTURE_CO_FUNDED, {"owner_cash_wan": Decimal("239.9")}, ["owner_cash_wan"]),
    (PREFECTURE_CO_FUNDED, {"public_fund_wan": None, "rnd_budget_wan": None, "owner_cash_wan": None}, []),
    (PREFECTURE_CO_FUNDED, {"award_count": 2}, ["award_count"]),
    (PREFECTURE_CO_FUNDED, {"is_race": True}, ["is_race"]),
    (PREFECTURE_CO_FUNDED, {"term_months": 36}, []),
    (replace(PREFECTURE_CO_FUNDED, max_term_months=24), {"term_months": 25}, ["term_months"]),
]


@pytest.mark.parametrize(("programme", "changes", "broken"), VERDICTS)
def test_a_challenge_is_held_to_the_rules_of_its_programme(
    programme: SaveProgramme, changes: dict[str, Any], broken: list[str]
) -> None:
    found = programme_faults(_posed(**changes), _row(programme), NOON)

    assert [fault.field for fault in found] == broken


FLAWS: list[tuple[dict[str, Any], list[str]]] = [
    ({"code": ""}, ["code"]),
    ({"name": ""}, ["name"]),
    ({"mode": PostingMode.MATCHING_NEED}, ["mode"]),
    ({"publicity_working_days": 0}, ["publicity_working_days"]),
    ({"answer_last_days": 11}, ["answer_last_days"]),
    ({"question_cutoff_days": 20}, ["question_cutoff_days"]),
    ({"award_max": 4}, ["award_max"]),
    ({"shortlist_max": 2}, ["shortlist_max"]),
    ({"key_threshold": 1}, ["key_threshold"]),
    ({"max_active_bids_per_leader": 0}, ["max_active_bids_per_leader"]),
    ({"budget_multiple": Decimal(0)}, ["budget_multiple"]),
    ({"cash_percent": 0}, ["cash_percent"]),
    ({"review_weights": (Criterion("a", "甲", 60), Criterion("b", "乙", 39))}, ["review_weights"]),
    ({"review_weights": (Criterion("a", "甲", 50), Criterion("a", "乙", 50))}, ["review_weights"]),
    ({"review_weights": (Criterion("a", "", 100),)}, ["review_weights"]),
    ({"review_weights": ()}, []),
    ({"quota": (("440300", 3), ("440300", 4))}, ["quota"]),
    ({"quota": (("999999", 3),)}, ["quota"]),
    ({"quota": (("440300", -1),)}, ["quota"]),
    ({"quota": (("440300", 0), ("default", 2))}, []),
    ({"required_roles": ("demand", "nonsense")}, ["required_roles"]),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "broken"), FLAWS)
def test_a_programme_that_contradicts_itself_is_told_where(changes: dict[str, Any], broken: list[str]) -> None:
    found = flaws(replace(MIIT_ENTERPRISE, **changes))

    assert [flaw.field for flaw in found] == broken


@pytest.mark.parametrize(("body", "quota"), [("440300", 3), ("440100", 15), ("441300", 15)])
def test_a_city_without_a_quota_of_its_own_has_the_usual_one(body: str, quota: int) -> None:
    row = _row(replace(MIIT_TASK_LIST, quota=(("default", 15), ("440300", 3))))

    assert row.quota_of(body) == quota


def test_without_quotas_a_city_recommends_as_many_as_it_likes() -> None:
    assert _row(MIIT_ENTERPRISE).quota_of("440300") is None


def test_every_rule_of_a_programme_has_a_column() -> None:
    shaped = {"budget_multiple", "cash_percent", "version"}

    assert {field.name for field in fields(SaveProgramme)} - shaped <= set(Programme.__table__.columns.keys())


@pytest.mark.parametrize("changes", [{"unit": "元/颗"}, {"unit": "CNY"}, {"param_key": "price"}])
def test_with_two_envelopes_no_indicator_asks_for_a_price(changes: dict[str, Any]) -> None:
    posed = challenge()
    kpis = (replace(posed.kpis[0], **changes), *posed.kpis[1:])

    found = programme_faults(replace(posed, kpis=kpis), _row(PREFECTURE_CO_FUNDED), NOON)

    assert ("kpis", 0, "unit") in [(fault.field, fault.row, fault.part) for fault in found]


def test_without_envelopes_an_indicator_may_ask_for_a_price() -> None:
    posed = challenge()
    kpis = (replace(posed.kpis[0], unit="元/颗"), *posed.kpis[1:])

    found = programme_faults(replace(posed, kpis=kpis), _row(MIIT_ENTERPRISE), NOON)

    assert "kpis" not in [fault.field for fault in found]


def test_two_envelopes_need_a_criterion_for_the_price() -> None:
    weights = (Criterion("kpi_fit", "匹配度", 60), Criterion("team", "团队", 40))

    found = flaws(replace(PREFECTURE_CO_FUNDED, review_weights=weights))

    assert [fault.field for fault in found] == ["review_weights"]
