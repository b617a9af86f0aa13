"""What a step of a pairing must say."""

from __future__ import annotations

from typing import Any

import pytest

from app.matchmaking.labels import DECLINE_REASONS, DROP_REASONS, VOLUME_BANDS
from app.matchmaking.rules import MAX_SAMPLES, step_faults
from app.matchmaking.workflow import PairingEvent

SOUND: dict[PairingEvent, dict[str, Any]] = {
    PairingEvent.SIGN_NDA: {"kind": "own", "reference": "保密协议 2026-11-01", "is_authorised": True},
    PairingEvent.DISCLOSE: {},
    PairingEvent.REQUEST_SAMPLE: {"quantity": 20, "purpose": "18串评估板"},
    PairingEvent.SHIP_SAMPLE: {"quantity": 20, "day": "2026-12-02", "lot": "A7", "engineer": "李工 13800000000"},
    PairingEvent.EVALUATE: {"day": "2026-12-04", "plan": "精度、均衡、休眠电流，两周"},
    PairingEvent.REPORT: {"results": [{"name": "cell_err", "result": "failed"}], "issues": "第17串读数漂移"},
    PairingEvent.DESIGN_IN: {"volume": "10k_100k"},
    PairingEvent.PILOT: {"volume": "10k_100k"},
    PairingEvent.MASS_PRODUCE: {"volume": "over_1m"},
    PairingEvent.DROP: {"reason_code": "other", "text": "改用自研方案"},
}


def faulty(event: PairingEvent, **changes: Any) -> list[str]:
    return [fault.field for fault in step_faults(event, {**SOUND[event], **changes})]


@pytest.mark.parametrize("event", SOUND)
def test_a_complete_step_has_no_fault(event: PairingEvent) -> None:
    assert faulty(event) == []


@pytest.mark.parametrize(
    ("event", "changes", "field"),
    [
        (PairingEvent.SIGN_NDA, {"kind": "oral"}, "kind"),
        (PairingEvent.SIGN_NDA, {"reference": ""}, "reference"),
        (PairingEvent.SIGN_NDA, {"is_authorised": False}, "is_authorised"),
        (PairingEvent.REQUEST_SAMPLE, {"quantity": 0}, "quantity"),
        (PairingEvent.REQUEST_SAMPLE, {"quantity": MAX_SAMPLES + 1}, "quantity"),
        (PairingEvent.REQUEST_SAMPLE, {"quantity": "20"}, "quantity"),
        (PairingEvent.REQUEST_SAMPLE, {"purpose": ""}, "purpose"),
        (PairingEvent.SHIP_SAMPLE, {"quantity": None}, "quantity"),
        (PairingEvent.SHIP_SAMPLE, {"day": ""}, "day"),
        (PairingEvent.SHIP_SAMPLE, {"lot": ""}, "lot"),
        (PairingEvent.SHIP_SAMPLE, {"engineer": ""}, "engineer"),
        (PairingEvent.EVALUATE, {"day": ""}, "day"),
        (PairingEvent.EVALUATE, {"plan": ""}, "plan"),
        (PairingEvent.REPORT, {"results": [{"name": "cell_err", "result": "fine"}]}, "results"),
        (PairingEvent.REPORT, {"issues": ""}, "issues"),
        (PairingEvent.REPORT, {"results": [], "issues": ""}, "issues"),
        (PairingEvent.DESIGN_IN, {"volume": ""}, "volume"),
        (PairingEvent.PILOT, {"volume": "many"}, "volume"),
        (PairingEvent.MASS_PRODUCE, {"volume": 1_000_000}, "volume"),
        (PairingEvent.DROP, {"reason_code": ""}, "reason_code"),
        (PairingEvent.DROP, {"text": ""}, "text"),
    ],
)
def test_what_is_missing_is_named_beside_its_field(event: PairingEvent, changes: dict[str, Any], field: str) -> None:
    assert faulty(event, **changes) == [field]


def test_a_sample_that_passed_needs_no_words() -> None:
    assert faulty(PairingEvent.REPORT, results=[{"name": "cell_err", "result": "passed"}], issues="") == []


@pytest.mark.parametrize("code", [code for code in DROP_REASONS if code != "other"])
def test_a_named_reason_needs_no_words(code: str) -> None:
    assert faulty(PairingEvent.DROP, reason_code=code, text="") == []


def test_pairings_end_for_the_reasons_that_are_counted() -> None:
    assert set(DROP_REASONS) == {
        "param_gap", "price", "delivery", "reliability", "software", "certification", "frozen", "nda", "other",
    }  # fmt: skip
    assert set(DECLINE_REASONS) - set(DROP_REASONS) == {"already_known"}


def test_volumes_are_bands_never_numbers() -> None:
    assert list(VOLUME_BANDS) == ["under_10k", "10k_100k", "100k_1m", "over_1m"]
