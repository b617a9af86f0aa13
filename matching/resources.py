"""Read the package's own data files."""

from __future__ import annotations

import csv
from importlib import resources


def read_text(name: str) -> str:
    """Return a data file as text (UTF-8)."""
    return (resources.files("matching.data") / name).read_text(encoding="utf-8")


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV data file, keyed by header; lines beginning with ``#`` are comments."""
    lines = (line for line in read_text(name).splitlines() if line.strip() and not line.startswith("#"))
    return list(csv.DictReader(lines))
