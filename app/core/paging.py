"""One page of a long list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import Session

T = TypeVar("T")
U = TypeVar("U")
PAGE_SIZE = 20
MAX_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Items ``(number - 1) * size …`` of ``total``; ``number`` starts at 1."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def has_prev(self) -> bool:
        """Whether an earlier page exists."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether a later page exists."""
        return self.number < self.pages

    @property
    def first_index(self) -> int:
        """Position of the first item shown, from 1; 0 when the list is empty."""
        return (self.number - 1) * self.size + 1 if self.items else 0

    @property
    def last_index(self) -> int:
        """Position of the last item shown."""
        return (self.number - 1) * self.size + len(self.items)

    def map(self, view: Callable[[T], U]) -> Page[U]:
        """Return the same page with every item turned into a view object."""
        return Page([view(item) for item in self.items], self.number, self.size, self.total)


def paginate(session: Session, query: sa.Select[tuple[T]], *, number: int, size: int = PAGE_SIZE) -> Page[T]:
    """Return one page of entities in two queries; a number past the end gives the last page."""
    total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(max(1, number), max(1, -(-total // size)), MAX_PAGE)
    rows = session.scalars(query.limit(size).offset((number - 1) * size)).unique().all() if total else []
    return Page(rows, number, size, total)


def paginate_rows(session: Session, query: sa.Select[Any], *, number: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Return one page of rows of several columns in two queries; a number past the end gives the last page."""
    total = session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(max(1, number), max(1, -(-total // size)), MAX_PAGE)
    rows = session.execute(query.limit(size).offset((number - 1) * size)).all() if total else []
    return Page(rows, number, size, total)
