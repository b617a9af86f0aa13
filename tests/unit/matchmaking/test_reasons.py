"""Evidence in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_babel import force_locale

from app.matchmaking import reasons

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(autouse=True)
def _speaking(portal: Flask) -> Iterator[None]:
    """Sentences need the catalogue of a portal."""
    with portal.test_request_context():
        yield


def verdict(key: str, status: str, *, must: bool = True, **said: str) -> dict[str, Any]:
    return {"key": key, "name": "", "must": must, "status": status, "offered": "", "required": "", **said}


CELL_ERROR = verdict("cell_err", "met", offered="1.5 mV", required="≤ 2 mV")
CELLS = verdict("cells", "unknown", required="⊇ 14~18")
SLEEP = verdict("sleep_i", "violated", must=False, offered="40 µA", required="≤ 20 µA")


def sentences(**evidence: Any) -> list[str]:
    return reasons.sentences(evidence, "en")


def test_the_one_must_is_named() -> None:
    assert sentences(verdicts=[CELL_ERROR]) == ["The 1 must requirement is met: cell voltage error."]


def test_all_musts_are_named() -> None:
    met = [CELL_ERROR, {**CELLS, "status": "met"}]

    assert sentences(verdicts=met) == ["All 2 must requirements are met: cell voltage error, cells in series."]


def test_of_many_musts_three_are_named_and_the_rest_counted() -> None:
    met = [verdict(key, "met") for key in ("cell_err", "cells", "sleep_i", "vin", "iq")]

    assert sentences(verdicts=met)[0].endswith(" and 2 more.")


def test_musts_that_are_not_met_are_counted_but_not_praised() -> None:
    assert sentences(verdicts=[CELL_ERROR, CELLS]) == [
        "1 of 2 must requirements are met: cell voltage error; 0 not met, 1 not stated."
    ]


def test_nothing_met_is_no_reason() -> None:
    assert sentences(verdicts=[CELLS]) == []


def test_the_kind_of_chip_is_a_reason_when_it_is_likely() -> None:
    assert sentences(category={"code": "C0407", "probability": 0.3}) == [
        "The product is of the wanted kind: Battery AFE / fuel gauge."
    ]


@pytest.mark.parametrize("category", [None, {"code": "C0407", "probability": 0.29}])
def test_an_unlikely_kind_of_chip_is_no_reason(category: dict[str, Any] | None) -> None:
    assert sentences(category=category) == []


def test_common_words_are_named_once() -> None:
    terms = [["采样", "采样", 0.4], ["采样", "采集", 0.3], ["18串", "18串", 0.2]]

    assert sentences(terms=terms) == ["Both texts speak of: 采样, 18串."]


def test_at_most_three_sentences_are_told() -> None:
    told = sentences(
        verdicts=[CELL_ERROR, {**SLEEP, "status": "met"}],
        category={"code": "C0407", "probability": 0.9},
        terms=[["采样", "采样", 0.4]],
    )

    assert len(told) == 3


def test_reasons_speak_the_readers_language() -> None:
    told = reasons.sentences({"category": {"code": "C0407", "probability": 0.9}}, "zh_Hans_CN")

    assert told == ["产品属于所需类别：BMS AFE/电量计。"]


def test_gaps_name_musts_first_and_what_the_sheet_says() -> None:
    assert reasons.gaps({"verdicts": [SLEEP, CELL_ERROR, CELLS]}, "en") == [
        "cells in series ⊇ 14~18: the sheet does not say.",
        "sleep current ≤ 20 µA: the sheet says 40 µA.",
    ]


def test_what_cannot_be_compared_is_a_gap() -> None:
    odd = verdict("cells", "not_comparable", offered="18 V", required="⊇ 14~18")

    assert reasons.gaps({"verdicts": [odd]}, "en") == ["cells in series ⊇ 14~18 cannot be compared with 18 V."]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("fill", "If the sheet stated cells in series ⊇ 14~18, the fit would rise from 0.80 to 0.90."),
        ("relax", "With cells in series ⊇ 14~18 the fit would rise from 0.80 to 0.90."),
    ],
)
def test_a_counterfactual_says_what_would_change(kind: str, told: str) -> None:
    one = {"key": "cells", "kind": kind, "required": "⊇ 14~18", "score": 0.9}

    assert reasons.counterfactuals({"counterfactuals": [one], "product_score": 0.8}, "en") == [told]


@pytest.mark.parametrize(
    ("score", "word"),
    [(1.0, "非常合适"), (0.7, "非常合适"), (0.69, "合适"), (0.3, "合适"), (0.29, "可能合适")],
)
def test_a_score_has_a_word(score: float, word: str) -> None:
    assert reasons.grade(score) == word


@pytest.mark.parametrize(
    ("is_demand", "expected"),
    [
        (True, "The chip meets your 1 must requirement: cell voltage error."),
        (False, "Your chip meets the 1 must requirement: cell voltage error."),
    ],
)
def test_a_side_is_told_what_is_its_own(is_demand: bool, expected: str) -> None:
    with force_locale("en"):
        assert reasons.telling({"verdicts": [CELL_ERROR]}, "en", is_demand=is_demand) == expected


@pytest.mark.parametrize(("is_demand", "beginning"), [(True, "The chip is of the kind"), (False, "Your chip is of")])
def test_without_a_must_that_is_met_a_side_is_told_the_kind(is_demand: bool, beginning: str) -> None:
    evidence = {"verdicts": [CELLS], "category": {"code": "C0407", "probability": 0.9}}

    with force_locale("en"):
        assert reasons.telling(evidence, "en", is_demand=is_demand).startswith(beginning)


def test_no_score_makes_a_violated_must_a_good_fit() -> None:
    assert reasons.grade(1.0, {"verdicts": [verdict("cells", "violated")]}) == "有必须项不满足"


def test_a_violated_wish_does_not_spoil_the_fit() -> None:
    assert reasons.grade(1.0, {"verdicts": [SLEEP]}) == "非常合适"


def test_single_characters_in_common_are_not_named() -> None:
    assert sentences(terms=[["用", "用", 0.4], ["采样", "采样", 0.3]]) == ["Both texts speak of: 采样."]


def test_quality_grades_are_named_and_not_coded() -> None:
    grade = verdict("grade", "violated", must=False, offered="consumer", required="≥ industrial_ext")

    assert reasons.gaps({"verdicts": [grade]}, "zh_Hans_CN") == ["质量等级 ≥ 工业级（扩展）：产品表给出 消费级。"]


@pytest.mark.parametrize(
    ("score", "shown"), [(1.0, "> 0.99"), (0.994, "0.99"), (0.5, "0.50"), (0.005, "0.01"), (0.0, "< 0.01")]
)
def test_a_score_is_never_shown_as_certain(score: float, shown: str) -> None:
    assert reasons.score_text(score) == shown


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("fill", "If the sheet stated cells in series ⊇ 14~18, 2 of 2 must requirements would be met."),
        ("improve", "With cells in series ⊇ 14~18, 2 of 2 must requirements would be met."),
    ],
)
def test_a_counterfactual_that_hardly_moves_the_fit_counts_the_musts(kind: str, told: str) -> None:
    one = {"key": "cells", "kind": kind, "required": "⊇ 14~18", "score": 0.99}
    evidence = {"counterfactuals": [one], "product_score": 0.98, "verdicts": [CELLS, CELL_ERROR, SLEEP]}

    assert reasons.counterfactuals(evidence, "en") == [told]


def test_a_counterfactual_that_changes_nothing_is_not_told() -> None:
    one = {"key": "cell_err", "kind": "improve", "required": "≤ 2 mV", "score": 0.99}

    assert reasons.counterfactuals({"counterfactuals": [one], "product_score": 0.98}, "en") == []
