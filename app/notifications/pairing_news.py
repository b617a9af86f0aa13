"""Pairings under way as news: steps, rests, ends and messages, told to whoever did not act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import Organization
from app.catalog.models import ChipProduct
from app.core.text import one_line
from app.demands.models import Need
from app.matchmaking.models import Message, Pairing, PairingStep
from app.matchmaking.workflow import PairingState, Side
from app.notifications import links
from app.notifications.events import EventKind

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def of_step(session: Session, kind: EventKind, step_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the news of a step for the side that did not take it."""
    step = session.get(PairingStep, step_id)
    row = _row(session, step.pairing_id) if step else None
    if step is None or row is None:
        return []
    said = {"step": step.event.value, "is_half": step.reached is None}
    reader = _other(step.side)
    return [_news(kind, row, reader, f"{kind}:{step_id}", links.pairing(row.id), said)]


def of_rest(session: Session, kind: EventKind, pairing_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the news that a pairing rests or has expired; who has answered is not reminded to answer."""
    row = _row(session, pairing_id)
    if row is None or (kind is EventKind.PAIRING_REMINDED and row.reminded_at is None):
        return []
    is_unanswered = row.state == PairingState.PROPOSED
    answered = {Side.DEMAND: row.demand_accepted_at, Side.SUPPLY: row.supply_accepted_at}
    readers = [side for side in Side if not (is_unanswered and answered[side])]
    since = row.reminded_at if kind is EventKind.PAIRING_REMINDED else row.moved_at
    key = f"{kind}:{pairing_id}:{since.isoformat()}"
    return [_news(kind, row, side, key, links.pairing(row.id), {"is_unanswered": is_unanswered}) for side in readers]


def of_message(session: Session, kind: EventKind, message_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the news of a message for the side that did not write it; what it says stays on the portal."""
    message = session.get(Message, message_id)
    row = _row(session, message.pairing_id) if message else None
    if message is None or row is None or message.is_withheld:
        return []
    reader = _other(message.side)
    return [_news(kind, row, reader, f"{kind}:{message_id}", links.thread(row.id), {})]


def _other(side: Side) -> Side:
    return Side.SUPPLY if side is Side.DEMAND else Side.DEMAND


def _news(kind: EventKind, row: sa.Row[Any], reader: Side, key: str, path: str, said: dict[str, Any]) -> dict[str, Any]:
    is_named = row.is_owner_shown or row.introduced_at is not None
    others = {Side.DEMAND: row.supplier_name, Side.SUPPLY: row.demand_name if is_named else ""}
    payload = {
        "title": one_line(row.title),
        "product": one_line(f"{row.part_number or ''} {row.product_name or ''}"),
        "reply_by": row.reply_by.isoformat(),
        "other": others[reader],
        **said,
    }
    readers = {Side.DEMAND: row.demand_id, Side.SUPPLY: row.supplier_id}
    return {"kind": kind, "organization_id": readers[reader], "key": key, "path": path, "payload": payload}


def _row(session: Session, pairing_id: uuid.UUID) -> sa.Row[Any] | None:
    demand, supplier, need = aliased(Organization), aliased(Organization), Need.__table__.c
    query = (
        sa.select(
            Pairing.id,
            Pairing.state,
            Pairing.demand_id,
            Pairing.supplier_id,
            Pairing.demand_accepted_at,
            Pairing.supply_accepted_at,
            Pairing.introduced_at,
            Pairing.moved_at,
            Pairing.reminded_at,
            Pairing.reply_by,
            need.title,
            need.is_owner_shown,
            demand.legal_name_zh.label("demand_name"),
            supplier.legal_name_zh.label("supplier_name"),
            ChipProduct.part_number,
            ChipProduct.name.label("product_name"),
        )
        .join(Need.__table__, need.id == Pairing.need_id)
        .join(demand, demand.id == Pairing.demand_id)
        .join(supplier, supplier.id == Pairing.supplier_id)
        .outerjoin(ChipProduct, ChipProduct.id == Pairing.product_id)
        .where(Pairing.id == pairing_id)
    )
    return session.execute(query).one_or_none()
