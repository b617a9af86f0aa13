"""What the pages about suggestions and pairings show."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Organization, User
from app.catalog.models import ChipProduct
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands.models import Need
from app.matchmaking import policy
from app.matchmaking.models import Exclusion, MatchRun, QueueView, Suggestion
from app.matchmaking.workflow import WAITING, SuggestionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

QUEUE_SIZE = 30
FITS = ("met", "unknown", "violated")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """How the queue is narrowed; empty values do not narrow."""

    state: SuggestionState = SuggestionState.SUGGESTED
    category: str = ""
    terminal: str = ""
    city: str = ""
    fit: str = ""
    need_id: uuid.UUID | None = None
    text: str = ""
    sort: str = "score"


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """One line of the queue."""

    id: uuid.UUID
    state: SuggestionState
    need_id: uuid.UUID
    need_title: str
    demand_name: str
    is_owner_shown: bool
    categories: tuple[str, ...]
    product_id: uuid.UUID
    product_name: str
    part_number: str
    supplier_name: str
    supplier_city: str
    score: float
    rank: int
    musts: Mapping[str, int]
    n_musts: int
    reasons: Mapping[str, Any]
    model_version: str
    computed_at: dt.datetime
    decided_at: dt.datetime | None
    reason_code: str
    is_need_open: bool
    is_pinned: bool
    deferred_until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Gone:
    """A suggestion that somebody decided, or the model withdrew, while it was selected."""

    state: SuggestionState
    need_title: str
    supplier_name: str
    decided_by: str | None
    decided_at: dt.datetime | None


def queue(session: Session, *, actor: Actor, wanted: QueueFilter, page: int) -> Page[SuggestionRow]:
    """Return one page of the queue, in four queries."""
    policy.can_see_queue(actor).enforce()
    found = paginate(session, _sorted(_narrowed(wanted), wanted.sort), number=page, size=QUEUE_SIZE)
    return found.map(_row)


def rows_by_id(session: Session, *, actor: Actor, ids: Sequence[uuid.UUID]) -> list[SuggestionRow]:
    """Return the named suggestions that still wait, for the preview of a bulk decision."""
    policy.can_see_queue(actor).enforce()
    query = _base().where(Suggestion.id.in_(ids), Suggestion.state.in_(WAITING))
    return [_row(suggestion) for suggestion in session.scalars(_sorted(query, "need")).unique()]


def decided_by(session: Session, suggestion: Suggestion) -> str:
    """Return the name of who decided on a suggestion; nothing while nobody has."""
    if suggestion.decided_by is None:
        return ""
    return session.scalar(select(User.name).where(User.id == suggestion.decided_by)) or ""


def decided_meanwhile(session: Session, *, actor: Actor, ids: Sequence[uuid.UUID]) -> list[Gone]:
    """Return those of the named suggestions that wait no more, with who decided and when, in one query."""
    policy.can_see_queue(actor).enforce()
    query = (
        select(
            Suggestion.state, Need.title, Organization.legal_name_zh, User.name, Suggestion.decided_at,
        )
        .join(Suggestion.need)
        .join(Organization, Organization.id == Suggestion.supplier_id)
        .outerjoin(User, User.id == Suggestion.decided_by)
        .where(Suggestion.id.in_(ids), Suggestion.state.not_in(WAITING))
        .order_by(Need.title, Suggestion.id)
    )  # fmt: skip
    return [Gone(*row) for row in session.execute(query)]


def state_counts(session: Session) -> dict[SuggestionState, int]:
    """Return how many suggestions stand in each state."""
    rows = session.execute(select(Suggestion.state, func.count()).group_by(Suggestion.state))
    return dict(rows.tuples().all())


def category_counts(session: Session) -> dict[str, int]:
    """Return how many waiting suggestions concern each first-level chip category."""
    code = func.substr(ChipProduct.category, 1, 3)
    rows = session.execute(
        select(code, func.count())
        .join(Suggestion, Suggestion.product_id == ChipProduct.id)
        .where(Suggestion.state == SuggestionState.SUGGESTED)
        .group_by(code)
    )
    return dict(rows.tuples().all())


def next_waiting(session: Session, *, after: Suggestion) -> uuid.UUID | None:
    """Return the suggestion that follows in the queue, pinned ones first, then by score; None at its end."""
    is_behind = or_(Suggestion.score < after.score, and_(Suggestion.score == after.score, Suggestion.id > after.id))
    follows = and_(Suggestion.is_pinned.is_(after.is_pinned), is_behind)
    return session.scalar(
        select(Suggestion.id)
        .where(
            Suggestion.state == SuggestionState.SUGGESTED,
            or_(follows, Suggestion.is_pinned.is_(False)) if after.is_pinned else follows,
        )
        .order_by(Suggestion.is_pinned.desc(), Suggestion.score.desc(), Suggestion.id)
        .limit(1)
    )


def suggestion_for_desk(session: Session, *, actor: Actor, suggestion_id: uuid.UUID) -> Suggestion:
    """Return one suggestion with all that its card shows; raise NotFound."""
    policy.can_see_queue(actor).enforce()
    query = (
        _base()
        .options(
            contains_eager(Suggestion.need).selectinload(Need.params),
            contains_eager(Suggestion.product).selectinload(ChipProduct.params),
        )
        .where(Suggestion.id == suggestion_id)
    )
    suggestion = session.scalars(query).unique().one_or_none()
    if suggestion is None:
        raise NotFound("There is no such suggestion.", code="not_found")
    return suggestion


def other_firms(session: Session, *, suggestion: Suggestion) -> list[SuggestionRow]:
    """Return the other standing or decided suggestions of the same need, best first, in two queries."""
    query = _base().where(
        Suggestion.need_id == suggestion.need_id,
        Suggestion.id != suggestion.id,
        Suggestion.state != SuggestionState.WITHDRAWN,
    )
    return [_row(other) for other in session.scalars(query.order_by(Suggestion.rank, Suggestion.id)).unique()]


def views_of(session: Session, *, actor: Actor) -> Sequence[QueueView]:
    """Return the actor's saved views of the queue, by name, in one query."""
    query = select(QueueView).where(QueueView.user_id == actor.user_id).order_by(QueueView.name)
    return session.scalars(query).all()


