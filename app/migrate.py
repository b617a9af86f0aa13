"""Alembic without its command line: the schema is brought up to date by one call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config

if TYPE_CHECKING:
    import sqlalchemy as sa

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def configuration(connection: sa.Connection) -> Config:
    """Return Alembic's configuration bound to an open connection."""
    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Migrate up to ``revision``; processes that start together wait for each other."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(720017)")
        command.upgrade(configuration(connection), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Migrate down to ``revision``."""
    with engine.begin() as connection:
        command.downgrade(configuration(connection), revision)
