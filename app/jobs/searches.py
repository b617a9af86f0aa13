"""Looking for what is new in kept searches, one transaction a search."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core import clock
from app.db import current_session, transaction
from app.saved.finding import look
from app.saved.models import SavedSearch

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

STREAM_SIZE = 500


def look_at_all(progress: Callable[[int, int], None]) -> int:
    """Note what is new in every kept search; return how much that is. One that fails never stops the next."""
    total = current_session().scalar(sa.select(sa.func.count()).select_from(SavedSearch)) or 0
    n_new = 0
    for number, search_id in enumerate(_ids(current_session()), start=1):
        try:
            with transaction() as session:
                search = session.get(SavedSearch, search_id, with_for_update=True)
                n_new += look(session, search, now=clock.now()) if search is not None else 0
        except Exception:
            log.exception("search failed", extra={"search_id": str(search_id)})
        if number % STREAM_SIZE == 0:
            current_session().expunge_all()
            progress(number, max(number, total))
    return n_new


def _ids(session: Session) -> Iterator[uuid.UUID]:
    query = sa.select(SavedSearch.id).order_by(SavedSearch.id).limit(STREAM_SIZE)
    last: uuid.UUID | None = None
    while ids := session.scalars(query if last is None else query.where(SavedSearch.id > last)).all():
        yield from ids
        last = ids[-1]
