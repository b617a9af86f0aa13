"""Needs as pages may show them: what the reader may not see is not in here."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.compliance import Asked
from app.demands import lifecycle, policy
from app.demands.labels import volume_band
from app.demands.workflow import PostingMode, PostingState

if TYPE_CHECKING:
    from app.core.actor import Actor
    from app.demands.models import Need


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One need in a list; ``owner`` is empty when its name is not shown."""

    id: uuid.UUID
    title: str
    state: PostingState
    owner: str
    city_code: str
    terminal_category: str
    end_product: str
    categories: tuple[str, ...]
    quality_grade: str
    n_must: int
    n_wish: int
    review_opinion: str
    updated_at: dt.datetime
    published_at: dt.datetime | None
    sample_by: dt.date | None
    submitted_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NeedView:
    """One need on its page; a confidential value that the reader may not see is None or empty."""

    id: uuid.UUID
    version: int
    kind: str
    mode: PostingMode
    title: str
    state: PostingState
    organization_id: uuid.UUID
    owner: str
    is_owner_shown: bool
    city_code: str
    industry_code: str
    terminal_category: str
    end_product: str
    subsystem: str
    categories: tuple[str, ...]
    use_description: str
    quality_grade: str
    temp_min: float | None
    temp_max: float | None
    qual_standards: tuple[str, ...]
    n_must: int
    n_wish: int
    sees_verified_part: bool
    sees_confidential_part: bool
    params: tuple[Asked, ...]
    package_pref: str
    software_needs: str
    volume_band: str
    annual_volume_kpcs: int | None
    target_price_cny: Decimal | None
    pin_compat_with: str
    current_supply: str
    urgency: int | None
    sample_by: dt.date | None
    sop_on: dt.date | None
    review_opinion: str
    n_returns: int
    submitted_at: dt.datetime | None
    published_at: dt.datetime | None
    closed_at: dt.datetime | None
    steps: tuple[lifecycle.Step, ...]


def need_view(need: Need, actor: Actor) -> NeedView:
    """Return what this actor may see of a need; organisation, parameters and categories must be loaded."""
    owner_id = need.organization_id
    is_own_city = policy.is_own_city(actor, need.organization.city_code)
    sees_verified = is_own_city or policy.sees_verified_part(actor, organization_id=owner_id)
    sees_all = is_own_city or policy.sees_confidential_part(actor, organization_id=owner_id)
    sees_owner = is_own_city or policy.sees_owner(actor, organization_id=owner_id, is_owner_shown=need.is_owner_shown)
    return NeedView(
        id=need.id,
        version=need.version,
        kind=need.kind,
        mode=need.mode,
        title=need.title,
        state=need.state,
        organization_id=owner_id,
        owner=need.organization.legal_name_zh if sees_owner else "",
        is_owner_shown=need.is_owner_shown,
        city_code=need.organization.city_code,
        industry_code=need.organization.industry_code,
        terminal_category=need.terminal_category,
        end_product=need.end_product,
        subsystem=need.subsystem,
        categories=tuple(category.code for category in need.categories),
        use_description=need.use_description,
        quality_grade=need.quality_grade,
        temp_min=need.temp_min,
        temp_max=need.temp_max,
        qual_standards=tuple(need.qual_standards),
        n_must=sum(param.is_must for param in need.params),
        n_wish=sum(not param.is_must for param in need.params),
        sees_verified_part=sees_verified,
        sees_confidential_part=sees_all,
        params=_requirements(need) if sees_verified else (),
        package_pref=need.package_pref if sees_verified else "",
        software_needs=need.software_needs if sees_verified else "",
        volume_band=volume_band(need.annual_volume_kpcs) if sees_verified else "",
        annual_volume_kpcs=need.annual_volume_kpcs if sees_all else None,
        target_price_cny=need.target_price_cny if sees_all else None,
        pin_compat_with=need.pin_compat_with if sees_all else "",
        current_supply=need.current_supply if sees_all else "",
        urgency=need.urgency if sees_all else None,
        sample_by=need.sample_by,
        sop_on=need.sop_on,
        review_opinion=need.review_opinion if sees_all else "",
        n_returns=need.n_returns,
        submitted_at=need.submitted_at,
        published_at=need.published_at,
        closed_at=need.closed_at,
        steps=lifecycle.rail(lifecycle.Dates(need.state, need.submitted_at, need.published_at, need.closed_at)),
    )


def need_line(need: Need, actor: Actor, counts: dict[uuid.UUID, tuple[int, int]]) -> NeedLine:
    """Return one line of a list; ``counts`` holds (musts, wishes) by id."""
    shown = policy.sees_owner(actor, organization_id=need.organization_id, is_owner_shown=need.is_owner_shown)
    n_must, n_wish = counts.get(need.id, (0, 0))
    return NeedLine(
        id=need.id,
        title=need.title,
        state=need.state,
        owner=need.organization.legal_name_zh if shown else "",
        city_code=need.organization.city_code,
        terminal_category=need.terminal_category,
        end_product=need.end_product,
        categories=tuple(category.code for category in need.categories),
        quality_grade=need.quality_grade,
        n_must=n_must,
        n_wish=n_wish,
        review_opinion=need.review_opinion if actor.belongs_to(need.organization_id) else "",
        updated_at=need.updated_at,
        published_at=need.published_at,
        sample_by=need.sample_by,
        submitted_at=need.submitted_at,
    )


def _requirements(need: Need) -> tuple[Asked, ...]:
    """Return the requirements, musts first."""
    rows = [Asked(row.key, row.op, row.value, row.unit, row.is_must, row.condition) for row in need.params]
    return tuple(sorted(rows, key=lambda row: not row.is_must))
