"""Which parameters a text states, as a sheet takes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
