"""How many pairings came how far, and how long it took them: sums only, each with its definition."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Organization
from app.catalog.models import ChipProduct
from app.core.clock import SHANGHAI
from app.matchmaking import policy
from app.matchmaking.models import Pairing, PairingStep
from app.matchmaking.workflow import ENDED, PATH, PairingState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

DAY = dt.timedelta(days=1)
MILESTONES = (
    PairingState.PROPOSED,
    PairingState.INTRODUCED,
    PairingState.SAMPLE_SHIPPED,
    PairingState.DESIGN_IN,
    PairingState.MASS_PRODUCTION,
)
"""The stages by which groups are compared."""
Times = dict["uuid.UUID", dict[PairingState, dt.datetime]]


class Grouping(StrEnum):
    """By what the funnel is told apart."""

    CATEGORY = "category"
    DEMAND_CITY = "demand_city"
    SUPPLY_CITY = "supply_city"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class FunnelFilter:
    """Which pairings are counted; empty values do not narrow. ``quarter`` is ``2026-Q3``, of the proposal."""

    quarter: str = ""
    category: str = ""
    city: str = ""
    by: Grouping = Grouping.CATEGORY


@dataclass(frozen=True, slots=True)
class Stage:
    """How many pairings reached a state; shares lie in [0, 1], None where nothing came before."""

    state: PairingState
    n: int
    of_all: float | None
    of_previous: float | None
    days: float | None
    """Median of the days since the stage before, over the ``n_timed`` pairings that reached both."""
    n_timed: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How many pairings ended for one reason."""

    state: PairingState
    reason: str
    n: int


@dataclass(frozen=True, slots=True)
class Group:
    """The pairings of one class of chips, city or quarter; ``code`` is empty where it is not known."""

    code: str
    counts: tuple[int, ...]
    """For each of ``MILESTONES``."""
    days: float | None
    """Median of the days from the proposal to the introduction, over ``n_timed`` pairings."""
    n_timed: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """Every stage with its sum, the same by group, and why pairings ended."""

    stages: tuple[Stage, ...]
    endings: tuple[Ending, ...]
    groups: tuple[Group, ...] = field(default=())


def funnel(session: Session, *, actor: Actor, wanted: FunnelFilter) -> Funnel:
    """Return the funnel of the pairings proposed under a filter, in three queries."""
    policy.can_see_funnel(actor).enforce()
    query, group = _grouped(narrowed(wanted), wanted.by)
    times: Times = {}
    members: dict[str, list[uuid.UUID]] = defaultdict(list)
    columns = (Pairing.id, Pairing.proposed_at, Pairing.introduced_at, group)
    for pairing_id, proposed_at, introduced_at, code in session.execute(query.with_only_columns(*columns)):
        times[pairing_id] = {PairingState.PROPOSED: proposed_at}
        if introduced_at is not None:
            times[pairing_id][PairingState.INTRODUCED] = introduced_at
        members[_code(wanted.by, code)].append(pairing_id)
    add_steps(session, narrowed(wanted), times)
    return Funnel(
        _stages(list(times.values())),
        _endings(session, narrowed(wanted)),
        tuple(_group(code, [times[one] for one in ids]) for code, ids in sorted(members.items(), key=_by_size)),
    )


def _by_size(entry: tuple[str, list[Any]]) -> tuple[bool, int, str]:
    code, ids = entry
    return code == "", -len(ids), code


def _grouped(query: Select[tuple[Pairing]], by: Grouping) -> tuple[Select[Any], Any]:
    """Return the query with what tells groups apart, and that column."""
    if by is Grouping.CATEGORY:
        product = aliased(ChipProduct)
        return query.outerjoin(product, product.id == Pairing.product_id), func.substr(product.category, 1, 3)
    if by is Grouping.QUARTER:
        return query, Pairing.proposed_at
    company = aliased(Organization)
    side = Pairing.demand_id if by is Grouping.DEMAND_CITY else Pairing.supplier_id
    return query.join(company, company.id == side), company.city_code


def _code(by: Grouping, value: Any) -> str:
    return quarter_of(value) if by is Grouping.QUARTER else value or ""


def add_steps(session: Session, query: Select[tuple[Pairing]], times: Times) -> None:
    """Note when each pairing first reached the states that steps lead to, in one query."""
    rows = session.execute(
        query.join(PairingStep, PairingStep.pairing_id == Pairing.id)
        .where(PairingStep.reached.in_(PATH))
        .with_only_columns(Pairing.id, PairingStep.reached, func.min(PairingStep.at))
        .group_by(Pairing.id, PairingStep.reached)
    )
    for pairing_id, state, at in rows:
        times[pairing_id].setdefault(state, at)


def _group(code: str, reached: Sequence[Mapping[PairingState, dt.datetime]]) -> Group:
    days = _days(reached, PairingState.PROPOSED, PairingState.INTRODUCED)
    counts = tuple(sum(state in one for one in reached) for state in MILESTONES)
    return Group(code, counts, median(days) if days else None, len(days))


def _days(
    reached: Iterable[Mapping[PairingState, dt.datetime]], before: PairingState, after: PairingState
) -> list[float]:
    return [(one[after] - one[before]) / DAY for one in reached if before in one and after in one]


def quarters(session: Session) -> list[str]:
    """Return the quarters in which pairings were proposed, newest first, in one query."""
    first, last = session.execute(select(func.min(Pairing.proposed_at), func.max(Pairing.proposed_at))).one()
    if first is None:
        return []
    low, high = (_number(instant.astimezone(SHANGHAI)) for instant in (first, last))
    return [_name(number) for number in range(high, low - 1, -1)]


def quarter_of(instant: dt.datetime) -> str:
    """Return the quarter of an instant in Shanghai, as ``2026-Q3``."""
    return _name(_number(instant.astimezone(SHANGHAI)))


def _name(number: int) -> str:
    return f"{number // 4}-Q{number % 4 + 1}"


def _number(instant: dt.datetime) -> int:
    return instant.year * 4 + (instant.month - 1) // 3


def _stages(reached: Sequence[Mapping[PairingState, dt.datetime]]) -> tuple[Stage, ...]:
    counts = [sum(state in one for one in reached) for state in PATH]
    found = []
    for place, state in enumerate(PATH):
        days = _days(reached, PATH[place - 1], state) if place else []
        found.append(
            Stage(
                state,
                counts[place],
                counts[place] / counts[0] if counts[0] else None,
                counts[place] / counts[place - 1] if place and counts[place - 1] else None,
                median(days) if days else None,
                len(days),
            )
        )
    return tuple(found)


def _endings(session: Session, query: Select[tuple[Pairing]]) -> tuple[Ending, ...]:
    n = func.count(Pairing.id)
    rows = session.execute(
        query.where(Pairing.state.in_(ENDED))
        .with_only_columns(Pairing.state, Pairing.decline_reason, n)
        .group_by(Pairing.state, Pairing.decline_reason)
        .order_by(n.desc(), Pairing.state, Pairing.decline_reason)
    )
    return tuple(Ending(*row) for row in rows)


def narrowed(wanted: FunnelFilter) -> Select[tuple[Pairing]]:
    """Return the query of the pairings under a filter."""
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
