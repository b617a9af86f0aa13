"""What the home page shows."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Organization
from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.challenges.models import Challenge
from app.demands.models import Need, NeedCategory
from app.demands.workflow import PostingMode, PostingState
from app.matchmaking.models import Pairing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """How much there is on the portal."""

    open_challenges: int
    open_needs: int
    products: int
    companies: int
    introductions: int


@dataclass(frozen=True, slots=True)
class OpenChallenge:
    """A challenge that takes bids."""

    id: uuid.UUID
    title: str
    owner: str
    city_code: str
    terminal_category: str
    reward_total_wan: Decimal | None
    bid_deadline_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NewNeed:
    """A need published lately."""

    id: uuid.UUID
    title: str
    owner: str
    city_code: str
    terminal_category: str
    published_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product published lately."""

    id: uuid.UUID
    part_number: str
    name: str
    firm: str
    category: str
    lifecycle_stage: str


@dataclass(frozen=True, slots=True)
class Balance:
    """Open demand and published supply of one first-level chip category."""

    code: str
    n_needs: int
    n_products: int
    n_firms: int


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything on the home page."""

    figures: Figures
    challenges: list[OpenChallenge]
    needs: list[NewNeed]
    products: list[NewProduct]
    balances: list[Balance]


def home_page(session: Session, *, now: dt.datetime) -> HomePage:
    """Return what is going on, in six queries."""
    return HomePage(
        figures=_figures(session, now),
        challenges=_challenges(session, now),
        needs=_needs(session),
        products=_products(session),
        balances=balances(session),
    )


def balances(session: Session) -> list[Balance]:
    """Return demand beside supply for every category that has either, most demanded first."""
    level1 = func.substr(NeedCategory.code, 1, 3)
    demand = dict(
        session.execute(
            select(level1, func.count(func.distinct(NeedCategory.need_id)))
            .join(Need, Need.id == NeedCategory.need_id)
            .where(Need.state == PostingState.PUBLISHED)
            .group_by(level1)
        )
        .tuples()
        .all()
    )
    category = func.substr(ChipProduct.category, 1, 3)
    supply = {
        code: (n_products, n_firms)
        for code, n_products, n_firms in session.execute(
            select(category, func.count(), func.count(func.distinct(ChipProduct.organization_id)))
            .where(ChipProduct.state == ProductState.PUBLISHED)
            .group_by(category)
        )
    }
    rows = [Balance(code, demand.get(code, 0), *supply.get(code, (0, 0))) for code in demand.keys() | supply.keys()]
    return sorted(rows, key=lambda row: (-row.n_needs, row.code))


def _figures(session: Session, now: dt.datetime) -> Figures:
    row = session.execute(
        select(
            select(func.count())
            .select_from(Challenge)
            .where(Need.state == PostingState.PUBLISHED, Challenge.bid_deadline_at > now)
            .scalar_subquery(),
            select(func.count(Need.id))
            .where(Need.mode == PostingMode.MATCHING_NEED, Need.state == PostingState.PUBLISHED)
            .scalar_subquery(),
            select(func.count(ChipProduct.id)).where(ChipProduct.state == ProductState.PUBLISHED).scalar_subquery(),
            select(func.count(Organization.id)).where(Organization.verified_at.is_not(None)).scalar_subquery(),
            select(func.count(Pairing.id)).where(Pairing.introduced_at.is_not(None)).scalar_subquery(),
        )
    ).one()
    return Figures(*row)


def _challenges(session: Session, now: dt.datetime) -> list[OpenChallenge]:
    query = (
        select(Challenge)
        .where(Challenge.state == PostingState.PUBLISHED, Challenge.bid_deadline_at > now)
        .options(joinedload(Challenge.organization, innerjoin=True))
        .order_by(Challenge.bid_deadline_at)
        .limit(SHOWN)
    )
    return [
        OpenChallenge(
            id=challenge.id,
            title=challenge.title,
            owner=challenge.organization.legal_name_zh if challenge.is_owner_shown else "",
            city_code=challenge.organization.city_code,
            terminal_category=challenge.terminal_category,
            reward_total_wan=challenge.reward_total_wan,
            bid_deadline_at=challenge.bid_deadline_at,
        )
        for challenge in session.scalars(query).unique()
    ]


def _needs(session: Session) -> list[NewNeed]:
    query = (
        select(Need)
        .where(Need.mode == PostingMode.MATCHING_NEED, Need.state == PostingState.PUBLISHED)
        .options(joinedload(Need.organization, innerjoin=True))
        .order_by(Need.published_at.desc(), Need.id)
        .limit(SHOWN)
    )
    return [
        NewNeed(
            id=need.id,
            title=need.title,
            owner=need.organization.legal_name_zh if need.is_owner_shown else "",
            city_code=need.organization.city_code,
            terminal_category=need.terminal_category,
            published_at=need.published_at,
        )
        for need in session.scalars(query).unique()
    ]


def _products(session: Session) -> list[NewProduct]:
    query = (
        select(ChipProduct)
        .where(ChipProduct.state == ProductState.PUBLISHED)
        .options(joinedload(ChipProduct.organization, innerjoin=True))
        .order_by(ChipProduct.published_at.desc(), ChipProduct.id)
        .limit(SHOWN)
    )
    return [
        NewProduct(
            id=product.id,
            part_number=product.part_number,
            name=product.name,
            firm=product.organization.legal_name_zh,
            category=product.category,
            lifecycle_stage=product.lifecycle_stage,
        )
        for product in session.scalars(query).unique()
    ]
