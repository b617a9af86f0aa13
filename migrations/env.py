"""Runs the migrations on the connection that ``app.migrate`` opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from alembic import context

from app.core.models import Amount, UtcDateTime
from app.core.sealing import BoxedJson
from app.search.ddl import is_generated
from app.tables import metadata

if TYPE_CHECKING:
    import sqlalchemy as sa


def _include(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Leave the full-text tables of SQLite to the hand-written migration."""
    return not (kind in ("table", "index") and name is not None and is_generated(name))


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types as what they are in the database, so that a migration needs no code of today."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Amount):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(item, BoxedJson):
        return "sa.LargeBinary()"
    return False


def run(connection: sa.Connection) -> None:
    """Migrate, or compare, this connection's schema."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render,
        include_object=_include,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
