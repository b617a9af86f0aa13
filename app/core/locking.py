"""Rows loaded to be changed: whoever holds the lock decides, whoever waits sees the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from app.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

T = TypeVar("T")


def lock_one(
    session: Session,
    query: Select[tuple[T]],
    *,
    of: Sequence[type[Any]],
    missing: str,
    code: str = "not_found",
    is_shared: bool = False,
) -> T:
    """Load the one row of ``query`` FOR UPDATE, fresh from the database.

    ``is_shared`` lets others hold the same lock: nobody changes the row meanwhile, and readers of this kind do
    not wait for each other. SQLite has no row locks; there the whole transaction already holds the write lock.
    Raises NotFound with the message ``missing``.
    """
    fresh = query.with_for_update(read=is_shared, of=list(of)).execution_options(populate_existing=True)
    row = session.scalars(fresh).unique().one_or_none()
    if row is None:
        raise NotFound(missing, code=code)
    return row
