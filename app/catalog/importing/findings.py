"""What a dry run says about a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one cell, or with a row when the file lacks the column.

    ``fix`` is what the portal reads instead when the person agrees; None when nobody can know.
    """

    kind: str
    sheet: str
    row: int
    column: str
    """Header of the column."""
    cell: str
    """Name of the cell, ``D5``; empty when the file has no such column."""
    message: str
    value: str = ""
    fix: str | None = None
    is_blocking: bool = True
    """Whether the row cannot be taken over like this; the rest is worth knowing."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a cell by itself, before anybody knows which one it is."""

    kind: str
    message: str
    fix: str | None = None
