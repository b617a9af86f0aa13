"""Hand-reasoned verdicts: what is required, what the sheet says, what must come out."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from matching.compliance import REASONS, judge
from matching.records import Parameter, Requirement

with (Path(__file__).parent / "golden_compliance.csv").open(encoding="utf-8", newline="") as _stream:
    CASES = list(csv.DictReader(_stream))


def _number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['key']} {c['op']} {c['value']}{c['unit']}")
def test_the_verdict_is_the_one_reasoned_by_hand(case: dict[str, str]) -> None:
    requirement = Requirement(case["key"], case["op"], case["value"], case["unit"])
    numbers = (_number(case["min"]), _number(case["typ"]), _number(case["max"]))
    offer = Parameter(case["key"], *numbers, case["offer_unit"], case["text"])

    verdict = judge(requirement, [offer])

    assert (verdict.status, verdict.reason) == (case["status"], case["reason"])


def test_there_are_three_hundred_golden_cases() -> None:
    assert len(CASES) >= 300


def test_every_reason_has_english_and_chinese_wording() -> None:
    assert {case["reason"] for case in CASES} <= set(REASONS)
