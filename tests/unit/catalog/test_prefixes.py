"""The SI prefix under which a value is read."""

from __future__ import annotations

import pytest

from app.catalog.prefixes import readable


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        ((None, 8_000_000.0, None), "kHz", ([None, 8.0, None], "GHz")),
        ((20_000.0, None, 26_500_000.0), "kHz", ([0.02, None, 26.5], "GHz")),
        ((None, 0.0000001, None), "A", ([None, 100.0, None], "nA")),
        ((None, 12_500.0, None), "mV", ([None, 12.5, None], "V")),
        ((None, None, 0.00035), "µA", ([None, None, 350.0], "pA")),
    ],
)
def test_huge_and_tiny_values_get_another_prefix(
    values: tuple[float | None, ...], unit: str, expected: tuple[list[float | None], str]
) -> None:
    assert readable(values, unit) == expected


@pytest.mark.parametrize(
    ("values", "unit"),
    [
        ((None, 9_999.0, None), "kHz"),
        ((0.0, None, 2.0), "µA"),
        ((None, 0.0, None), "V"),
        ((None, 86_400.0, None), "s"),
        ((None, None, None), "V"),
        ((None, 200_000.0, None), "次"),
        ((None, 100_000.0, None), "KB"),
        ((None, 0.0001, None), "m"),
    ],
)
def test_everything_else_stays_as_it_was_written(values: tuple[float | None, ...], unit: str) -> None:
    assert readable(values, unit) == (values, unit)
