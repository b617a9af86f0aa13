from __future__ import annotations

import pytest

from app.reviews.masking import COVER, cover, short_names

NAMES = [*short_names("深圳市星河微电子有限公司"), "司马工程师", "Xinghe Micro"]


@pytest.mark.parametrize(
    "told",
    [
        "深圳市星河微电子有限公司",
        "星河微电子",
        "星 河 微 电 子",
        "司马工程师",
        "Xinghe Micro",
        "xinghe micro",
        "a.b@xinghe.com.cn",
        "https://www.xinghe.com/a",
        "www.xinghe.com",
        "13800138000",
        "0755-12345678",
        "91440300MA5XX00149",
    ],
)
def test_names_and_ways_to_reach_somebody_are_covered(told: str) -> None:
    assert cover(f"由{told}承担", NAMES) == f"由{COVER}承担"


@pytest.mark.parametrize("text", ["采样误差不大于2mV", "电流138.00138mA", "XingheMicron", "2026-11-24", ""])
def test_everything_else_stays(text: str) -> None:
    assert cover(text, NAMES) == text


def test_nothing_is_covered_where_nobody_is_named() -> None:
    assert cover("星河微电子", []) == "星河微电子"


def test_a_firm_is_known_by_its_short_names() -> None:
    assert short_names("广东广芯半导体（集团）股份有限公司")[0].startswith("广东广芯")
    assert "广芯" in short_names("广东广芯半导体股份有限公司")
