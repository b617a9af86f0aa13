"""Which parameters a text states, as a sheet takes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.compliance.requirements import Asked, flaw_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNS = {False: re.compile(r"[<>＜＞≤≥≦≧=＝]"), True: re.compile(r"\d\D*[~～〜∼…–—-]|至|到|\bto\b", re.IGNORECASE)}
"""What makes a number a comparison, and what makes two of them a range."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One stated parameter under its key of the dictionary, and the words that state it."""

    key: str
    min: float | None
    typ: float | None
    max: float | None
    unit: str
    text: str
    condition: str
    words: str


def statements(text: str, categories: Sequence[str] = ()) -> list[Statement]:
    """Return what a text states, in reading order; chip categories decide what an ambiguous name means."""
    from matching.extract import extract_parameters

    return [
        Statement(p.key, p.min, p.typ, p.max, p.unit, p.text, p.condition, text[found.start : found.end].strip())
        for found in extract_parameters(text, categories)
        for p in (found.parameter,)
    ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One number asked for with a comparison or a range, under its key, and where in the text it stands."""

    start: int
    end: int
    key: str
    op: str
    value: str
    unit: str


def comparisons(text: str) -> list[Comparison]:
    """Return what a text asks for in so many signs ("Vin>=36V, -40~125℃"); a number alone asks for nothing."""
    from matching.extract import extract_requirements

    found = [
        Comparison(one.start, one.end, r.key, r.op, r.value, r.unit)
        for one in extract_requirements(text)
        for r in (one.requirement,)
    ]
    return [one for one in found if _SIGNS[one.op == "covers"].search(text[one.start : one.end])]


@dataclass(frozen=True, slots=True)
class Stated:
    """One requirement that a text states and that can be judged, and the words that state it."""

    asked: Asked
    words: str


def requirements_in(text: str, categories: Sequence[str] = ()) -> list[Stated]:
    """Return what can be judged of what a text requires, in reading order."""
    from matching.extract import extract_requirements

    found = [
        Stated(Asked(r.key, r.op, r.value, r.unit, r.must, r.condition), text[one.start : one.end].strip())
        for one in extract_requirements(text, categories)
        for r in (one.requirement,)
    ]
    return [one for one in found if flaw_of(one.asked) is None]
