"""What a reader finds in a text, apart from digits that happen to stand in identifiers and hashes."""

from __future__ import annotations

import re
from decimal import Decimal

_PARTED = re.compile(r"(?<=\d)[,\u2009](?=\d{3}(?!\d))")
_NUMBER = re.compile(r"(?<![\w.-])\d+(?:\.\d+)?(?![\w-])")


def tells(text: str, number: str) -> bool:
    """Return whether a number of this value stands in a text, however it is written."""
    found = _NUMBER.findall(_PARTED.sub("", text))
    return Decimal(number) in map(Decimal, found)
