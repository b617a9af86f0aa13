"""The catalogue as one page of cards with the counts of its facets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization
from app.catalog import codes
from app.catalog.content import SEARCH_KIND
from app.catalog.measures import in_base
from app.catalog.models import ChipProduct, ProductParam
from app.catalog.queries.cards import ProductCard, product_card
from app.catalog.queries.filters import FACETS, Condition, UnreadableCondition, Wanted
from app.catalog.workflow import ProductState
from app.core.paging import Page, paginate
from app.search.queries import matching_ids

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

EQUAL = 1e-9
"""Share by which two numbers may differ and still be the same: what unit conversion rounds away."""
TOUCH = 1e-6
"""Kelvin by which two temperatures may differ and still be the same."""
COLUMNS: dict[str, Any] = {
    "category": ChipProduct.category,
    "grade": ChipProduct.quality_grade,
    "stage": ChipProduct.lifecycle_stage,
    "city": Organization.city_code,
    "sample": sa.case((ChipProduct.is_sample_available.is_(True), "yes"), else_="no"),
    "safety": ChipProduct.functional_safety,
}
ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (ChipProduct.published_at.desc(), ChipProduct.id),
    "part_number": (ChipProduct.part_number, ChipProduct.id),
    "category": (ChipProduct.category, ChipProduct.part_number, ChipProduct.id),
    "confirmed": (ChipProduct.confirmed_on.desc().nulls_last(), ChipProduct.id),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """One page, and how many products each value of each facet would give."""

    page: Page[ProductCard]
    counts: dict[str, dict[str, int]]
    unreadable: dict[Condition, str]
    """Conditions that could not be applied, with the reason."""
    firm_name: str
    """Of the firm the list is narrowed to, as far as it has a product here."""


def product_listing(session: Session, *, wanted: Wanted, page: int, today: dt.date) -> Listing:
    """Return a page of the public catalogue in four queries."""
    unreadable = {c: reason for c in wanted.conditions if (reason := _why_unreadable(c))}
    query = (
        _narrowed(session, wanted, select(ChipProduct), but=None)
        .options(joinedload(ChipProduct.organization, innerjoin=True), selectinload(ChipProduct.params))
        .order_by(*ORDERS.get(wanted.sort, ORDERS["newest"]))
    )
    found = paginate(session, query, number=page)
    first = [condition.key for condition in wanted.conditions]
    cards = found.map(lambda product: product_card(product, today, first))
    firm_name = cards.items[0].firm_name if wanted.firm and cards.items else ""
    return Listing(cards, _facet_counts(session, wanted), unreadable, firm_name)


def published_between(
    session: Session, *, wanted: Wanted, since: dt.datetime, until: dt.datetime
) -> sa.Select[tuple[uuid.UUID, str, str]]:
    """Select id, part number with name, and firm of the wanted products that were published after ``since``."""
    found = select(
        ChipProduct.id, ChipProduct.part_number + " " + ChipProduct.name, Organization.legal_name_zh
    ).select_from(ChipProduct)
    if not wanted.chosen("city"):
        found = found.join(Organization, Organization.id == ChipProduct.organization_id)
    news = (ChipProduct.published_at > since, ChipProduct.published_at <= until)
    return _narrowed(session, wanted, found, but=None).where(*news).order_by(*ORDERS["newest"])


def _facet_counts(session: Session, wanted: Wanted) -> dict[str, dict[str, int]]:
    """Count every value of every facet in one query; a facet is not narrowed by its own choice."""
    parts = []
    for facet in FACETS:
        columns = select(sa.literal(facet).label("facet"), COLUMNS[facet].label("value"), func.count().label("n"))
        query = _narrowed(session, wanted, columns.select_from(ChipProduct), but=facet, is_count=True)
        parts.append(query.group_by(COLUMNS[facet]))
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for facet, value, n in session.execute(sa.union_all(*parts)):
        if value:
            counts[facet][value] = n
    return counts


def _narrowed(
    session: Session, wanted: Wanted, query: sa.Select[Any], *, but: str | None, is_count: bool = False
) -> sa.Select[Any]:
    if (is_count and but == "city") or (wanted.chosen("city") and but != "city"):
        query = query.join(Organization, Organization.id == ChipProduct.organization_id)
    query = query.where(ChipProduct.state == ProductState.PUBLISHED)
    found = matching_ids(session, SEARCH_KIND, wanted.q)
    if found is not None:
        query = query.where(ChipProduct.id.in_(found))
    for facet in FACETS:
        if facet != but and wanted.chosen(facet):
            query = query.where(_chosen(facet, wanted.chosen(facet)))
    if wanted.firm is not None:
        query = query.where(ChipProduct.organization_id == wanted.firm)
    for condition in wanted.conditions:
        if not _why_unreadable(condition):
            query = query.where(_met(condition))
    return query


def _met(condition: Condition) -> sa.ColumnElement[bool]:
    """Return whether a sheet meets a condition; the operating temperature is a field of its own."""
    if condition.key != "temp" or condition.op == "has":
        return ChipProduct.id.in_(_having(condition))
    low, high, _ = condition.bounds()
    zero, _ = in_base(0.0, "℃")
    coldest, hottest = ChipProduct.temp_min + zero <= low + TOUCH, ChipProduct.temp_max + zero >= high - TOUCH
    return {"<=": coldest, ">=": hottest}.get(condition.op, sa.and_(coldest, hottest))


def _chosen(facet: str, values: tuple[str, ...]) -> sa.ColumnElement[bool]:
    if facet != "category":
        return COLUMNS[facet].in_(values)
    leaves = {value for value in values if codes.is_leaf_category(value)}
    tops = {value for value in values if value not in leaves} - {leaf[:3] for leaf in leaves}
    wanted = leaves | {child.code for top in tops for child in codes.children(top)}
    return ChipProduct.category.in_(sorted(wanted))


def _why_unreadable(condition: Condition) -> str:
    if condition.op == "has":
        return ""
    try:
        condition.bounds()
    except UnreadableCondition as error:
        return str(error)
    return ""


def _having(condition: Condition) -> sa.Select[Any]:
    """Return the products whose sheet meets a condition; a sheet that does not state the value does not."""
    rows = select(ProductParam.product_id).where(ProductParam.key == condition.key)
    if condition.op == "has":
        inside = func.lower("|" + ProductParam.value_text + "|")
        return rows.where(inside.contains("|" + condition.value.lower() + "|", autoescape=True))
    low, high, dimension = condition.bounds()
    return rows.where(ProductParam.dimension == dimension, _compared(condition, low, high))


def _compared(condition: Condition, low: float, high: float) -> sa.ColumnElement[bool]:
    """Compare at the guaranteed end of a value; a range (input voltage) by how far it reaches."""
    slack = EQUAL * max(abs(low), abs(high))
    least, most = ProductParam.base_low, ProductParam.base_high
    kind = codes.parameter_kind(condition.key)
    if kind is not None and (kind.kind == "range" or kind.op == "covers"):
        least, most = most, least
    if condition.op == ">=":
        return least >= low - slack
    if condition.op == "<=":
        return most <= high + slack
    return sa.and_(ProductParam.base_low <= low + slack, ProductParam.base_high >= high - slack)
