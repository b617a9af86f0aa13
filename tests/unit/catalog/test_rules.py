"""What makes a product sheet right."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.catalog import rules
from app.catalog.commands import BenchmarkPart, ParamInput, ProductInput, Qualification, ReferenceCustomer

FIVE = (
    ParamInput("cells", min=8, max=18, unit="串"),
    ParamInput("cell_err", typ=2, unit="mV", condition="25℃"),
    ParamInput("balance_i", typ=150, unit="mA"),
    ParamInput("sleep_i", max=20, unit="µA"),
    ParamInput("esd_hbm", typ=2, unit="kV"),
)
COMPLETE = ProductInput(
    part_number="CB18",
    category="C0407",
    name="18串电池采样芯片",
    description="支持14至18串电池采样。",
    package="LQFP-64",
    pins=64,
    temp_min=-40.0,
    temp_max=105.0,
    quality_grade="automotive_g2",
    lifecycle_stage="mass_production",
    mp_since="2025-03",
    params=FIVE,
)


def kinds(sheet: ProductInput, *, is_complete: bool = True) -> list[tuple[str, str]]:
    return [(problem.field, problem.kind) for problem in rules.problems(sheet, is_complete=is_complete)]


def param_kinds(**line: Any) -> list[tuple[str, str]]:
    return [(problem.part, problem.kind) for problem in rules.param_problems(ParamInput(**{"key": "vin", **line}), 0)]


def test_a_complete_sheet_has_no_problem() -> None:
    assert kinds(COMPLETE) == []


def test_a_draft_needs_part_number_category_and_name_only() -> None:
    assert kinds(ProductInput(), is_complete=False) == [
        ("part_number", "missing_required"),
        ("category", "missing_required"),
        ("name", "missing_required"),
    ]


@pytest.mark.parametrize("name", rules.COMPLETE)
def test_publishing_needs_every_field_the_catalogue_shows(name: str) -> None:
    empty = getattr(ProductInput(), name)

    assert (name, "missing_required") in kinds(replace(COMPLETE, **{name: empty}))


def test_publishing_needs_five_parameters() -> None:
    assert kinds(replace(COMPLETE, params=FIVE[:4])) == [("params", "too_few_parameters")]


def test_a_sheet_has_at_most_200_parameters() -> None:
    many = tuple(ParamInput(f"own_{number}", typ=1) for number in range(201))

    assert ("params", "too_many_parameters") in kinds(replace(COMPLETE, params=many))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"category": "C04"}, ("category", "unknown_category")),
        ({"category": "X"}, ("category", "unknown_category")),
        ({"quality_grade": "military"}, ("quality_grade", "unknown_value")),
        ({"lifecycle_stage": "soon"}, ("lifecycle_stage", "unknown_value")),
        ({"functional_safety": "ASIL Z"}, ("functional_safety", "unknown_value")),
        ({"interfaces": ("UART", "TELEX")}, ("interfaces", "unknown_value")),
        ({"mp_since": "2025-13"}, ("mp_since", "bad_date")),
        ({"mp_since": ""}, ("mp_since", "mp_date_missing")),
        ({"pins": 0}, ("pins", "out_of_range")),
        ({"pin_map": "1 VCC;1 GND"}, ("pin_map", "bad_pin_map")),
        ({"temp_min": -300.0}, ("temp_min", "out_of_range")),
        ({"temp_max": float("inf")}, ("temp_max", "out_of_range")),
        ({"price_1k_cny": Decimal(-1)}, ("price_1k_cny", "out_of_range")),
        ({"price_1k_cny": Decimal("NaN")}, ("price_1k_cny", "out_of_range")),
        ({"price_1k_cny": Decimal("sNaN")}, ("price_1k_cny", "out_of_range")),
        ({"process_node_nm": float("nan")}, ("process_node_nm", "out_of_range")),
        ({"name": "n" * 121}, ("name", "text_too_long")),
        ({"description": "<script>alert(1)</script>"}, ("description", "html_or_script")),
        ({"software": "<img src=x onerror=alert(1)>"}, ("software", "html_or_script")),
        ({"datasheet_url": "javascript:alert(1)"}, ("datasheet_url", "html_or_script")),
        ({"datasheet_url": "ftp://example.com/a.pdf"}, ("datasheet_url", "bad_url")),
        ({"qualifications": (Qualification("AEC-Q100", "G2", "passed"),)}, ("qualifications", "report_missing")),
        ({"qualifications": (Qualification("", "G2"),)}, ("qualifications", "missing_required")),
        ({"qualifications": (Qualification("AEC-Q100", "G2", "hoped"),)}, ("qualifications", "unknown_value")),
        ({"benchmark_parts": (BenchmarkPart("Kestmoor", "", "pin2pin"),)}, ("benchmark_parts", "missing_required")),
        ({"benchmark_parts": (BenchmarkPart("", "KM1", "like"),)}, ("benchmark_parts", "unknown_value")),
        ({"reference_customers": (ReferenceCustomer("<b>x</b>"),)}, ("reference_customers", "html_or_script")),
        ({"reference_customers": (ReferenceCustomer("x" * 61),)}, ("reference_customers", "text_too_long")),
    ],
)
def test_what_is_stated_must_make_sense(change: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problem in kinds(replace(COMPLETE, **change))


def test_a_temperature_range_upside_down_is_told_at_both_ends() -> None:
    upside_down = replace(COMPLETE, temp_min=85.0, temp_max=-40.0)

    assert kinds(upside_down) == [
        ("temp_min", "temp_min_greater_than_max"),
        ("temp_max", "temp_min_greater_than_max"),
    ]


def test_a_part_in_development_needs_no_date_of_mass_production() -> None:
    assert kinds(replace(COMPLETE, lifecycle_stage="customer_sample", mp_since="")) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"min": 5.0, "max": 3.0, "unit": "V"}, ("min", "min_greater_than_max")),
        ({"min": 5.0, "typ": 3.0, "unit": "V"}, ("typ", "typ_out_of_range")),
        ({"typ": 5.0, "max": 3.0, "unit": "V"}, ("typ", "typ_out_of_range")),
        ({"min": float("nan"), "unit": "V"}, ("min", "not_a_number")),
        ({"max": float("inf"), "unit": "V"}, ("max", "not_a_number")),
        ({"typ": 1e16, "unit": "V"}, ("typ", "out_of_range")),
        ({"typ": 5.0, "unit": "furlong"}, ("unit", "unknown_unit")),
        ({"typ": 5.0, "unit": "mA"}, ("unit", "unit_mismatch")),
        ({"unit": "V"}, ("typ", "missing_required")),
        ({"key": "", "typ": 5.0}, ("key", "missing_required")),
        ({"key": "Not A Key", "typ": 5.0}, ("key", "unknown_parameter")),
        ({"typ": 5.0, "unit": "V", "condition": "c" * 201}, ("condition", "text_too_long")),
        ({"value_text": "<svg onload=alert(1)>"}, ("value_text", "html_or_script")),
    ],
)
def test_a_line_of_a_data_sheet_must_make_sense(line: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problem in param_kinds(**line)


@pytest.mark.parametrize(
    "line",
    [
        {"min": 3.0, "typ": 12.0, "max": 36.0, "unit": "V"},
        {"typ": 3300.0, "unit": "mV"},
        {"min": 3.0, "max": 3.0, "unit": "V"},
        {"value_text": "UART|SPI"},
        {"key": "own_name", "typ": 1.0},
    ],
)
def test_a_sound_line_has_no_problem(line: dict[str, Any]) -> None:
    assert param_kinds(**line) == []


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+86 20", "-40~85", "@reset", "Vin < 5 V 且 I > 3 mA", "a & b"])
def test_formula_strings_and_comparisons_are_plain_text(text: str) -> None:
    assert kinds(replace(COMPLETE, description=text)) == []
