"""Finding by words."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from app.search.ddl import FTS_TABLE, VECTOR
from app.search.models import SearchDocument
from app.search.terms import query_words

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.search.terms import Wanted


def matching_ids(session: Session, kind: str, query: str) -> sa.Select[tuple[uuid.UUID]] | None:
    """Return a SELECT of the ids of what holds every word of ``query``, or what it means; None when nothing is asked.

    The query is plain words in Chinese or English, no language: operators mean nothing. A query of
    punctuation only finds nothing.
    """
    if not query.strip():
        return None
    words = query_words(query)
    found = sa.select(SearchDocument.subject_id).where(SearchDocument.kind == kind)
    if not words:
        return found.where(sa.false())
    if session.get_bind().dialect.name == "sqlite":
        return found.where(SearchDocument.id.in_(_fts5(words)))
    return found.where(sa.literal_column(VECTOR).bool_op("@@")(_tsquery(words)))


def _fts5(words: list[Wanted]) -> sa.Select[tuple[int]]:
    sought = _sought(words, quote='"', begins="*", both=" AND ", either=" OR ")
    table = sa.table(FTS_TABLE, sa.column("rowid", sa.Integer))
    return sa.select(table.c.rowid).where(sa.column(FTS_TABLE, is_literal=True).bool_op("MATCH")(sought))


def _tsquery(words: list[Wanted]) -> sa.ColumnElement[Any]:
    sought = _sought(words, quote="'", begins=":*", both=" & ", either=" | ")
    return sa.cast(sought, cast("Any", postgresql.TSQUERY()))


def _sought(words: list[Wanted], *, quote: str, begins: str, both: str, either: str) -> str:
    """Write what is wanted in a query language."""

    def spell(term: str) -> str:
        return f"{quote}{term.rstrip('*')}{quote}" + (begins if term.endswith("*") else "")

    def group(word: Wanted) -> str:
        spelt = [f"({both.join(map(spell, terms))})" for terms in (word.terms, *word.others)]
        return f"({either.join([*spelt, *map(spell, word.meanings)])})"

    return both.join(map(group, words))
