"""What nobody may read while a competition runs: rows carry its id, and whoever lists rows leaves them out.

A row about a bid tells by its mere existence that somebody bids, so that it is not masked but left out of every
list, count and export until the deadline has passed by the database's clock.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

if TYPE_CHECKING:
    from collections.abc import Callable

SealedBy = Annotated[uuid.UUID | None, mapped_column(sa.Uuid)]
"""Id of the competition that keeps a row from everybody; empty: no competition does."""


class _Rule:
    running: Callable[[], sa.Select[tuple[uuid.UUID]]] | None = None


def register_competitions(running: Callable[[], sa.Select[tuple[uuid.UUID]]]) -> None:
    """Let ``running`` select the ids of the competitions whose deadline has not passed."""
    _Rule.running = running


def is_readable(sealed_by: Any) -> sa.ColumnElement[bool]:
    """Return the condition under which a row with this column may be listed, counted or opened.

    While nobody has said which competitions run, every row that belongs to one is kept back.
    """
    if _Rule.running is None:
        return sa.and_(sealed_by.is_(None))
    return sa.or_(sealed_by.is_(None), sealed_by.not_in(_Rule.running()))
