"""Values of a data sheet under the SI prefix people would choose: 8 GHz, not 8 000 000 kHz."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Values = Sequence[float | None]

PREFIXES = ("p", "n", "µ", "m", "", "k", "M", "G", "T")
"""Each a thousand times the one before (BIPM, The International System of Units, table 7)."""
BASES = frozenset({"Hz", "V", "A", "W", "s", "F", "H", "Ω", "bps", "Sps"})
UNREADABLE_FROM = 10_000
UNREADABLE_BELOW = Decimal("0.001")


def readable(values: Values, unit: str) -> tuple[Values, str]:
    """Return values and unit as given, or under another prefix when they are all huge or all tiny."""
    prefix, base = _parts(unit)
    largest = max((abs(Decimal(repr(value))) for value in values if value is not None), default=Decimal(0))
    if not base or not largest or UNREADABLE_BELOW <= largest < UNREADABLE_FROM:
        return values, unit
    written = PREFIXES.index(prefix)
    highest = PREFIXES.index("") if base == "s" else len(PREFIXES) - 1  # nobody counts kiloseconds
    place = min(max(written + largest.adjusted() // 3, 0), highest)
    if place == written:
        return values, unit
    factor = Decimal(1000) ** (written - place)
    scaled = [None if value is None else float(Decimal(repr(value)) * factor) for value in values]
    return scaled, PREFIXES[place] + base


def _parts(unit: str) -> tuple[str, str]:
    """Return prefix and base of a unit; an empty base for one that takes no prefix."""
    if unit in BASES:
        return "", unit
    is_prefixed = unit[:1] in PREFIXES and unit[1:] in BASES
    return (unit[0], unit[1:]) if is_prefixed else ("", "")
