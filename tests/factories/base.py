"""The base of every factory: the smallest valid row, committed in the test's own session."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from factory.alchemy import SQLAlchemyModelFactory
from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


class _Current:
    session: Session | None = None
    depth = 0
    """How many blocks are running that commit at their end."""


def use_session(session: Session | None) -> None:
    """Let every factory write through this session, which keeps what is made in it, whenever garbage is collected."""
    _Current.session, _Current.depth = session, 0
    if session is not None:
        made: list[object] = []
        event.listen(session, "pending_to_persistent", lambda _session, one: made.append(one))


def current() -> Session:
    """Return the session of the running test."""
    if _Current.session is None:
        raise RuntimeError("a factory needs the fixture `session`")
    return _Current.session


@contextmanager
def at_once() -> Iterator[None]:
    """Commit what is written in the block when the outermost one ends: a savepoint for each row takes longer."""
    _Current.depth += 1
    try:
        yield
    finally:
        _Current.depth -= 1
    if _Current.depth == 0:
        current().commit()


class Factory(SQLAlchemyModelFactory):
    """Commits, so that a refused request's rollback leaves the given data alone."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = current
        sqlalchemy_session_persistence = "flush"

    @classmethod
    def create(cls, **kwargs: Any) -> Any:
        """Write a row and those that it needs, then commit."""
        with at_once():
            return super().create(**kwargs)
