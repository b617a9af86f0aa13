"""What time it is for deadlines: the database's answer, which no web server's clock can bend."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.core.models import UtcDateTime

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class _Clock(FunctionElement[dt.datetime]):
    type = UtcDateTime()
    inherit_cache = True


@compiles(_Clock)
def _standard(element: _Clock, compiler: Any, **_: Any) -> str:
    return "CURRENT_TIMESTAMP"


@compiles(_Clock, "postgresql")
def _postgresql(element: _Clock, compiler: Any, **_: Any) -> str:
    # CURRENT_TIMESTAMP is when the transaction began: a request that waited for a lock would look punctual.
    return "clock_timestamp()"


@compiles(_Clock, "sqlite")
def _sqlite(element: _Clock, compiler: Any, **_: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"


def database_clock() -> sa.ColumnElement[dt.datetime]:
    """Return the database server's current instant as part of a statement."""
    return _Clock()


def database_now(session: Session) -> dt.datetime:
    """Return the database server's current instant, aware, to the millisecond at least."""
    instant = session.scalar(sa.select(_Clock()))
    if instant is None:
        raise RuntimeError("the database does not tell the time")
    return instant
