"""Values whose size counts: errors to either side, and losses, which people write with or without the minus."""

from __future__ import annotations

import re
from functools import cache

from matching.parameters import parameter_kind
from matching.quantities import Quantity
from matching.units import LEVEL_DIMENSIONS, dimension_of

_ERROR = re.compile(r"±|失调|漂|非线性|调整率")
_LOSS = re.compile(r"损耗|抑制|失真|降噪|误差矢量|loss|rejection|ACLR|THD", re.IGNORECASE)
_TURNED = {"": "", ">=": "<=", "<=": ">="}


@cache
def is_error(key: str) -> bool:
    """Tell whether a parameter is an error to either side, whose size counts: -1~0.3 is as bad as ±1."""
    kind = parameter_kind(key)
    return kind is not None and _ERROR.search(kind.name_zh) is not None


@cache
def loss_sign(key: str) -> int:
    """Return the sign with which the dictionary writes a loss or a ratio, 0 for what is none."""
    kind = parameter_kind(key)
    if kind is None or kind.sane_min is None or not _LOSS.search(f"{kind.name_zh} {kind.name_en}"):
        return 0
    return -1 if kind.sane_min < 0 else 1


def size(error: Quantity) -> Quantity:
    """Return the size of an error that is stated with its sign."""
    ends = [abs(end) for end in (error.min, error.max) if end is not None]
    typical = None if error.typ is None else abs(error.typ)
    return Quantity(None, typical, max(ends, default=None), error.unit)


def with_usual_sign(key: str, value: Quantity) -> Quantity:
    """Return a loss with the sign of the dictionary: an insertion loss of -0.5 dB is one of 0.5 dB."""
    if not is_against_sign(key, value):
        return value
    low, typical, high = (None if end is None else -end for end in (value.max, value.typ, value.min))
    return Quantity(low, typical, high, value.unit, _TURNED[value.comparator])  # type: ignore[arg-type]


def is_against_sign(key: str, value: Quantity) -> bool:
    """Tell whether a loss is written with the other sign than in the dictionary."""
    sign = loss_sign(key)
    if not sign or dimension_of(value.unit) not in LEVEL_DIMENSIONS:
        return False
    return any(value.values) and all(end * sign <= 0 for end in value.values)
