"""The price of fairness as a line in a picture: fit that is left over how unequal the exposure is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, MARGIN = 520, 220, 36


@dataclass(frozen=True, slots=True)
class Dot:
    """One point, in units of the picture, with its two figures."""

    x: float
    y: float
    gini: float
    share: float
    cap: int | None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """The points by how unequal the exposure is, and where the configuration stands."""

    dots: tuple[Dot, ...]
    own: Dot | None
    low: float
    """The fit at the foot of the picture."""
    high_gini: float

    @property
    def rows(self) -> list[Dot]:
        """The points from the strictest cap to none, for a table."""
        return sorted(self.dots, key=lambda dot: (dot.cap is None, dot.cap or 0))

    @property
    def path(self) -> str:
        """The line through the points, as SVG writes it."""
        return " ".join(f"{dot.x:.1f},{dot.y:.1f}" for dot in self.dots)


def curve(points: Sequence[Mapping[str, Any]], figures: Mapping[str, Any]) -> Curve | None:
    """Return the picture, or None where there are not two points to draw a line through."""
    known = sorted(
        (point for point in points if point["share"] is not None and point["gini"] is not None),
        key=lambda point: point["gini"],
    )
    if len(known) < 2:
        return None
    low = min([*(point["share"] for point in known), figures["kept"], 0.99])
    high = max([*(point["gini"] for point in known), figures["gini"], 0.01])

    def dot(gini: float, share: float, cap: int | None, *, is_own: bool = False) -> Dot:
        x = MARGIN + gini / high * (WIDTH - 2 * MARGIN)
        y = HEIGHT - MARGIN - (share - low) / (1 - low) * (HEIGHT - 2 * MARGIN)
        return Dot(x, y, gini, share, cap, is_own)

    dots = tuple(dot(point["gini"], point["share"], point["cap"]) for point in known)
    return Curve(dots, dot(figures["gini"], figures["kept"], None, is_own=True), low, high)
