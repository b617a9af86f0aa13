"""What nobody may read while a competition is sealed: rows carry its id, and whoever lists rows leaves them out.

A row about a bid tells by its mere existence that somebody bids, so that it is not masked but left out of every
list, count and export. Readers of the database pass by every list: what a row would tell them, who acts for which
firm above all, is stored in boxes and as tags only (``app.core.box``).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import mapped_column

from app.core import box

if TYPE_CHECKING:
    from collections.abc import Callable

SealedBy = Annotated[uuid.UUID | None, mapped_column(sa.Uuid)]
"""Id of the competition that keeps a row from everybody; empty: no competition does."""


class BoxedJson(sa.TypeDecorator[Any]):
    """A JSON object that the database holds in a box only; ``about`` names table and column.

    A box that another key locked reads as an empty object: one row of the past must not stop what reads many.
    """

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> bytes | None:
        """Lock; nothing stays nothing."""
        return None if value is None else box.lock_json(value, about=self.about)

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> Any:
        """Unlock; nothing stays nothing."""
        try:
            return None if value is None else box.unlock_json(bytes(value), about=self.about)
        except box.BoxError:
            return {}


class _Rule:
    running: Callable[[], sa.Select[tuple[uuid.UUID]]] | None = None


def register_competitions(running: Callable[[], sa.Select[tuple[uuid.UUID]]]) -> None:
    """Let ``running`` select the ids of the competitions that are still sealed."""
    _Rule.running = running


def is_readable(sealed_by: Any) -> sa.ColumnElement[bool]:
    """Return the condition under which a row with this column may be listed, counted or opened.

    While nobody has said which competitions run, every row that belongs to one is kept back.
    """
    if _Rule.running is None:
        return sa.and_(sealed_by.is_(None))
    return sa.or_(sealed_by.is_(None), sealed_by.not_in(_Rule.running()))
