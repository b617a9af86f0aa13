"""Finding needs."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands import labels, policy
from app.demands.commands import SaveNeed
from app.demands.content import filled
from app.demands.models import Need, NeedCategory, NeedParam
from app.demands.queries.views import NeedLine, NeedView, need_line, need_view
from app.demands.workflow import PostingState
from app.search.queries import matching_ids
from app.taxonomy import lists

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy.orm import Session
    from werkzeug.datastructures import MultiDict

    from app.core.actor import Actor

MAX_QUERY = 200
MISSING = "There is no such need, or it is not public."
FACETS = ("terminal", "category", "city", "grade")
OPEN = (Need.kind == "need", Need.state == PostingState.PUBLISHED)
N_SIMILAR = 4
TABS = {
    "all": tuple(PostingState),
    "draft": (PostingState.DRAFT, PostingState.RETURNED),
    "submitted": (PostingState.SUBMITTED,),
    "published": (PostingState.PUBLISHED,),
    "ended": (PostingState.CLOSED, PostingState.CANCELLED),
}


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """How the public list is narrowed; empty values do not narrow."""

    text: str = ""
    terminal: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    sort: str = "new"


CODES = {
    "terminal": lists.terminal_categories,
    "category": lists.chip_categories,
    "city": lists.cities,
    "grade": lists.quality_grades,
}
"""The codes that each facet of the public list knows."""


def read_filter(args: MultiDict[str, str]) -> NeedFilter:
    """Return what the query of an address asks for; codes that do not exist ask for nothing."""
    asked = {name: [codes.current(code) for code in args.getlist(name)] for name, codes in CODES.items()}
    chosen = {name: tuple(code for code in dict.fromkeys(asked[name]) if code in CODES[name]) for name in CODES}
    sort = args.get("sort", "")
    return NeedFilter(
        text=args.get("q", "").strip()[:MAX_QUERY], sort=sort if sort in labels.SORTS else "new", **chosen
    )


def published_between(
    session: Session, *, wanted: NeedFilter, since: dt.datetime, until: dt.datetime
) -> Select[tuple[uuid.UUID, str, str]]:
    """Select id, title and nothing more of the wanted needs that were published after ``since``."""
    found = select(Need.id, Need.title, literal("")).join(Need.organization).where(*_conditions(session, wanted))
    return found.where(Need.published_at > since, Need.published_at <= until).order_by(*_order("new"))


def public_needs(session: Session, *, actor: Actor, wanted: NeedFilter, page: int) -> Page[NeedLine]:
    """Return one page of the open needs, in four queries."""
    query = select(Need).join(Need.organization).where(*_conditions(session, wanted)).order_by(*_order(wanted.sort))
    return _lines(session, actor, query, page)


def facet_counts(session: Session, *, wanted: NeedFilter) -> dict[str, Counter[str]]:
    """Return how many needs each value of each facet would show, all other facets kept; in four queries."""
    terminal, category = func.substr(Need.terminal_category, 1, 3), func.substr(NeedCategory.code, 1, 3)
    number, distinct = func.count(), func.count(func.distinct(Need.id))
    counted: dict[str, Select[Any]] = {
        "terminal": select(terminal, number).group_by(terminal),
        "category": select(category, distinct).group_by(category),
        "city": select(Organization.city_code, number).group_by(Organization.city_code),
        "grade": select(Need.quality_grade, number).group_by(Need.quality_grade),
    }
    counts = {}
    for name, query in counted.items():
        source = query.select_from(Need).join(Need.organization)
        source = source.join(Need.categories) if name == "category" else source
        rows = session.execute(source.where(*_conditions(session, wanted, without=name)))
        counts[name] = Counter({value: n for value, n in rows if value})
    return counts


def similar_needs(session: Session, *, actor: Actor, need: NeedView) -> list[NeedLine]:
    """Return a few other open needs that share a chip category, newest first."""
    alike = select(NeedCategory.need_id).where(NeedCategory.code.in_(need.categories))
    query = (
        select(Need)
        .where(*OPEN, Need.id != need.id, Need.id.in_(alike))
        .order_by(Need.published_at.desc(), Need.id)
        .limit(N_SIMILAR)
        .options(joinedload(Need.organization, innerjoin=True), selectinload(Need.categories))
    )
    return [need_line(row, actor, {}) for row in session.scalars(query).unique()]


def need_page(session: Session, *, actor: Actor, need_id: uuid.UUID) -> NeedView:
    """Return one need as the actor may see it; raise NotFound when that is not at all."""
    return need_view(_load(session, actor, need_id), actor)


def need_form(session: Session, *, actor: Actor, need_id: uuid.UUID) -> tuple[NeedView, SaveNeed]:
    """Return one of the actor's own needs and what its form holds; raise NotFound."""
    need = _load(session, actor, need_id)
    if not actor.belongs_to(need.organization_id):
        raise NotFound(MISSING, code="need_not_found")
    return need_view(need, actor), filled(need)


