"""What makes a product sheet right: shared by the form and by imports, free of database and web."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.catalog import codes, pinout

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.catalog.commands import ParamInput, ProductInput

MIN_PARAMS = 5
MAX_PARAMS = 200
LIMITS = {
    "part_number": 60, "name": 120, "description": 300, "package": 60, "size_mm": 30, "software": 2000,
    "datasheet_url": 300, "pin_map": pinout.MAX_TEXT,
}  # fmt: skip
PARAM_LIMITS = {"condition": 200, "value_text": 300}
GROUP_LIMITS = {
    "qualifications": {"standard": 60, "grade": 40, "report_no": 60},
    "benchmark_parts": {"maker": 60, "part": 60},
    "reference_customers": {"segment": 60, "stage": 30},
}
LARGEST = 1e15
"""No parameter of a chip is larger in any unit; what is would overflow when converted."""
REQUIRED = ("part_number", "category", "name")
COMPLETE = (
    *REQUIRED, "description", "package", "pins", "temp_min", "temp_max", "quality_grade", "lifecycle_stage",
)  # fmt: skip
_MARKUP = re.compile(
    r"<\s*/?\s*(?:script|style|img|iframe|object|embed|svg|math|link|meta|base|form|input|button|a|b|i|p|br|div|span|"
    r"table|tr|td|html|body|video|audio)\b[^>]*>?|javascript:|\bon(?:error|load|click|mouseover)\s*=",
    re.IGNORECASE,
)
_OWN_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
_URL = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: ``field`` of the sheet, or column ``part`` in row ``row`` (from 0) of a group."""

    kind: str
    field: str
    message: str
    row: int | None = None
    part: str = ""


def has_markup(text: str) -> bool:
    """Return whether a text holds HTML or script that a reader's program might run."""
    return _MARKUP.search(text) is not None


def problems(sheet: ProductInput, *, is_complete: bool) -> list[Problem]:
    """Return everything that is wrong with a sheet, in the order of its fields.

    A draft needs a part number, a category and a name; with ``is_complete`` all that the catalogue shows.
    What is stated must be consistent in both cases.
    """
    found = [
        *_missing(sheet, COMPLETE if is_complete else REQUIRED),
        *_texts(sheet),
        *_codes(sheet),
        *_ranges(sheet),
        *_pin_map(sheet),
    ]
    found += [*_production(sheet), *_qualifications(sheet), *_benchmarks(sheet), *_group_texts(sheet)]
    for row, param in enumerate(sheet.params):
        found += param_problems(param, row)
    if len(sheet.params) > MAX_PARAMS:
        found.append(Problem("too_many_parameters", "params", "A sheet has at most 200 parameters."))
    if is_complete and len(sheet.params) < MIN_PARAMS:
        found.append(Problem("too_few_parameters", "params", "State at least five parameters before you publish."))
    return found


def _missing(sheet: ProductInput, names: tuple[str, ...]) -> Iterator[Problem]:
    for name in names:
        if getattr(sheet, name) in (None, ""):
            yield Problem("missing_required", name, "Please fill this in.")


def _texts(sheet: ProductInput) -> Iterator[Problem]:
    for name, limit in LIMITS.items():
        text = getattr(sheet, name)
        if len(text) > limit:
            yield Problem("text_too_long", name, "This text is too long.")
        elif has_markup(text):
            yield Problem("html_or_script", name, "Remove the HTML or script; plain text only.")
    if sheet.datasheet_url and not _URL.fullmatch(sheet.datasheet_url):
        yield Problem("bad_url", "datasheet_url", "Give the whole address, beginning with http:// or https://.")


def _pin_map(sheet: ProductInput) -> Iterator[Problem]:
    message = pinout.fault(sheet.pin_map, sheet.pins)
    if message:
        yield Problem("bad_pin_map", "pin_map", message)


def _codes(sheet: ProductInput) -> Iterator[Problem]:
    if sheet.category and not codes.is_leaf_category(sheet.category):
        yield Problem("unknown_category", "category", "Choose a second-level category of the list.")
    known: dict[str, tuple[str, ...]] = {
        "quality_grade": codes.GRADES,
        "functional_safety": codes.SAFETY_LEVELS,
        "lifecycle_stage": codes.STAGES,
        "foundry_region": codes.REGIONS,
        "osat_region": codes.REGIONS,
        "monthly_capacity_kpcs": codes.CAPACITY_BANDS,
        "cumulative_shipment_wan": codes.SHIPMENT_BANDS,
        "ip_core": codes.IP_CORES,
    }
    for name, values in known.items():
        if getattr(sheet, name) and getattr(sheet, name) not in values:
            yield Problem("unknown_value", name, "Choose a value of the list.")
    if set(sheet.interfaces) - set(codes.INTERFACES):
        yield Problem("unknown_value", "interfaces", "Choose interfaces of the list.")


