"""How many pairings came how far: sums only, each with its definition."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.accounts.models import Organization
from app.catalog.models import ChipProduct
from app.core.clock import SHANGHAI
from app.matchmaking import policy
from app.matchmaking.models import Pairing, PairingStep
from app.matchmaking.workflow import ENDED, PATH, PairingState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class FunnelFilter:
    """Which pairings are counted; empty values do not narrow. ``quarter`` is ``2026-Q3``, of the proposal."""

    quarter: str = ""
    category: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """How many pairings reached a state; shares lie in [0, 1], None where nothing came before."""

    state: PairingState
    n: int
    of_all: float | None
    of_previous: float | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How many pairings ended for one reason."""

    state: PairingState
    reason: str
    n: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Every stage with its sum, and why pairings ended."""

    stages: tuple[Stage, ...]
    endings: tuple[Ending, ...]


def funnel(session: Session, *, actor: Actor, wanted: FunnelFilter) -> Funnel:
    """Return the funnel of the pairings proposed under a filter, in three queries."""
    policy.can_see_funnel(actor).enforce()
    narrowed = _narrowed(wanted)
    proposed, introduced = session.execute(
        narrowed.with_only_columns(func.count(Pairing.id), func.count(Pairing.introduced_at))
    ).one()
    reached = session.execute(
        narrowed.join(PairingStep, PairingStep.pairing_id == Pairing.id)
        .where(PairingStep.reached.is_not(None))
        .with_only_columns(PairingStep.reached, func.count(PairingStep.pairing_id.distinct()))
        .group_by(PairingStep.reached)
    ).tuples()
    counts = {**dict(reached.all()), PairingState.PROPOSED: proposed, PairingState.INTRODUCED: introduced}
    return Funnel(_stages([counts.get(state, 0) for state in PATH]), _endings(session, narrowed))


def quarters(session: Session) -> list[str]:
    """Return the quarters in which pairings were proposed, newest first, in one query."""
    first, last = session.execute(select(func.min(Pairing.proposed_at), func.max(Pairing.proposed_at))).one()
    if first is None:
        return []
    low, high = (_number(instant.astimezone(SHANGHAI)) for instant in (first, last))
    return [f"{number // 4}-Q{number % 4 + 1}" for number in range(high, low - 1, -1)]


def _number(instant: dt.datetime) -> int:
    return instant.year * 4 + (instant.month - 1) // 3


def _stages(counts: Sequence[int]) -> tuple[Stage, ...]:
    return tuple(
        Stage(
            state,
            counts[place],
            counts[place] / counts[0] if counts[0] else None,
            counts[place] / counts[place - 1] if place and counts[place - 1] else None,
        )
        for place, state in enumerate(PATH)
    )


def _endings(session: Session, narrowed: Select[tuple[Pairing]]) -> tuple[Ending, ...]:
    n = func.count(Pairing.id)
    rows = session.execute(
        narrowed.where(Pairing.state.in_(ENDED))
        .with_only_columns(Pairing.state, Pairing.decline_reason, n)
        .group_by(Pairing.state, Pairing.decline_reason)
        .order_by(n.desc(), Pairing.state, Pairing.decline_reason)
    )
    return tuple(Ending(*row) for row in rows)


def _narrowed(wanted: FunnelFilter) -> Select[tuple[Pairing]]:
    query = select(Pairing).where(*_in_quarter(wanted.quarter))
    if wanted.category:
        of_kind = select(ChipProduct.id).where(ChipProduct.category.startswith(wanted.category, autoescape=True))
        query = query.where(Pairing.product_id.in_(of_kind))
    if wanted.city:
        there = select(Organization.id).where(Organization.city_code == wanted.city)
        query = query.where(or_(Pairing.demand_id.in_(there), Pairing.supplier_id.in_(there)))
    return query


def _in_quarter(quarter: str) -> list[ColumnElement[bool]]:
    year, _, number = quarter.partition("-Q")
    if not (year.isdecimal() and number.isdecimal() and 1 <= int(year) <= 9998 and 1 <= int(number) <= 4):
        return []
    month = 3 * int(number) - 2
    start = dt.datetime(int(year), month, 1, tzinfo=SHANGHAI)
    end = dt.datetime(int(year) + month // 10, month % 12 + 3 if month < 10 else 1, 1, tzinfo=SHANGHAI)
    return [Pairing.proposed_at >= start, Pairing.proposed_at < end]
