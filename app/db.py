"""Engine and session of the portal, and ``transaction()``, the only place that commits."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import has_request_context, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOCK_WAIT_SECONDS = 15
STATEMENTS = 2000
"""Compiled statements that are kept: all of the portal's, which are some 1,500."""

db = SQLAlchemy(session_options={"expire_on_commit": False})


def engine_options(url: str) -> dict[str, Any]:
    """Return what ``create_engine`` needs for this database beside the URL; errors never name the values sent."""
    common = {"hide_parameters": True, "query_cache_size": STATEMENTS}
    if url.startswith("sqlite"):
        # The driver must not begin transactions by itself: see _begin.
        return {**common, "connect_args": {"isolation_level": None, "timeout": LOCK_WAIT_SECONDS}}
    # The driver keeps a hundred prepared statements: of so many it would prepare and forget one after the other.
    without_preparing = {"prepare_threshold": None}
    return {**common, "connect_args": without_preparing, "pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def current_session() -> Session:
    """Return the session of the running request or job; it ends with the application context."""
    return db.session


@contextmanager
def transaction() -> Iterator[Session]:
    """Run the block in one write transaction: all of it is committed, or nothing.

    Whatever was only read before belongs to a finished transaction, so services load what they change
    again, under lock. Raises RuntimeError when changes were made outside of a transaction.
    """
    session = db.session
    if session.info.get("is_writing"):
        raise RuntimeError("transactions do not nest")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("changes were made before the transaction began")
    session.commit()
    session.connection(execution_options={"is_writing": True})
    session.info["is_writing"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("is_writing", None)


@event.listens_for(sa.Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")


@event.listens_for(sa.Engine, "begin")
def _begin(connection: sa.Connection) -> None:
    """Take SQLite's single write lock at the start of a write: upgrading a read in mid-way can only fail."""
    if connection.dialect.name == "sqlite":
        is_writing = connection.get_execution_options().get("is_writing") or _request_may_write()
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def _request_may_write() -> bool:
    """Account pages write through Flask-Security, which knows nothing of ``transaction()``."""
    return has_request_context() and request.method not in SAFE_METHODS and request.blueprint == "security"
