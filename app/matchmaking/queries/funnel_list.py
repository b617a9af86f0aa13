"""The pairings behind a number of the funnel, one by one."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.core.paging import Page, paginate
from app.matchmaking import policy
from app.matchmaking.models import Pairing, PairingStep
from app.matchmaking.queries.funnel import FunnelFilter, Times, add_steps, narrowed
from app.matchmaking.workflow import PairingState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

BATCH = 500


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """One pairing as the desk counts it."""

    id: uuid.UUID
    suggestion_id: uuid.UUID | None
    need_id: uuid.UUID
    need_title: str
    demand_id: uuid.UUID
    demand_name: str
    supplier_id: uuid.UUID
    supplier_name: str
    part_number: str
    state: PairingState
    reason: str
    proposed_at: dt.datetime
    introduced_at: dt.datetime | None
    moved_at: dt.datetime


def pairings_at(
    session: Session, *, actor: Actor, wanted: FunnelFilter, stage: PairingState, page: int
) -> Page[FunnelRow]:
    """Return one page of the pairings that reached a stage, the latest move first, in two queries."""
    policy.can_see_funnel(actor).enforce()
    query = _reached(narrowed(wanted), stage).order_by(Pairing.moved_at.desc(), Pairing.id)
    return paginate(session, _loaded(query), number=page).map(_row)


def stream(
    session: Session, *, actor: Actor, wanted: FunnelFilter, stage: PairingState
) -> Iterator[tuple[FunnelRow, Mapping[PairingState, dt.datetime]]]:
    """Yield all of them, the earliest proposal first, each with when it first reached every state of a step."""
    policy.can_see_funnel(actor).enforce()
    query = _reached(narrowed(wanted), stage)
    times: Times = {pairing_id: {} for pairing_id in session.scalars(query.with_only_columns(Pairing.id))}
    add_steps(session, query, times)
    ordered = _loaded(query.order_by(Pairing.proposed_at, Pairing.id)).execution_options(yield_per=BATCH)
    for pairing in session.scalars(ordered):
        yield _row(pairing), times.get(pairing.id, {})


def _reached(query: Select[tuple[Pairing]], stage: PairingState) -> Select[tuple[Pairing]]:
    if stage is PairingState.PROPOSED:
        return query
    if stage is PairingState.INTRODUCED:
        return query.where(Pairing.introduced_at.is_not(None))
    return query.where(Pairing.id.in_(select(PairingStep.pairing_id).where(PairingStep.reached == stage)))


def _loaded(query: Select[tuple[Pairing]]) -> Select[tuple[Pairing]]:
    return query.options(
        joinedload(Pairing.need, innerjoin=True),
        joinedload(Pairing.demand, innerjoin=True),
        joinedload(Pairing.supplier, innerjoin=True),
        joinedload(Pairing.product),
    )


def _row(pairing: Pairing) -> FunnelRow:
    return FunnelRow(
        id=pairing.id,
        suggestion_id=pairing.suggestion_id,
        need_id=pairing.need_id,
        need_title=pairing.need.title,
        demand_id=pairing.demand_id,
        demand_name=pairing.demand.legal_name_zh,
        supplier_id=pairing.supplier_id,
        supplier_name=pairing.supplier.legal_name_zh,
        part_number=pairing.product.part_number if pairing.product else "",
        state=pairing.state,
        reason=pairing.decline_reason,
        proposed_at=pairing.proposed_at,
        introduced_at=pairing.introduced_at,
        moved_at=pairing.moved_at,
    )
