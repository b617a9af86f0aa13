"""What the pins of a part do, as people write it: one pin a line, or set apart by semicolons, ``1 VCC; 2 GND``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TEXT = 40_000
_ENTRY = re.compile(r"([A-Za-z]{0,2}\d{1,4}|EP|PAD)(?:\s+|\s*[:：=,，、]\s*)(\S.*)", re.IGNORECASE)
_THERMAL = ("EP", "PAD")
"""The pad below, which is on no count of pins."""
UNREADABLE = "Write every pin with what it does, such as 1 VCC, one a line or set apart by semicolons."
TWICE = "A pin is named twice."
TOO_MANY = "More pins are named than the part has."


def read(text: str) -> dict[str, str]:
    """Return the function of each pin, by its number (``1``, ``A12``, ``EP``) in capitals.

    Raises ValueError, whose text is a message for the writer, when an entry cannot be read or a pin stands twice.
    """
    found: dict[str, str] = {}
    for pin, function in _entries(text):
        if pin in found:
            raise ValueError(TWICE)
        found[pin] = function
    return found


def fault(text: str, pins: int | None) -> str:
    """Return what is wrong with the pins of a part that has ``pins`` of them; empty when nothing is."""
    try:
        found = read(text)
    except ValueError as error:
        return str(error)
    n_counted = sum(pin not in _THERMAL for pin in found)
    return TOO_MANY if pins is not None and n_counted > pins else ""


def _entries(text: str) -> Iterator[tuple[str, str]]:
    for entry in filter(None, map(str.strip, re.split(r"[\n;；]", text))):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise ValueError(UNREADABLE)
        yield match[1].upper(), match[2]
