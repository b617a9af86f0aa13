"""What a company should do about its pairings: answer them, and take the steps that wait for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from app.matchmaking.labels import PAIRING_EVENTS
from app.matchmaking.models import Pairing, PairingStep
from app.matchmaking.workflow import TURNS, PairingState, Side, Turn

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

LISTED = 20
COLUMNS = {Side.DEMAND: Pairing.demand_id, Side.SUPPLY: Pairing.supplier_id}


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: what, why, where, and until when."""

    title: Any
    reason: Any
    url: str
    label: Any
    icon: str
    due: dt.datetime | None = None


def pairing_todos(session: Session, actor: Actor) -> list[Todo]:
    """Return the pairings to answer, and those in which this company alone can take the next step."""
    unanswered = or_(
        and_(Pairing.demand_id == actor.organization_id, Pairing.demand_accepted_at.is_(None)),
        and_(Pairing.supplier_id == actor.organization_id, Pairing.supply_accepted_at.is_(None)),
    )
    steps = (and_(COLUMNS[side] == actor.organization_id, _waits_for(side)) for side in Side)
    query = (
        select(Pairing)
        .where(or_(and_(Pairing.state == PairingState.PROPOSED, unanswered), *steps))
        .options(joinedload(Pairing.need, innerjoin=True), joinedload(Pairing.product), joinedload(Pairing.supplier))
        .order_by(Pairing.reply_by, Pairing.id)
        .limit(LISTED)
    )
    found = session.scalars(query).unique()
    return [_answer(one) if one.state is PairingState.PROPOSED else _step(one) for one in found]


def _answer(pairing: Pairing) -> Todo:
    return Todo(
        _l("Answer the pairing “%(title)s”", title=pairing.need.title),
        _l("With %(chip)s. Contacts appear once both sides have accepted.", chip=_chip(pairing)),
        url_for("workspace_pairings.show", pairing_id=pairing.id),
        _l("Answer"),
        "link-45deg",
        pairing.reply_by,
    )


def _step(pairing: Pairing) -> Todo:
    event, _ = TURNS[pairing.state]
    return Todo(
        _l("Next step for “%(title)s”: %(step)s", title=pairing.need.title, step=PAIRING_EVENTS[event]),
        _l("With %(chip)s. The other side waits for this step.", chip=_chip(pairing)),
        url_for("workspace_pairings.show", pairing_id=pairing.id),
        _l("Continue"),
        "link-45deg",
    )


def _waits_for(side: Side) -> ColumnElement[bool]:
    """Say which pairings wait for one side alone: its own step, or its half of what the other has confirmed."""
    later = {state: turn for state, turn in TURNS.items() if state is not PairingState.PROPOSED}
    own = [state for state, (_, turn) in later.items() if turn.value == side.value]
    halves = [
        and_(Pairing.state == state, PairingStep.event == event)
        for state, (event, turn) in later.items()
        if turn is Turn.BOTH
    ]
    confirmed = select(PairingStep.id).where(PairingStep.pairing_id == Pairing.id, PairingStep.side != side)
    return or_(Pairing.state.in_(own), confirmed.where(or_(*halves)).exists())


def _chip(pairing: Pairing) -> str:
    """Name what two pairings of one need differ by."""
    return pairing.product.part_number if pairing.product else pairing.supplier.legal_name_zh
