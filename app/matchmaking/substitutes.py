"""What may replace a product, in general or in one need: grades, and every difference with both values."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.current import current_actor
from app.catalog import labels as catalog_labels
from app.catalog.queries import substitutes_page
from app.core.errors import NotAllowed, NotFound
from app.db import current_session
from app.demands.models import Need
from app.demands.policy import can_read, sees_verified_part
from app.matchmaking import labels, sheets
from app.taxonomy import lists
from app.taxonomy.spoken import said

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from matching.records import Need as NeedRecord

bp = Blueprint("substitutes", __name__, url_prefix="/products")


@dataclass(frozen=True, slots=True)
class Place:
    """The need in which one part is to replace another."""

    id: uuid.UUID
    title: str
    is_challenge: bool
    record: NeedRecord


@bp.get("/<uuid:product_id>/substitutes")
def show(product_id: uuid.UUID) -> ResponseReturnValue:
    """Show what may replace a product; ``?need=`` narrows the judgement to what one need asks for."""
    session = current_session()
    place = _place(session, current_actor(), request.args.get("need", ""))
    return render_template(
        "products/substitutes.html",
        page=substitutes_page(session, product_id, place.record if place else None),
        place=place,
        shown=said,
        effects=labels.EFFECTS,
        labels=catalog_labels,
        lists=lists,
    )


def _place(session: Session, actor: Actor, text: str) -> Place | None:
    """Return the need of the address. Raises NotFound, or NotAllowed for whoever may not read its requirements."""
    if not text:
        return None
    try:
        need_id = uuid.UUID(text)
    except ValueError:
        raise NotFound("There is no such posting.", code="need_not_found") from None
    query = select(Need).where(Need.id == need_id)
    need = session.scalars(query.options(selectinload(Need.params), selectinload(Need.categories))).one_or_none()
    if need is None or not can_read(actor, organization_id=need.organization_id, state=need.state):
        raise NotFound("There is no such posting.", code="need_not_found")
    if not sees_verified_part(actor, organization_id=need.organization_id):
        raise NotAllowed("People of verified companies and the authority see requirements.", code="not_verified")
    return Place(need.id, need.title, need.kind == "challenge", sheets.to_need(need))
