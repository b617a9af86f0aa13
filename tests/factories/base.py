"""The base of every factory: the smallest valid row, committed in the test's own session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factory.alchemy import SQLAlchemyModelFactory

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class _Current:
    session: Session | None = None


def use_session(session: Session | None) -> None:
    """Let every factory write through this session."""
    _Current.session = session


def current() -> Session:
    """Return the session of the running test."""
    if _Current.session is None:
        raise RuntimeError("a factory needs the fixture `session`")
    return _Current.session


class Factory(SQLAlchemyModelFactory):
    """Commits, so that a refused request's rollback leaves the given data alone."""

    class Meta:
        abstract = True
        sqlalchemy_session_factory = current
        sqlalchemy_session_persistence = "flush"

    @classmethod
    def create(cls, **kwargs: Any) -> Any:
        """Write a row and those that it needs, then commit once: a savepoint for each of them takes longer."""
        made = super().create(**kwargs)
        current().commit()
        return made
