"""Rows of programmes into commands and back."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.challenges.commands import Criterion, SaveProgramme

if TYPE_CHECKING:
    from app.challenges.models import Programme

_SHAPED = {"review_weights", "quota", "budget_multiple", "cash_percent", "required_roles", "version"}
PLAIN = tuple(field.name for field in fields(SaveProgramme) if field.name not in _SHAPED)
"""Fields that command and row call by the same name."""


def columns_of(command: SaveProgramme) -> dict[str, Any]:
    """Return a command as the row stores it."""
    return {
        **{name: getattr(command, name) for name in PLAIN},
        "review_weights": [{"code": c.code, "name": c.name, "max": c.max} for c in command.review_weights],
        "quota": dict(command.quota),
        "co_funding": _co_funding(command),
        "required_roles": list(command.required_roles),
    }


def filled_programme(programme: Programme) -> SaveProgramme:
    """Return the command that would write this row."""
    multiple = programme.co_funding.get("budget_multiple")
    return SaveProgramme(
        **{name: getattr(programme, name) for name in PLAIN},
        review_weights=tuple(Criterion(c["code"], c["name"], c["max"]) for c in programme.review_weights),
        quota=tuple((body, int(number)) for body, number in programme.quota.items()),
        budget_multiple=None if multiple is None else Decimal(multiple),
        cash_percent=programme.co_funding.get("cash_percent"),
        required_roles=tuple(programme.required_roles),
        version=programme.version,
    )


def _co_funding(command: SaveProgramme) -> dict[str, Any]:
    """Return the rules of a grant; a multiple stays exact as text."""
    rules = {"budget_multiple": command.budget_multiple, "cash_percent": command.cash_percent}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in rules.items() if value is not None
    }
