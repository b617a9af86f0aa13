"""The plain values that go in: product sheets, their parameters, needs and their requirements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Extra = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of a product sheet: up to three numbers with a unit, or a text value.

    ``text`` holds values that are no number: sets ("A|B"), levels, "2560x1440@30", yes/no.
    """

    key: str
    min: float | None = None
    typ: float | None = None
    max: float | None = None
    unit: str = ""
    text: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A product sheet. Only ``id`` and ``text`` are needed; every blank field means unknown.

    temp_min, temp_max : ℃. extras : ``price`` (yuan a piece), ``lead_time`` (weeks), ``asil``, ``area`` (mm²).
    """

    id: str
    text: str
    title: str = ""
    firm: str = ""
    category: str = ""
    lang: str = ""
    params: tuple[Parameter, ...] = ()
    interfaces: tuple[str, ...] = ()
    package: str = ""
    temp_min: float | None = None
    temp_max: float | None = None
    quality_grade: str = ""
    lifecycle_stage: str = ""
    extras: Mapping[str, Extra] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition of a need: ``key op value unit``.

    op : ``>=``, ``<=``, ``=``, ``covers`` (the chip's range contains ``lo~hi``), ``has`` (the set contains every
    listed value), ``in`` (at least one of them). Several values are separated by ``|``.
    """

    key: str
    op: str
    value: str
    unit: str = ""
    must: bool = True
    condition: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What a terminal maker looks for. Only ``id`` and ``text`` are needed.

    ``categories`` are chip categories the maker has confirmed; temp_min, temp_max in ℃; volume_kpcs a year.
    """

    id: str
    text: str
    title: str = ""
    lang: str = ""
    terminal_category: str = ""
    categories: tuple[str, ...] = ()
    params: tuple[Requirement, ...] = ()
    temp_min: float | None = None
    temp_max: float | None = None
    quality_grade: str = ""
    volume_kpcs: float | None = None
