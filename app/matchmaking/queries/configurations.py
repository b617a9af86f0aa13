"""Configurations of a run, each beside what stands now or beside another one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.accounts.models import Organization
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands.models import Need
from app.matchmaking import policy
from app.matchmaking.models import RunConfiguration, Suggestion
from app.matchmaking.workflow import SuggestionState
from matching.assign import gini

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

STANDING = (SuggestionState.SUGGESTED, SuggestionState.DEFERRED)
MAX_CHANGES = 60
Pairs = set[tuple[uuid.UUID, uuid.UUID]]


@dataclass(frozen=True, slots=True)
class Side:
    """The figures of one side of a comparison."""

    name: str
    n_places: int
    n_shown: int
    gini: float


@dataclass(frozen=True, slots=True)
class Change:
    """A firm that would come to a need or go from it."""

    need_title: str
    firm: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a configuration would change; an empty name stands for what is suggested now."""

    left: Side
    right: Side
    n_added: int
    n_gone: int
    changes: tuple[Change, ...]


def configurations(session: Session, *, actor: Actor, page: int) -> Page[RunConfiguration]:
    """Return one page of configurations, newest first."""
    policy.can_see_queue(actor).enforce()
    query = select(RunConfiguration).order_by(RunConfiguration.created_at.desc(), RunConfiguration.id)
    return paginate(session, query, number=page)


def configuration(session: Session, *, actor: Actor, configuration_id: uuid.UUID) -> RunConfiguration:
    """Return one configuration with what it would suggest. Raises NotAllowed or NotFound."""
    policy.can_see_queue(actor).enforce()
    query = select(RunConfiguration).where(RunConfiguration.id == configuration_id)
    found = session.scalars(query.options(undefer(RunConfiguration.proposals))).one_or_none()
    if found is None:
        raise NotFound("There is no such configuration.", code="not_found")
    return found


def others(session: Session, configuration_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, str]]:
    """Return the other computed configurations, to compare with."""
    query = select(RunConfiguration.id, RunConfiguration.name).where(
        RunConfiguration.id != configuration_id, RunConfiguration.computed_at.is_not(None)
    )
    return list(session.execute(query.order_by(RunConfiguration.created_at.desc()).limit(50)).tuples())


def compare(session: Session, right: RunConfiguration, left: RunConfiguration | None) -> Comparison:
    """Return what ``right`` would change: of ``left``, or of what waits for a decision now."""
    new = _pairs(right.proposals)
    old = _pairs(left.proposals) if left else _standing(session, {need for need, _ in new})
    added, gone = sorted(new - old), sorted(old - new)
    shown = [(pair, True) for pair in added[: MAX_CHANGES // 2]] + [(pair, False) for pair in gone[: MAX_CHANGES // 2]]
    return Comparison(
        left=_side(left.name if left else "", old),
        right=_side(right.name, new),
        n_added=len(added),
        n_gone=len(gone),
        changes=_changes(session, shown),
    )


def _pairs(proposals: Mapping[str, Any]) -> Pairs:
    return {(uuid.UUID(need_id), uuid.UUID(one["supplier_id"])) for need_id, rows in proposals.items() for one in rows}


def _standing(session: Session, need_ids: set[uuid.UUID]) -> Pairs:
    query = select(Suggestion.need_id, Suggestion.supplier_id).where(
        Suggestion.state.in_(STANDING), Suggestion.need_id.in_(need_ids)
    )
    return set(session.execute(query).tuples())


def _side(name: str, pairs: Pairs) -> Side:
    exposure: dict[uuid.UUID, int] = {}
    for _, firm in pairs:
        exposure[firm] = exposure.get(firm, 0) + 1
    return Side(name, len(pairs), len(exposure), gini(list(exposure.values())))


def _changes(session: Session, shown: Sequence[tuple[tuple[uuid.UUID, uuid.UUID], bool]]) -> tuple[Change, ...]:
    needs = {need for (need, _), _ in shown}
    firms = {firm for (_, firm), _ in shown}
    titles = dict(session.execute(select(Need.id, Need.title).where(Need.id.in_(needs))).tuples().all())
    names = dict(
        session.execute(select(Organization.id, Organization.legal_name_zh).where(Organization.id.in_(firms)))
        .tuples()
        .all()
    )
    return tuple(Change(titles.get(need, ""), names.get(firm, ""), is_new) for (need, firm), is_new in shown)
