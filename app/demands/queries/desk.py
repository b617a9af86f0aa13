"""Everything that was handed in and waits for the authority: needs and challenges alike."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands import policy
from app.demands.models import Need, NeedCategory
from app.demands.queries.needs import within
from app.demands.rules import review_due
from app.demands.workflow import PostingMode, PostingState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

PAGE_SIZE = 50
KINDS = ("need", "challenge")
MISSING = "There is no such posting, or it has not been handed in."


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """How the queue is narrowed; empty values do not narrow."""

    kind: str = ""
    city: str = ""
    category: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One posting that waits, and until when it is to be answered."""

    id: uuid.UUID
    kind: str
    mode: PostingMode
    title: str
    owner: str
    is_owner_shown: bool
    city_code: str
    categories: tuple[str, ...]
    n_returns: int
    submitted_at: dt.datetime
    due_at: dt.datetime


def queue(session: Session, *, actor: Actor, wanted: QueueFilter, page: int) -> Page[QueueRow]:
    """Return one page of what waits, oldest first, in three queries. Raises NotAllowed."""
    policy.can_see_queue(actor).enforce()
    query = (
        select(Need)
        .join(Need.organization)
        .where(*_waiting(wanted))
        .order_by(Need.submitted_at, Need.id)
        .options(joinedload(Need.organization, innerjoin=True), selectinload(Need.categories))
    )
    return paginate(session, query, number=page, size=PAGE_SIZE).map(_row)


def kind_counts(session: Session) -> dict[str, int]:
    """Return how many postings of each kind wait."""
    query = select(Need.kind, func.count()).where(Need.state == PostingState.SUBMITTED).group_by(Need.kind)
    return dict(session.execute(query).tuples().all())


def kind_of(session: Session, *, actor: Actor, posting_id: uuid.UUID) -> str:
    """Return whether a posting is a need or a challenge; raise NotFound for what the desk may not see."""
    policy.can_see_queue(actor).enforce()
    query = select(Need.kind, Need.state, Need.organization_id).where(Need.id == posting_id)
    row = session.execute(query).one_or_none()
    if row is None or not policy.can_read(actor, organization_id=row.organization_id, state=row.state):
        raise NotFound(MISSING, code="posting_not_found")
    return str(row.kind)


def next_waiting(session: Session, *, after: uuid.UUID) -> uuid.UUID | None:
    """Return the posting behind this one in the queue, from the front again after the last; None when none waits."""
    here = select(Need.submitted_at).where(Need.id == after).scalar_subquery()
    is_behind = or_(Need.submitted_at > here, and_(Need.submitted_at == here, Need.id > after))
    waiting = select(Need.id).where(Need.state == PostingState.SUBMITTED, Need.id != after)
    ordered = waiting.order_by(Need.submitted_at, Need.id).limit(1)
    return session.scalar(ordered.where(is_behind)) or session.scalar(ordered)


def _waiting(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Need.state == PostingState.SUBMITTED]
    if wanted.kind:
        conditions.append(Need.kind == wanted.kind)
    if wanted.city:
        conditions.append(Organization.city_code == wanted.city)
    if wanted.category:
        chosen = select(NeedCategory.need_id).where(within(NeedCategory.code, (wanted.category,)))
        conditions.append(Need.id.in_(chosen))
    if wanted.text:
        names = Organization.legal_name_zh.contains(wanted.text, autoescape=True)
        conditions.append(names | Need.title.icontains(wanted.text, autoescape=True))
    return conditions


def _row(need: Need) -> QueueRow:
    submitted_at = need.submitted_at or need.updated_at
    return QueueRow(
        id=need.id,
        kind=need.kind,
        mode=need.mode,
        title=need.title,
        owner=need.organization.legal_name_zh,
        is_owner_shown=need.is_owner_shown,
        city_code=need.organization.city_code,
        categories=tuple(category.code for category in need.categories),
        n_returns=need.n_returns,
        submitted_at=submitted_at,
        due_at=review_due(submitted_at),
    )
