"""What the page of kept searches shows."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import User
from app.core.paging import Page, paginate_rows
from app.saved.addresses import path
from app.saved.models import SavedSearch, SavedSearchFind, SearchKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class SearchLine:
    """One search that a person keeps, or that a colleague shares."""

    id: uuid.UUID
    kind: SearchKind
    title: str
    query: str
    is_shared: bool
    has_mail: bool
    owner: str
    is_own: bool
    n_found: int
    last_found_at: dt.datetime | None

    @property
    def path(self) -> str:
        """The address of the list under this search."""
        return path(self.kind, self.query)


def searches(session: Session, *, actor: Actor, page: int) -> Page[SearchLine]:
    """Return one page of the searches that the actor keeps or shares, in two queries."""
    finds = (
        sa.select(
            SavedSearchFind.search_id,
            sa.func.count().label("n"),
            sa.func.max(SavedSearchFind.found_at).label("last"),
        )
        .group_by(SavedSearchFind.search_id)
        .subquery()
    )
    shared = sa.and_(SavedSearch.is_shared, SavedSearch.organization_id == actor.organization_id)
    query = (
        sa.select(SavedSearch, User.name, finds.c.n, finds.c.last)
        .join(User, User.id == SavedSearch.user_id)
        .outerjoin(finds, finds.c.search_id == SavedSearch.id)
        .where(sa.or_(SavedSearch.user_id == actor.user_id, shared))
        .order_by(SavedSearch.created_at.desc(), SavedSearch.id)
    )
    return paginate_rows(session, query, number=page).map(
        lambda row: SearchLine(
            id=row[0].id,
            kind=row[0].kind,
            title=row[0].title,
            query=row[0].query,
            is_shared=row[0].is_shared,
            has_mail=row[0].has_mail,
            owner=row[1],
            is_own=row[0].user_id == actor.user_id,
            n_found=row[2] or 0,
            last_found_at=row[3],
        )
    )


def n_of_category(session: Session, code: str) -> int:
    """Return how many kept searches ask for a category, chips or end products."""
    is_asked = sa.or_(*(SavedSearch.query.contains(f"{name}={code}") for name in ("category", "terminal")))
    return session.scalar(sa.select(sa.func.count()).select_from(SavedSearch).where(is_asked)) or 0
