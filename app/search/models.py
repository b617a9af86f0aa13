"""What can be found by words."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Model
from app.search import ddl


class SearchDocument(Model):
    """The terms of one thing; the full-text index over them belongs to the database (``app.search.ddl``)."""

    __tablename__ = "search_documents"
    __table_args__ = (sa.UniqueConstraint("kind", "subject_id"),)

    id: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    kind: Mapped[str] = mapped_column(sa.String(40))
    """``product``, ``need``, ``organization`` …"""
    subject_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid)
    tokens: Mapped[str] = mapped_column(sa.Text)
    """Terms of ``app.search.terms``, each once, separated by single blanks."""


@sa.event.listens_for(SearchDocument.__table__, "after_create")
def _after_create(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    for statement in ddl.create(connection.dialect.name):
        connection.exec_driver_sql(statement)


@sa.event.listens_for(SearchDocument.__table__, "before_drop")
def _before_drop(_table: sa.Table, connection: sa.Connection, **_: object) -> None:
    for statement in ddl.drop(connection.dialect.name):
        connection.exec_driver_sql(statement)
