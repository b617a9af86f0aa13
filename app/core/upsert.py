"""INSERT with an ON CONFLICT clause, which each database's dialect spells by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def insert_into(session: Session, model: type[Any]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT for the database of this session that can say what happens on a conflict."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(model)
