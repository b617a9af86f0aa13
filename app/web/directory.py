"""The companies of the portal as everybody may find and read them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization, OrganizationCategory
from app.accounts.queries.views import Company, PublicCompany, company, public_company
from app.catalog.models import ChipProduct
from app.catalog.queries.cards import ProductCard, product_card
from app.catalog.workflow import ProductState
from app.core.actor import Capacity
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands.models import Need
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such company, or its page is not public yet."
SIDES: dict[str, Any] = {
    Capacity.DEMAND: Organization.is_demand,
    Capacity.SUPPLY: Organization.is_supply,
    Capacity.SERVICE: Organization.is_service,
}
ORDERS: dict[str, tuple[Any, ...]] = {
    "newest": (Organization.verified_at.desc(), Organization.id),
    "name": (Organization.legal_name_zh, Organization.id),
}
OFFERED = (ChipProduct.state == ProductState.PUBLISHED,)
OPEN = (Need.state == PostingState.PUBLISHED, Need.is_owner_shown.is_(True))
"""What a company posts without its name must not be found through its page either."""


@dataclass(frozen=True, slots=True)
class DirectoryFilter:
    """How the list is narrowed; empty values do not narrow."""

    text: str = ""
    side: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    chip: tuple[str, ...] = ()
    terminal: tuple[str, ...] = ()
    sort: str = "newest"


FACETS = ("side", "city", "chip", "terminal")


@dataclass(frozen=True, slots=True)
class CompanyLine:
    """One company of the list with what it has to show."""

    company: PublicCompany
    n_products: int
    n_postings: int


@dataclass(frozen=True, slots=True)
class Posting:
    """A need or challenge that a company shows under its name."""

    id: uuid.UUID
    kind: str
    title: str
    terminal_category: str
    end_product: str
    published_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """One company as the reader may see it."""

    company: PublicCompany
    figures: Company | None
    """Staff and revenue band; None for readers who may not see them."""
    counts: dict[str, int]
    """How many products, needs and challenges it shows."""


def company_list(session: Session, *, wanted: DirectoryFilter, page: int) -> Page[CompanyLine]:
    """Return one page of the verified companies, in six queries."""
    query = (
        _narrowed(select(Organization), wanted)
        .options(selectinload(Organization.categories), selectinload(Organization.labels))
        .order_by(*ORDERS.get(wanted.sort, ORDERS["newest"]))
    )
    found = paginate(session, query, number=page)
    ids = [row.id for row in found.items]
    products = _counted(session, ChipProduct.organization_id, ids, OFFERED)
    postings = _counted(session, Need.organization_id, ids, OPEN)
    return found.map(lambda row: CompanyLine(public_company(row), products.get(row.id, 0), postings.get(row.id, 0)))


def facet_counts(session: Session, wanted: DirectoryFilter) -> dict[str, dict[str, int]]:
    """Count every value of every facet in one query; a facet is not narrowed by its own choice."""
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for facet, value, number in session.execute(sa.union_all(*_count_queries(wanted))):
        if value and number:
            counts[facet][value] = number
    return counts


def company_page(session: Session, *, actor: Actor, organization_id: uuid.UUID) -> CompanyPage:
    """Return one company; raise NotFound for one that is not verified, except to its own people and the desk."""
    row = session.scalars(
        select(Organization)
        .where(Organization.id == organization_id)
        .options(selectinload(Organization.categories), selectinload(Organization.labels))
    ).one_or_none()
    is_insider = actor.is_staff or actor.belongs_to(organization_id)
    if row is None or not (row.is_verified or is_insider):
        raise NotFound(MISSING, code="company_not_found")
    return CompanyPage(
        company=public_company(row),
        figures=company(row) if is_insider or actor.is_verified else None,
        counts=_tab_counts(session, organization_id),
    )


def products_of(session: Session, organization_id: uuid.UUID, *, page: int, today: dt.date) -> Page[ProductCard]:
    """Return one page of the products a company shows, in three queries."""
    query = (
        select(ChipProduct)
        .where(ChipProduct.organization_id == organization_id, *OFFERED)
        .options(joinedload(ChipProduct.organization, innerjoin=True), selectinload(ChipProduct.params))
        .order_by(ChipProduct.category, ChipProduct.part_number, ChipProduct.id)
    )
    return paginate(session, query, number=page).map(lambda product: product_card(product, today))


def postings_of(session: Session, organization_id: uuid.UUID, kind: str, *, page: int) -> Page[Posting]:
    """Return one page of the open needs or challenges that a company shows under its name, newest first."""
    query = (
        select(Need)
        .where(Need.organization_id == organization_id, Need.kind == kind, *OPEN)
        .order_by(Need.published_at.desc(), Need.id)
    )
    return paginate(session, query, number=page).map(
        lambda need: Posting(
            need.id, need.kind, need.title, need.terminal_category, need.end_product, need.published_at
        )
    )


def _narrowed(query: sa.Select[Any], wanted: DirectoryFilter, *, but: str = "") -> sa.Select[Any]:
    query = query.where(Organization.verified_at.is_not(None))
    if wanted.text:
        query = query.where(
            Organization.legal_name_zh.contains(wanted.text, autoescape=True)
            | Organization.name_en.icontains(wanted.text, autoescape=True)
            | Organization.uscc.startswith(wanted.text.upper(), autoescape=True)
        )
    if wanted.side and but != "side":
        query = query.where(sa.or_(sa.false(), *(SIDES[side] for side in wanted.side if side in SIDES)))
    if wanted.city and but != "city":
        query = query.where(Organization.city_code.in_(wanted.city))
    for facet in ("chip", "terminal"):
        codes: tuple[str, ...] = getattr(wanted, facet)
        if codes and but != facet:
            has_one = sa.or_(*(OrganizationCategory.code.startswith(code, autoescape=True) for code in codes))
            query = query.where(Organization.id.in_(select(OrganizationCategory.organization_id).where(has_one)))
    return query


def _count_queries(wanted: DirectoryFilter) -> list[sa.Select[Any]]:
    def of(facet: str, value: Any, number: Any) -> sa.Select[Any]:
        columns = select(sa.literal(facet).label("facet"), value.label("value"), number.label("n"))
        return _narrowed(columns.select_from(Organization), wanted, but=facet)

    group = func.substr(OrganizationCategory.code, 1, 3)
    companies = func.count(func.distinct(Organization.id))
    own = OrganizationCategory.organization_id == Organization.id
    sides = [of("side", sa.literal(str(side)), func.count()).where(flag) for side, flag in SIDES.items()]
    city = of("city", Organization.city_code, func.count()).group_by(Organization.city_code)
    groups = [
        of(facet, group, companies)
        .join(OrganizationCategory, own)
        .where(OrganizationCategory.code.startswith(letter))
        .group_by(group)
        for facet, letter in (("chip", "C"), ("terminal", "T"))
    ]
    return [*sides, city, *groups]


def _counted(session: Session, owner: Any, ids: Sequence[uuid.UUID], conditions: tuple[Any, ...]) -> dict[Any, int]:
    query = select(owner, func.count()).where(owner.in_(ids), *conditions).group_by(owner)
    return dict(session.execute(query).tuples().all()) if ids else {}


def _tab_counts(session: Session, organization_id: uuid.UUID) -> dict[str, int]:
    offered = select(func.count()).where(ChipProduct.organization_id == organization_id, *OFFERED).scalar_subquery()
    posted = [
        select(func.count())
        .select_from(Need)
        .where(Need.organization_id == organization_id, Need.kind == kind, *OPEN)
        .scalar_subquery()
        for kind in ("need", "challenge")
    ]
    products, needs, challenges = session.execute(select(offered, *posted)).one()
    return {"products": products, "needs": needs, "challenges": challenges}
