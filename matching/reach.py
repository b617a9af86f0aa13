"""How far an offered range reaches where at least so much is asked: what can be set counts to its top."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matching.parameters import parameter_kind
from matching.quantities import Quantity
from matching.units import LEVEL_DIMENSIONS, dimension_of

#: A range of these is what can be set or is supported: its upper end is what is reached.
REACHING = frozenset(
    {"adc_bits", "adc_rate", "balance_i", "bits", "cascade_rate", "charge_i_max", "clk", "dram_max", "drive_i", "fps"}
    | {"freq", "gain", "iout_max", "isospi_rate", "led_i", "odr", "pga_max", "phy_rate", "rate", "refresh"}
    | {"report_rate", "speed", "sps", "tj_max", "tx_power"}
)
#: A range this wide is a range to set, not a tolerance: twice as much, so many decibels or degrees.
_WIDE, _WIDE_LEVEL, _WIDE_TEMPERATURE = 2.0, 6.0, 60.0


def reach(key: str, offer: Quantity) -> Quantity:
    """Return what an offer reaches: ±8 kV withstands 8 kV, 0~3 A can be set to 3 A, -20~8 dBm to 8 dBm."""
    if offer.max is None or offer.min is None:
        return offer
    if dimension_of(offer.unit) == "temperature" and key not in REACHING:
        return offer
    if is_settable(key) and _is_wide(key, offer.min, offer.max, offer.unit):
        return Quantity(offer.max, None, None, offer.unit)
    if not offer.max or dimension_of(offer.unit) in LEVEL_DIMENSIONS:
        return offer
    if offer.min == -offer.max and offer.typ is None:
        return Quantity(offer.max, None, None, offer.unit)
    return offer if offer.min else Quantity(None, offer.typ, offer.max, offer.unit)


def may_reach(key: str, low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell of which offers ``reach`` may say something else, by their two ends, NaN for none."""
    spans = ~np.isnan(low) & ~np.isnan(high) & is_settable(key)
    found: NDArray[np.bool_] = (low == -high) | (low == 0) | spans
    return found


def is_settable(key: str) -> bool:
    """Tell whether a parameter's two ends are what it can be set to or is used in, not what is guaranteed."""
    kind = parameter_kind(key)
    return key in REACHING or (kind is not None and kind.kind == "range")


def _is_wide(key: str, low: float, high: float, unit: str) -> bool:
    """Tell whether two ends are a range to set rather than a tolerance."""
    if key not in REACHING:
        return low < high and low != -high
    if dimension_of(unit) == "temperature":
        return high - low >= _WIDE_TEMPERATURE
    return high - low >= _WIDE_LEVEL if dimension_of(unit) in LEVEL_DIMENSIONS else high >= _WIDE * low > 0
