"""The full-text index of each database, kept in step by the database itself.

SQLite: an FTS5 table without content of its own, fed by triggers. PostgreSQL: a GIN index over an expression.
Terms arrive cut and folded, so neither parser shall cut them again: ``_`` counts as a letter in FTS5, and
``array_to_tsvector`` takes the words as they are where ``to_tsvector('simple', …)`` would take part numbers apart.
"""

from __future__ import annotations

FTS_TABLE = "search_documents_fts"
VECTOR = "array_to_tsvector(string_to_array(tokens, ' '))"
"""The indexed expression on PostgreSQL; a query must write it in the same way."""

_REMOVE = f"INSERT INTO {FTS_TABLE} ({FTS_TABLE}, rowid, tokens) VALUES ('delete', old.id, old.tokens);"  # noqa: S608
_ADD = f"INSERT INTO {FTS_TABLE} (rowid, tokens) VALUES (new.id, new.tokens);"  # noqa: S608
_CREATE = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE {FTS_TABLE} USING fts5(tokens, content='search_documents', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\", prefix='2 3')",
        f"CREATE TRIGGER search_documents_added AFTER INSERT ON search_documents BEGIN {_ADD} END",
        f"CREATE TRIGGER search_documents_removed AFTER DELETE ON search_documents BEGIN {_REMOVE} END",
        f"CREATE TRIGGER search_documents_changed AFTER UPDATE ON search_documents BEGIN {_REMOVE} {_ADD} END",
    ],
    "postgresql": [f"CREATE INDEX ix_search_documents_terms ON search_documents USING gin ({VECTOR})"],
}
_DROP = {
    "sqlite": [
        "DROP TRIGGER search_documents_changed",
        "DROP TRIGGER search_documents_removed",
        "DROP TRIGGER search_documents_added",
        f"DROP TABLE {FTS_TABLE}",
    ],
    "postgresql": ["DROP INDEX ix_search_documents_terms"],
}


def create(dialect: str) -> list[str]:
    """Return the statements to run after ``search_documents`` was created."""
    return list(_CREATE[dialect])


def drop(dialect: str) -> list[str]:
    """Return the statements to run before ``search_documents`` is dropped."""
    return list(_DROP[dialect])


def is_generated(name: str) -> bool:
    """Return whether a table or index belongs to the full-text index, which no model describes."""
    return name.startswith(FTS_TABLE) or name == "ix_search_documents_terms"
