"""Products that may stand in for another one, as a page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.records import Parameter, Sheet
from matching.substitutes import substitutes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matching.substitutes import Grade

__all__ = ["Parameter", "Replacement", "Sheet", "replacements"]


@dataclass(frozen=True, slots=True)
class Replacement:
    """One product beside another: how far it replaces it; keys of what is better, worse or other, and not stated."""

    product_id: str
    grade: Grade
    better: tuple[str, ...]
    worse: tuple[str, ...]
    open: tuple[str, ...]


def replacements(original: Sheet, offers: Iterable[Sheet], limit: int) -> list[Replacement]:
    """Return the nearest replacements, best first, judged by all that the original states."""
    return [
        Replacement(
            product_id=one.offer_id,
            grade=one.grade,
            better=tuple(change.key for change in one.upgrades),
            worse=tuple(change.key for change in one.downgrades),
            open=one.missing,
        )
        for one in substitutes(original, offers)[:limit]
    ]
