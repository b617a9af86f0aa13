"""How values of a data sheet are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.catalog import labels

if TYPE_CHECKING:
    from flask import Flask


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((4.2, None, 60.0, "V"), "4.2 – 60\u202fV"),
        ((None, None, 2.0, "µA"), "≤ 2\u202fµA"),
        ((90.0, None, None, "%"), "≥ 90\u202f%"),
        ((None, 0.85, 2.0, "µA"), "0.85 (≤ 2)\u202fµA"),
        ((90.0, 95.0, None, "%"), "95 (≥ 90)\u202f%"),
        ((None, 16.0, None, ""), "16"),
        ((None, 0.97, None, "1"), "0.97"),
        ((None, 8_000_000.0, None, "kHz"), "8\u202fGHz"),
        ((None, 1e-9, None, "A"), "1\u202fnA"),
        ((None, 12_000.0, None, "h"), "12\u2009000\u202fh"),
    ],
)
def test_a_line_in_short(values: tuple[float | None, float | None, float | None, str], text: str) -> None:
    assert labels.value_range(*values) == text


def test_a_line_that_says_nothing_is_a_dash() -> None:
    assert labels.value_range(None, None, None, "V") == "—"


def test_a_set_is_a_list() -> None:
    assert labels.value_words("UART|SPI") == "UART, SPI"


def test_yes_is_said_in_the_readers_language(portal: Flask) -> None:
    with portal.test_request_context(headers={"Accept-Language": "en"}):
        assert labels.value_words("是") == "Yes"
