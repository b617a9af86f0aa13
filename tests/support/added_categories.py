"""A category that the desk has added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.matchmaking import service
from app.matchmaking.commands import AddCategory
from tests.factories.accounts import officer
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.matchmaking.models import CategoryChange

ADDED = "C0451"
"""The code of the first one below power management."""
SUPPLY = AddCategory("C04", "佐布拉供电", "Zorblax supply", ("vin", "iq"))


def add(session: Session, command: AddCategory = SUPPLY) -> CategoryChange:
    """Add a category as an officer does."""
    return service.add_category(session, actor=officer().as_actor(), command=command, now=NOON)
