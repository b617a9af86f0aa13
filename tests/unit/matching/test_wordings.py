"""Whether all of several values are wanted or one of them is enough."""

from __future__ import annotations

import pytest

from matching.extract import extract_requirements


def wanted(text: str) -> list[tuple[str, str, str]]:
    found = (one.requirement for one in extract_requirements(text))
    return [(one.key, one.op, one.value) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PD3.0、UFCS任选其一", ("protocols", "in", "PD3.0|UFCS")),
        ("PD3.0或UFCS", ("protocols", "in", "PD3.0|UFCS")),
        ("PD3.0、UFCS至少支持一种", ("protocols", "in", "PD3.0|UFCS")),
        ("支持北斗或GPS", ("systems", "in", "BDS|GPS")),
        ("RTOS、Linux都可以", ("os", "in", "RTOS|Linux")),
        ("Linux or Android", ("os", "in", "Linux|Android")),
        ("either of Linux, Android", ("os", "in", "Linux|Android")),
        ("Linux和安卓", ("os", "has", "Linux|Android")),
        ("支持DDR4和LPDDR4", ("dram_type", "has", "DDR4|LPDDR4")),
        ("DDR4/LPDDR4", ("dram_type", "in", "DDR4|LPDDR4")),
        ("QFN32和LQFP48封装", ("package", "in", "QFN-32|LQFP-48")),
        ("接口SPI、I2C,3.3V或5V", ("if", "has", "SPI|I2C")),
        ("支持SPI和I2C或UART", ("if", "has", "SPI|I2C或UART")),
        ("RGMII或XGMII接口", ("if", "in", "RGMII|XGMII")),
        ("XGMII or RGMII", ("if", "in", "RGMII|XGMII")),
        ("I2C and/or SPI", ("if", "in", "I2C|SPI")),
        ("SPI/SD/eMMC/I2C", ("if", "in", "SPI|I2C")),
        ("SPI or better", ("if", "in", "SPI")),
    ],
)
def test_words_say_whether_one_is_enough(text: str, expected: tuple[str, str, str]) -> None:
    assert wanted(text)[0] == expected


@pytest.mark.parametrize("text", ["GPS、北斗、GLONASS至少两种", "SPI和RGMII或XGMII"])
def test_what_no_comparison_says_is_left_alone(text: str) -> None:
    assert wanted(text) == []
