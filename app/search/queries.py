"""Finding by words."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.search.ddl import FTS_TABLE, VECTOR
from app.search.models import SearchDocument
from app.search.terms import query_terms

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def matching_ids(session: Session, kind: str, query: str) -> sa.Select[tuple[uuid.UUID]] | None:
    """Return a SELECT of the ids of what holds every word of ``query``; None when nothing is asked.

    The query is plain words in Chinese or English, no language: operators mean nothing. A query of
    punctuation only finds nothing.
    """
    if not query.strip():
        return None
    terms = query_terms(query)
    found = sa.select(SearchDocument.subject_id).where(SearchDocument.kind == kind)
    if not terms:
        return found.where(sa.false())
    if session.get_bind().dialect.name == "sqlite":
        return found.where(SearchDocument.id.in_(_fts5(terms)))
    return found.where(sa.literal_column(VECTOR).bool_op("@@")(_tsquery(terms)))


def _fts5(terms: list[str]) -> sa.Select[tuple[int]]:
    words = " AND ".join(f'"{term.rstrip("*")}"' + ("*" if term.endswith("*") else "") for term in terms)
    table = sa.table(FTS_TABLE, sa.column("rowid", sa.Integer))
    return sa.select(table.c.rowid).where(sa.column(FTS_TABLE, is_literal=True).bool_op("MATCH")(words))


def _tsquery(terms: list[str]) -> sa.ColumnElement[Any]:
    words = " & ".join(f"'{term.rstrip('*')}'" + (":*" if term.endswith("*") else "") for term in terms)
    return sa.cast(words, cast("Any", postgresql.TSQUERY()))
