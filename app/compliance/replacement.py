"""Products that may stand in for another one, as a page lists them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matching.records import Need, Parameter, Sheet
from matching.substitutes import substitutes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matching.substitutes import Effect, Grade, PinMap, Substitution

__all__ = ["Difference", "Need", "Parameter", "Replacement", "Sheet", "Substitute", "replacements", "substitutes_of"]


@dataclass(frozen=True, slots=True)
class Replacement:
    """One product beside another: how far it replaces it; keys of what is better, worse or other, and not stated."""

    product_id: str
    grade: Grade
    better: tuple[str, ...]
    worse: tuple[str, ...]
    open: tuple[str, ...]


def replacements(
    original: Sheet, offers: Iterable[Sheet], limit: int, pin_maps: Mapping[str, PinMap]
) -> list[Replacement]:
    """Return the nearest replacements, best first, judged by all that the original states."""
    return [
        Replacement(
            product_id=one.offer_id,
            grade=one.grade,
            better=tuple(change.key for change in one.upgrades),
            worse=tuple(change.key for change in one.downgrades),
            open=one.missing,
        )
        for one in substitutes(original, offers, pin_maps=pin_maps)[:limit]
    ]


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter in which two parts differ, as each states it; arrow "↑" or "↓" where a number rises or falls."""

    key: str
    effect: Effect
    before: str
    after: str
    arrow: str


@dataclass(frozen=True, slots=True)
class Substitute:
    """One product in place of another.

    is_same_footprint : None where the sheets do not tell. moved : pins that do something else, (pin, before, after);
    None where a sheet does not say what its pins do.
    """

    product_id: str
    grade: Grade
    is_same_footprint: bool | None
    moved: tuple[tuple[str, str, str], ...] | None
    differences: tuple[Difference, ...]
    n_same: int
    missing: tuple[str, ...]
    violated: tuple[str, ...]

    @property
    def counts(self) -> Counter[str]:
        """Return how many differences there are of each effect."""
        return Counter(one.effect for one in self.differences)


def substitutes_of(
    original: Sheet, offers: Iterable[Sheet], need: Need | None, pin_maps: Mapping[str, PinMap]
) -> list[Substitute]:
    """Return what may replace a product, best first; with a need only what it asks for counts."""
    return [_substitute(one) for one in substitutes(original, offers, need, pin_maps=pin_maps)]


def _substitute(one: Substitution) -> Substitute:
    differ = [change for change in one.changes if change.effect != "same"]
    return Substitute(
        product_id=one.offer_id,
        grade=one.grade,
        is_same_footprint=one.fit.is_same,
        moved=one.fit.moved if one.fit.is_map_known else None,
        differences=tuple(Difference(c.key, c.effect, c.before, c.after, c.arrow) for c in differ),
        n_same=len(one.changes) - len(differ),
        missing=one.missing,
        violated=one.violated,
    )
