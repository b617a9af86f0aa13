"""Keeping the index in step with what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.search.models import SearchDocument
from app.search.terms import document_terms

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

MAX_VARIABLES = 500


def index_document(session: Session, kind: str, subject_id: uuid.UUID, text: str) -> None:
    """Make one thing findable by the words of ``text``; replaces what was indexed before."""
    index_documents(session, kind, [(subject_id, text)])


def index_documents(session: Session, kind: str, texts: Iterable[tuple[uuid.UUID, str]]) -> None:
    """Make many things findable at once; replaces what was indexed before."""
    tokens = {subject_id: " ".join(document_terms(text)) for subject_id, text in texts}
    ids = list(tokens)
    for start in range(0, len(ids), MAX_VARIABLES):
        batch = ids[start : start + MAX_VARIABLES]
        remove_documents(session, kind, batch)
        rows = [{"kind": kind, "subject_id": one, "tokens": tokens[one]} for one in batch]
        session.execute(sa.insert(SearchDocument), rows)


def remove_document(session: Session, kind: str, subject_id: uuid.UUID) -> None:
    """Make one thing unfindable; no matter whether it was."""
    remove_documents(session, kind, [subject_id])


def remove_documents(session: Session, kind: str, subject_ids: list[uuid.UUID]) -> None:
    """Make up to ``MAX_VARIABLES`` things unfindable."""
    known = sa.and_(SearchDocument.kind == kind, SearchDocument.subject_id.in_(subject_ids))
    session.execute(sa.delete(SearchDocument).where(known).execution_options(synchronize_session=False))
