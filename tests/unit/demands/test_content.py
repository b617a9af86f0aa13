"""Rows into commands and back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from app.compliance import Asked
from app.demands.commands import SaveNeed
from app.demands.content import fill, filled
from app.demands.models import Need, NeedCategory
from tests.support.clock import NOON

EVERYTHING = SaveNeed(
    title="储能电池包18串采样芯片",
    is_owner_shown=False,
    terminal_category="T1202",
    end_product="工商业储能柜",
    subsystem="从控板",
    categories=("C0204", "C0407"),
    use_description="采样18串电芯电压。",
    params=(
        Asked("cell_err", "<=", "2", "mV", condition="25 ℃"),
        Asked("itf", "has", "SPI|UART", "", is_must=False),
    ),
    quality_grade="industrial",
    temp_min=-40.0,
    temp_max=85.0,
    qual_standards=("AEC-Q100 G2", "ISO 26262"),
    package_pref="LQFP64",
    pin_compat_with="KM7818A",
    annual_volume_kpcs=400,
    target_price_cny=Decimal("12.5"),
    sample_by=dt.date(2027, 1, 31),
    sop_on=dt.date(2027, 9, 1),
    current_supply="imported",
    urgency=4,
    software_needs="驱动库与例程",
    version=1,
)


def blank() -> Need:
    return Need(params=[], categories=[], version=1)


def test_what_was_saved_comes_back() -> None:
    need = blank()

    fill(need, EVERYTHING, NOON)

    assert filled(need) == EVERYTHING


def test_saving_always_moves_the_time_and_with_it_the_version() -> None:
    need = blank()

    fill(need, EVERYTHING, NOON)

    assert need.updated_at == NOON


def test_a_category_that_stays_keeps_its_row() -> None:
    need = blank()
    need.categories = [NeedCategory(code="C0407")]
    kept = need.categories[0]

    fill(need, EVERYTHING, NOON)

    assert kept in need.categories


def test_a_category_counts_once() -> None:
    need = blank()

    fill(need, replace(EVERYTHING, categories=("C0407", "C0407")), NOON)

    assert [category.code for category in need.categories] == ["C0407"]