def my_needs(session: Session, *, actor: Actor, tab: str, page: int) -> Page[NeedLine]:
    """Return one page of the needs of the actor's company, last changed first."""
    query = (
        select(Need)
        .where(Need.kind == "need", Need.organization_id == actor.organization_id, Need.state.in_(TABS[tab]))
        .order_by(Need.updated_at.desc(), Need.id)
    )
    return _lines(session, actor, query, page)


def tab_counts(session: Session, *, actor: Actor, kind: str = "need") -> dict[str, int]:
    """Return how many postings of the actor's company stand under each tab."""
    query = (
        select(Need.state, func.count())
        .where(Need.kind == kind, Need.organization_id == actor.organization_id)
        .group_by(Need.state)
    )
    states = dict(session.execute(query).tuples().all())
    return {tab: sum(states.get(state, 0) for state in members) for tab, members in TABS.items()}


def param_counts(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Return (musts, wishes) of each posting."""
    query = select(NeedParam.need_id, NeedParam.is_must, func.count()).where(NeedParam.need_id.in_(ids))
    counts: dict[uuid.UUID, tuple[int, int]] = {}
    for need_id, is_must, number in session.execute(query.group_by(NeedParam.need_id, NeedParam.is_must)):
        n_must, n_wish = counts.get(need_id, (0, 0))
        counts[need_id] = (n_must + number, n_wish) if is_must else (n_must, n_wish + number)
    return counts


def within(column: Any, codes: Sequence[str]) -> Any:
    """Return the condition that a code is one of ``codes`` or below one of them."""
    return or_(*(column.startswith(code, autoescape=True) for code in codes))


def _order(sort: str) -> tuple[Any, ...]:
    by_samples = (Need.sample_by.is_(None), Need.sample_by, Need.id)
    return by_samples if sort == "samples" else (Need.published_at.desc(), Need.id)


def _conditions(session: Session, wanted: NeedFilter, without: str = "") -> list[ColumnElement[bool]]:
    """Return what an open need must fulfil to be wanted; ``without`` names a facet that does not count."""
    conditions = list(OPEN)
    found = matching_ids(session, "need", wanted.text)
    if found is not None:
        conditions.append(Need.id.in_(found))
    if wanted.terminal and without != "terminal":
        conditions.append(within(Need.terminal_category, wanted.terminal))
    if wanted.category and without != "category":
        chosen = select(NeedCategory.need_id).where(within(NeedCategory.code, wanted.category))
        conditions.append(Need.id.in_(chosen))
    if wanted.city and without != "city":
        conditions.append(Organization.city_code.in_(wanted.city))
    if wanted.grade and without != "grade":
        conditions.append(Need.quality_grade.in_(wanted.grade))
    return conditions


def _lines(session: Session, actor: Actor, query: Select[tuple[Need]], page: int) -> Page[NeedLine]:
    loaded = query.options(joinedload(Need.organization, innerjoin=True), selectinload(Need.categories))
    found = paginate(session, loaded, number=page)
    counts = param_counts(session, [need.id for need in found.items])
    return found.map(lambda need: need_line(need, actor, counts))


def _load(session: Session, actor: Actor, need_id: uuid.UUID) -> Need:
    query = (
        select(Need)
        .where(Need.id == need_id, Need.kind == "need")
        .options(
            joinedload(Need.organization, innerjoin=True),
            selectinload(Need.params),
            selectinload(Need.categories),
        )
    )
    need = session.scalars(query).unique().one_or_none()
    if need is None or not policy.can_read(actor, organization_id=need.organization_id, state=need.state):
        raise NotFound(MISSING, code="need_not_found")
    return need
