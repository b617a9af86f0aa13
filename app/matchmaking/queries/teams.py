"""What a team for a posting is made from: its requirements, who may not take part, and whom the owner knows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization
from app.challenges.models import Challenge, KpiVisibility
from app.compliance import Asked
from app.compliance.requirements import flaw_of, normal_unit, normal_value
from app.core.errors import NotFound
from app.demands.models import Need
from app.demands.policy import can_read, sees_confidential_part
from app.demands.workflow import PostingState
from app.matchmaking import policy, sheets
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import UNDER_WAY, PairingState, SuggestionState
from matching.records import Requirement

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.orm import Session

    from app.challenges.models import Kpi
    from app.core.actor import Actor
    from matching.records import Need as NeedRecord

MAX_PARTNERS = 4
CONFLICT = "conflict"
"""Reason of a rejection that holds for every posting of the owner."""


@dataclass(frozen=True, slots=True)
class TeamPosting:
    """The need or challenge that a team is sought for."""

    id: uuid.UUID
    title: str
    is_challenge: bool
    is_open: bool
    owner_id: uuid.UUID
    record: NeedRecord
    max_partners: int
    """Beside the lead; 0 where the challenge takes no consortium."""
    n_hidden: int
    """Indicators left out because the reader may not know them yet."""


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Who may not take part, and who has worked with the owner before."""

    barred: frozenset[str]
    known: frozenset[str]


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm as a team names it."""

    id: str
    name: str
    name_en: str
    city_code: str
    legal_rep: str


def team_posting(session: Session, *, actor: Actor, need_id: uuid.UUID) -> TeamPosting:
    """Return what a team is sought for. Raises NotFound, or NotAllowed for whoever is neither owner nor desk."""
    need = session.scalars(
        select(Need).where(Need.id == need_id).options(selectinload(Need.params), selectinload(Need.categories))
    ).one_or_none()
    if need is None or not can_read(actor, organization_id=need.organization_id, state=need.state):
        raise NotFound("There is no such posting.", code="need_not_found")
    policy.can_see_team(actor, demand_id=need.organization_id).enforce()
    record, max_partners, n_hidden = sheets.to_need(need), MAX_PARTNERS, 0
    challenge = _challenge(session, need)
    if challenge is not None:
        is_told = sees_confidential_part(actor, organization_id=need.organization_id)
        kpis = [kpi for kpi in challenge.kpis if is_told or kpi.visibility is KpiVisibility.PUBLIC]
        record, n_hidden = _with_indicators(record, kpis), len(challenge.kpis) - len(kpis)
        max_partners = _max_partners(challenge)
    return TeamPosting(
        id=need.id,
        title=need.title,
        is_challenge=challenge is not None,
        is_open=need.state is PostingState.PUBLISHED,
        owner_id=need.organization_id,
        record=record,
        max_partners=max_partners,
        n_hidden=n_hidden,
    )


def exclusions(session: Session, posting: TeamPosting) -> Exclusions:
    """Return who was turned down here, or for a conflict on any posting of the owner, and whom the owner knows."""
    rejected = select(Suggestion.supplier_id).where(
        Suggestion.state == SuggestionState.REJECTED,
        or_(
            Suggestion.need_id == posting.id,
            (Suggestion.reason_code == CONFLICT)
            & Suggestion.need_id.in_(select(Need.id).where(Need.organization_id == posting.owner_id)),
        ),
    )
    declined = select(Pairing.supplier_id).where(Pairing.need_id == posting.id, Pairing.state == PairingState.DECLINED)
    known = select(Pairing.supplier_id).where(Pairing.demand_id == posting.owner_id, Pairing.state.in_(UNDER_WAY))
    barred = {str(posting.owner_id), *map(str, session.scalars(rejected.union(declined)))}
    return Exclusions(frozenset(barred), frozenset(map(str, session.scalars(known.distinct()))))


def firms(session: Session, ids: Collection[str]) -> dict[str, Firm]:
    """Return firms by id."""
    wanted = [uuid.UUID(one) for one in ids]
    columns = (
        Organization.id, Organization.legal_name_zh, Organization.name_en, Organization.city_code,
        Organization.legal_rep,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Organization.id.in_(wanted)))
    return {str(row[0]): Firm(str(row[0]), *row[1:]) for row in rows}


def apart(found: Mapping[str, Firm]) -> set[tuple[str, str]]:
    """Return the pairs of firms under one legal representative: they would be one partner under two names."""
    by_person: dict[str, list[str]] = {}
    for firm in found.values():
        if firm.legal_rep.strip():
            by_person.setdefault(firm.legal_rep.strip(), []).append(firm.id)
    return {pair for ids in by_person.values() for pair in combinations(sorted(ids), 2)}


def _challenge(session: Session, need: Need) -> Challenge | None:
    if not isinstance(need, Challenge):
        return None
    query = select(Challenge).where(Challenge.id == need.id).execution_options(populate_existing=True)
    query = query.options(
        selectinload(Challenge.kpis),
        joinedload(Challenge.programme),
        selectinload(Challenge.params),
        selectinload(Challenge.categories),
    )
    return session.scalars(query).unique().one()


def _max_partners(challenge: Challenge) -> int:
    """Return the partners a lead may have under the challenge's terms and its programme's."""
    if not challenge.is_consortium_allowed:
        return 0
    members = challenge.max_members
    if challenge.programme is not None:
        members = min(members, challenge.programme.max_members)
    return max(0, min(MAX_PARTNERS, members - 1))


def _with_indicators(record: NeedRecord, kpis: Collection[Kpi]) -> NeedRecord:
    """Add the indicators that name a parameter and can be judged; core and veto indicators are musts."""
    params = list(record.params)
    named = {param.key for param in params}
    for kpi in kpis:
        unit = normal_unit(kpi.unit, kpi.param_key)
        asked = Asked(kpi.param_key, kpi.operator, normal_value(kpi.target), unit)
        if kpi.param_key and kpi.param_key not in named and flaw_of(asked) is None:
            is_must = kpi.is_core or kpi.is_veto
            params.append(
                Requirement(asked.key, asked.op, asked.value, asked.unit, must=is_must, condition=kpi.condition)
            )
    return replace(record, params=tuple(params))


__all__ = ["Exclusions", "Firm", "TeamPosting", "apart", "exclusions", "firms", "team_posting"]