def exclusions(session: Session, *, actor: Actor, page: int) -> Page[Exclusion]:
    """Return one page of the pairs that are left out, newest first."""
    policy.can_see_queue(actor).enforce()
    query = select(Exclusion).options(
        joinedload(Exclusion.demand, innerjoin=True), joinedload(Exclusion.supplier, innerjoin=True)
    )
    return paginate(session, query.order_by(Exclusion.created_at.desc(), Exclusion.id), number=page)


def last_run(session: Session) -> MatchRun | None:
    """Return the newest computation."""
    return session.scalars(select(MatchRun).order_by(MatchRun.started_at.desc()).limit(1)).first()


def _base() -> Select[tuple[Suggestion]]:
    return (
        select(Suggestion)
        .join(Suggestion.need)
        .join(Suggestion.supplier)
        .join(Suggestion.product)
        .options(
            contains_eager(Suggestion.need).joinedload(Need.organization, innerjoin=True),
            contains_eager(Suggestion.need).selectinload(Need.categories),
            contains_eager(Suggestion.supplier),
            contains_eager(Suggestion.product),
        )
    )


def _narrowed(wanted: QueueFilter) -> Select[tuple[Suggestion]]:
    query = _base().where(Suggestion.state == wanted.state)
    if wanted.need_id is not None:
        query = query.where(Suggestion.need_id == wanted.need_id)
    if wanted.category:
        query = query.where(ChipProduct.category.startswith(wanted.category, autoescape=True))
    if wanted.terminal:
        query = query.where(Need.terminal_category.startswith(wanted.terminal, autoescape=True))
    if wanted.city:
        query = query.where(Organization.city_code == wanted.city)
    if wanted.text:
        has_text = [
            column.icontains(wanted.text, autoescape=True)
            for column in (Need.title, Organization.legal_name_zh, ChipProduct.part_number, ChipProduct.name)
        ]
        query = query.where(or_(*has_text))
    return query.where(*_fit(wanted.fit))


def _fit(fit: str) -> list[Any]:
    if fit == "met":
        return [Suggestion.n_musts_met == Suggestion.n_musts]
    if fit == "unknown":
        return [Suggestion.n_musts_violated == 0, Suggestion.n_musts_unknown > 0]
    return [Suggestion.n_musts_violated > 0] if fit == "violated" else []


def _sorted(query: Select[tuple[Suggestion]], sort: str) -> Select[tuple[Suggestion]]:
    query = query.order_by(Suggestion.is_pinned.desc())
    if sort == "newest":
        return query.order_by(Suggestion.computed_at.desc(), Suggestion.id)
    if sort == "need":
        return query.order_by(Need.title, Suggestion.need_id, Suggestion.rank, Suggestion.id)
    return query.order_by(Suggestion.score.desc(), Suggestion.id)


def _row(suggestion: Suggestion) -> SuggestionRow:
    need, product, supplier = suggestion.need, suggestion.product, suggestion.supplier
    return SuggestionRow(
        id=suggestion.id,
        state=suggestion.state,
        need_id=need.id,
        need_title=need.title,
        demand_name=need.organization.legal_name_zh,
        is_owner_shown=need.is_owner_shown,
        categories=tuple(category.code for category in need.categories),
        product_id=product.id,
        product_name=product.name,
        part_number=product.part_number,
        supplier_name=supplier.legal_name_zh,
        supplier_city=supplier.city_code,
        score=suggestion.score,
        rank=suggestion.rank,
        musts={
            "met": suggestion.n_musts_met,
            "violated": suggestion.n_musts_violated,
            "unknown": suggestion.n_musts_unknown,
        },
        n_musts=suggestion.n_musts,
        reasons=suggestion.reasons,
        model_version=suggestion.model_version,
        computed_at=suggestion.computed_at,
        decided_at=suggestion.decided_at,
        reason_code=suggestion.reason_code,
        is_need_open=need.state == "published",
        is_pinned=suggestion.is_pinned,
        deferred_until=suggestion.deferred_until,
    )
