"""Configurations of a run, each beside what stands now or beside another one."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.accounts.models import Organization, User
from app.core.errors import NotFound
from app.core.paging import Page, paginate, paginate_rows
from app.demands.models import Need
from app.matchmaking import policy
from app.matchmaking.commands import SMALL
from app.matchmaking.models import RunConfiguration, Suggestion
from app.matchmaking.workflow import WAITING, RunState
from matching.assign import gini

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

NEEDS_SHOWN = 20
Pairs = set[tuple[uuid.UUID, uuid.UUID]]


@dataclass(frozen=True, slots=True)
class Side:
    """The figures of one side of a comparison."""

    name: str
    n_places: int
    n_needs: int
    """Needs for which anybody is shown."""
    n_shown: int
    most: int
    """Needs for which the firm that is shown most is shown."""
    gini: float
    small: float
    """Share of the places that small and medium firms have."""


@dataclass(frozen=True, slots=True)
class Change:
    """The firms that would come to a need, and those that would go from it."""

    need_title: str
    come: tuple[str, ...]
    go: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a configuration would change; an empty name stands for what is suggested now."""

    left: Side
    right: Side
    n_added: int
    n_gone: int
    changes: Page[Change]


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


def in_use(session: Session) -> tuple[RunConfiguration, str] | None:
    """Return the configuration in use with the name of who deployed it, or None."""
    query = (
        select(RunConfiguration, User.name)
        .outerjoin(User, User.id == RunConfiguration.deployed_by)
        .where(RunConfiguration.state == RunState.DEPLOYED)
    )
    found = session.execute(query).one_or_none()
    return (found[0], found[1] or "") if found else None


def compare(session: Session, right: RunConfiguration, left: RunConfiguration | None, *, page: int = 1) -> Comparison:
    """Return what ``right`` would change, need by need: of ``left``, or of what waits for a decision now."""
    new = _pairs(right.proposals)
    old = _pairs(left.proposals) if left else _standing(session, {uuid.UUID(need) for need in right.proposals})
    small = _small(session, {firm for _, firm in new | old})
    return Comparison(
        left=_side(left.name if left else "", old, small),
        right=_side(right.name, new, small),
        n_added=len(new - old),
        n_gone=len(old - new),
        changes=_changes(session, new, old, page),
    )


def _pairs(proposals: Mapping[str, Any]) -> Pairs:
    return {(uuid.UUID(need_id), uuid.UUID(one["supplier_id"])) for need_id, rows in proposals.items() for one in rows}


def _standing(session: Session, need_ids: set[uuid.UUID]) -> Pairs:
    query = select(Suggestion.need_id, Suggestion.supplier_id).where(
        Suggestion.state.in_(WAITING), Suggestion.need_id.in_(need_ids)
    )
    return set(session.execute(query).tuples())


def _small(session: Session, firms: set[uuid.UUID]) -> set[uuid.UUID]:
    query = select(Organization.id).where(Organization.id.in_(firms), Organization.size_class.in_(SMALL))
    return set(session.scalars(query))


def _side(name: str, pairs: Pairs, small: set[uuid.UUID]) -> Side:
    exposure = Counter(firm for _, firm in pairs)
    n_small = sum(n for firm, n in exposure.items() if firm in small)
    return Side(
        name,
        n_places=len(pairs),
        n_needs=len({need for need, _ in pairs}),
        n_shown=len(exposure),
        most=max(exposure.values(), default=0),
        gini=gini(list(exposure.values())),
        small=n_small / len(pairs) if pairs else 0.0,
    )


def _changes(session: Session, new: Pairs, old: Pairs, page: int) -> Page[Change]:
    touched = {need for need, _ in new ^ old}
    query = select(Need.id, Need.title).where(Need.id.in_(touched)).order_by(Need.title, Need.id)
    shown = paginate_rows(session, query, number=page, size=NEEDS_SHOWN)
    here = {need for need, _ in shown.items}
    names = _names(session, {firm for need, firm in new ^ old if need in here})

    def called(pairs: Pairs, need: uuid.UUID) -> tuple[str, ...]:
        return tuple(sorted(names.get(firm, "") for one, firm in pairs if one == need))

    come, go = new - old, old - new
    return shown.map(lambda row: Change(row.title, called(come, row.id), called(go, row.id)))


def _names(session: Session, firms: set[uuid.UUID]) -> dict[uuid.UUID, str]:
    query = select(Organization.id, Organization.legal_name_zh).where(Organization.id.in_(firms))
    return dict(session.execute(query).tuples().all())
