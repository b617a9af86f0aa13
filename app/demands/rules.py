"""What is wrong with a need; pure, so that form and service agree."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.compliance.requirements import contradictions, flaw_of
from app.core.calendar import add_working_days

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.demands.commands import SaveNeed

MIN_TITLE, MIN_PARAMS, MAX_VALUE = 8, 3, 120
MIN_PRICE = Decimal("0.0001")
"""The smallest price that is kept, in yuan."""
REVIEW_WORKING_DAYS = 5
"""In which the authority answers a posting (domain §2.1, C2)."""
GRADE_RANGES = {
    # Consumer devices outdoors are specified a little beyond the nominal 0–70 ℃ of the trade.
    "consumer": (-20, 85),
    "industrial": (-40, 85),
    "industrial_ext": (-40, 105),
    "automotive_g3": (-40, 85),
    "automotive_g2": (-40, 105),
    "automotive_g1": (-40, 125),
    "automotive_g0": (-40, 150),
}
"""Ambient temperatures in ℃ that a quality grade promises (domain §4.6)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A message for a field; ``row`` and ``part`` name the cell when the field is a repeated group."""

    field: str
    message: str
    row: int | None = None
    part: str = ""


def faults(need: SaveNeed, *, complete: bool) -> list[Fault]:
    """Return everything wrong with a need: contradictions always, gaps only when it must be ``complete``."""
    found = list(_contradictions(need))
    if complete:
        found += [*_gaps(need), *_param_faults(need)]
    return found


def review_due(submitted_at: dt.datetime) -> dt.datetime:
    """Return until when the authority answers what was handed in at ``submitted_at``."""
    return add_working_days(submitted_at, REVIEW_WORKING_DAYS)


def _contradictions(need: SaveNeed) -> Iterator[Fault]:
    if need.temp_min is not None and need.temp_max is not None and need.temp_min >= need.temp_max:
        yield Fault("temp_max", "The highest temperature must be above the lowest.")
    if need.sample_by is not None and need.sop_on is not None and need.sample_by >= need.sop_on:
        yield Fault("sop_on", "Start of production must be after the date of samples.")
    if need.target_price_cny is not None and need.target_price_cny < MIN_PRICE:
        yield Fault("target_price_cny", "The price must be above zero.")
    if need.annual_volume_kpcs is not None and need.annual_volume_kpcs <= 0:
        yield Fault("annual_volume_kpcs", "The volume must be above zero.")
    for index, asked in enumerate(need.params):
        # Half-width spelling can be longer than what was typed.
        if len(asked.value) > MAX_VALUE:
            yield Fault("params", "At most 120 characters.", index, "value")


def _gaps(need: SaveNeed) -> Iterator[Fault]:
    if len(need.title) < MIN_TITLE:
        yield Fault("title", "Give a title of 8 to 60 characters that names the chip and its use.")
    required = (
        ("terminal_category", "Choose what the chip goes into.", need.terminal_category),
        ("end_product", "Name the end product.", need.end_product),
        ("categories", "Choose at least one chip category.", need.categories),
        ("use_description", "Describe how the chip will be used.", need.use_description),
        ("quality_grade", "Choose the quality grade.", need.quality_grade),
        ("annual_volume_kpcs", "Enter the yearly volume.", need.annual_volume_kpcs),
        ("sample_by", "Enter when you need samples.", need.sample_by),
        ("sop_on", "Enter when production starts.", need.sop_on),
    )
    yield from (Fault(field, message) for field, message, value in required if not value)
    for field, value in (("temp_min", need.temp_min), ("temp_max", need.temp_max)):
        if value is None:
            yield Fault(field, "Enter the ambient temperature range.")
    yield from _grade_fault(need)


def _grade_fault(need: SaveNeed) -> Iterator[Fault]:
    promised = GRADE_RANGES.get(need.quality_grade)
    if promised is None or need.temp_min is None or need.temp_max is None:
        return
    if need.temp_min < promised[0] or need.temp_max > promised[1]:
        yield Fault("quality_grade", "This grade does not reach your temperature range. Choose a higher grade.")


def _param_faults(need: SaveNeed) -> Iterator[Fault]:
    if len(need.params) < MIN_PARAMS:
        yield Fault("params", "State at least three requirements, so that chips can be compared with them.")
    for index, asked in enumerate(need.params):
        flaw = flaw_of(asked)
        if flaw is not None:
            yield Fault("params", flaw.message, index, flaw.part)
    for index, flaw in contradictions(need.params).items():
        yield Fault("params", flaw.message, index, flaw.part)