def _ranges(sheet: ProductInput) -> Iterator[Problem]:
    low, high = sheet.temp_min, sheet.temp_max
    if low is not None and high is not None and low > high:
        yield Problem("temp_min_greater_than_max", "temp_min", "The lower limit is above the upper one.")
        yield Problem("temp_min_greater_than_max", "temp_max", "The lower limit is above the upper one.")
    for name in ("temp_min", "temp_max"):
        value = getattr(sheet, name)
        if value is not None and not -273 <= value <= 1000:
            yield Problem("out_of_range", name, "This temperature is impossible.")
    limits = {
        "pins": (1, 100_000), "lead_time_weeks": (0, 520), "moq": (1, 1_000_000_000), "process_node_nm": (0.1, 100_000),
        "price_1k_cny": (0, 10_000_000), "price_10k_cny": (0, 10_000_000), "price_100k_cny": (0, 10_000_000),
    }  # fmt: skip
    for name, (least, most) in limits.items():
        value = getattr(sheet, name)
        if value is not None and not (Decimal(value).is_finite() and least <= value <= most):
            yield Problem("out_of_range", name, "This number is out of range.")


def _production(sheet: ProductInput) -> Iterator[Problem]:
    if sheet.mp_since and not _MONTH.fullmatch(sheet.mp_since):
        yield Problem("bad_date", "mp_since", "Write year and month, such as 2026-11.")
    elif sheet.lifecycle_stage in codes.PRODUCED and not sheet.mp_since:
        yield Problem("mp_date_missing", "mp_since", "Say since when the part is in mass production.")


def _qualifications(sheet: ProductInput) -> Iterator[Problem]:
    for row, entry in enumerate(sheet.qualifications):
        if not entry.standard:
            yield Problem("missing_required", "qualifications", "Name the standard.", row, "standard")
        if entry.status not in codes.QUALIFICATION_STATES:
            yield Problem("unknown_value", "qualifications", "Choose a value of the list.", row, "status")
        if entry.status == "passed" and not entry.report_no:
            message = "A passed qualification needs the number of its report."
            yield Problem("report_missing", "qualifications", message, row, "report_no")


def _benchmarks(sheet: ProductInput) -> Iterator[Problem]:
    for row, entry in enumerate(sheet.benchmark_parts):
        if not entry.part:
            yield Problem("missing_required", "benchmark_parts", "Name the part.", row, "part")
        if entry.relation not in codes.RELATIONS:
            yield Problem("unknown_value", "benchmark_parts", "Choose a value of the list.", row, "relation")


def _group_texts(sheet: ProductInput) -> Iterator[Problem]:
    for name, limits in GROUP_LIMITS.items():
        for row, entry in enumerate(getattr(sheet, name)):
            for part, limit in limits.items():
                if len(getattr(entry, part)) > limit:
                    yield Problem("text_too_long", name, "This text is too long.", row, part)
                elif has_markup(getattr(entry, part)):
                    yield Problem("html_or_script", name, "Remove the HTML or script; plain text only.", row, part)


def param_problems(param: ParamInput, row: int) -> list[Problem]:
    """Return what is wrong with one line of a data sheet."""

    def problem(kind: str, part: str, message: str) -> Problem:
        return Problem(kind, "params", message, row, part)

    found = list(_param_order(param, problem))
    if not param.key:
        found.append(problem("missing_required", "key", "Name the parameter."))
    elif codes.parameter_kind(param.key) is None and not _OWN_KEY.fullmatch(param.key):
        found.append(
            problem("unknown_parameter", "key", "Choose a parameter of the list, or write a key like own_name.")
        )
    if all(value is None for value in (param.min, param.typ, param.max)) and not param.value_text:
        found.append(problem("missing_required", "typ", "State at least one value."))
    found += _unit(param, problem)
    for part, limit in PARAM_LIMITS.items():
        if len(getattr(param, part)) > limit:
            found.append(problem("text_too_long", part, "This text is too long."))
        elif has_markup(getattr(param, part)):
            found.append(problem("html_or_script", part, "Remove the HTML or script; plain text only."))
    return found


def _param_order(param: ParamInput, problem) -> Iterator[Problem]:  # type: ignore[no-untyped-def]
    low, typical, high = param.min, param.typ, param.max
    for part in ("min", "typ", "max"):
        value = getattr(param, part)
        if value is not None and not math.isfinite(value):
            yield problem("not_a_number", part, "This is no number.")
        elif value is not None and abs(value) > LARGEST:
            yield problem("out_of_range", part, "This number is out of range.")
    if low is not None and high is not None and low > high:
        yield problem("min_greater_than_max", "min", "The minimum is above the maximum.")
    elif typical is not None and ((low is not None and typical < low) or (high is not None and typical > high)):
        yield problem("typ_out_of_range", "typ", "The typical value must lie between minimum and maximum.")


def _unit(param: ParamInput, problem) -> Iterator[Problem]:  # type: ignore[no-untyped-def]
    if param.unit and codes.find_unit(param.unit) is None:
        yield problem("unknown_unit", "unit", "This unit is not in the dictionary.")
        return
    kind = codes.parameter_kind(param.key)
    has_number = any(value is not None for value in (param.min, param.typ, param.max))
    if kind is None or not kind.units or not has_number:
        return
    if not any(codes.comparable(param.unit, unit) for unit in kind.units):
        yield problem("unit_mismatch", "unit", "This unit does not measure this parameter.")
