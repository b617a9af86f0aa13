"""Text on its way out."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def one_line(value: str) -> str:
    """Return a text with every run of white space as one space: a title that somebody typed on several lines."""
    return " ".join(value.split())


def with_zone(time: str, zone: str) -> str:
    """Return a time with its zone behind it; a full-width bracket brings its own space."""
    return time + zone if zone.startswith("（") else f"{time}\u2009{zone}"


def csv_safe(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP: CSV injection); numbers stay numbers."""
    if not value.startswith(_FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return "'" + value
    return value


def csv_line(values: Iterable[object]) -> str:
    """Return one line of CSV (RFC 4180) in which no cell is a formula."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([csv_safe(str(value)) for value in values])
    return buffer.getvalue()


def csv_plain(value: str) -> str:
    """Return what a cell said before ``csv_safe`` disarmed it."""
    return value[1:] if value.startswith("'") and value[1:].startswith(_FORMULA) else value
