"""What is new in searches that people keep."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.catalog.queries.filters import read_wanted
from app.catalog.queries.listing import published_between as products_between
from app.challenges.queries.lists import published_between as challenges_between
from app.challenges.queries.lists import read_filter as challenge_filter
from app.core.upsert import insert_into
from app.demands.queries.needs import published_between as needs_between
from app.demands.queries.needs import read_filter as need_filter
from app.saved.addresses import asked
from app.saved.models import SavedSearch, SavedSearchFind, SearchKind

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

MOST_AT_ONCE = 200
"""More results of one search since it was last looked at are nobody's news."""


@dataclass(frozen=True, slots=True)
class Found:
    """One result."""

    id: uuid.UUID
    title: str
    note: str


def look(session: Session, search: SavedSearch, *, now: dt.datetime) -> int:
    """Note what was published since a search was last looked at; return how much that is."""
    found = _found(session, search, now)[:MOST_AT_ONCE]
    search.looked_until = now
    if not found:
        return 0
    rows = [
        {
            "id": uuid.uuid4(),
            "search_id": search.id,
            "subject_id": one.id,
            "title": one.title[:200],
            "note": one.note[:200],
            "found_at": now,
        }
        for one in found
    ]
    fresh = insert_into(session, SavedSearchFind).on_conflict_do_nothing(index_elements=["search_id", "subject_id"])
    return len(session.scalars(fresh.returning(SavedSearchFind.id), rows).all())


def _found(session: Session, search: SavedSearch, now: dt.datetime) -> list[Found]:
    args, since = MultiDict(asked(search.kind, search.query)), search.looked_until
    query: sa.Select[tuple[uuid.UUID, str, str]]
    if search.kind is SearchKind.PRODUCTS:
        query = products_between(session, wanted=read_wanted(args), since=since, until=now)
    elif search.kind is SearchKind.NEEDS:
        query = needs_between(session, wanted=need_filter(args), since=since, until=now)
    else:
        query = challenges_between(session, wanted=challenge_filter(args), since=since, until=now)
    return [Found(*row) for row in session.execute(query.limit(MOST_AT_ONCE))]
