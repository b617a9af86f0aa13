"""The functions of pins, as people write them."""

from __future__ import annotations

import pytest

from app.catalog.pinout import TOO_MANY, TWICE, UNREADABLE, fault, read


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 VCC\n2 GND", {"1": "VCC", "2": "GND"}),
        ("1:VCC; 2：GND；EP GND", {"1": "VCC", "2": "GND", "EP": "GND"}),
        ("a1 DQ0\nAB12, RESET_N", {"A1": "DQ0", "AB12": "RESET_N"}),
        ("1\tI/O (5 V tolerant)", {"1": "I/O (5 V tolerant)"}),
        (" \n; \n", {}),
    ],
)
def test_a_pin_stands_before_its_function(text: str, found: dict[str, str]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    ("text", "pins", "message"),
    [
        ("VCC", 8, UNREADABLE),
        ("1", 8, UNREADABLE),
        ("12V", 8, UNREADABLE),
        ("1 VCC;1 GND", 8, TWICE),
        ("1 A;2 B;3 C", 2, TOO_MANY),
        ("1 A;2 B;EP GND", 2, ""),
        ("1 A;2 B", None, ""),
        ("", 8, ""),
    ],
)
def test_what_is_wrong_is_said(text: str, pins: int | None, message: str) -> None:
    assert fault(text, pins) == message
