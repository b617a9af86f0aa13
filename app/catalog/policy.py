"""Who may do what with product sheets."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from app.catalog.workflow import ProductState
from app.core.actor import Actor, Capacity
from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

STALE_AFTER = dt.timedelta(days=180)
Introductions = Callable[["Session", uuid.UUID, Collection[uuid.UUID]], frozenset[uuid.UUID]]
"""Says which of some firms an organisation was introduced to; the slice that introduces companies registers it."""
_INTRODUCTIONS: list[Introductions] = []


def register_introductions(find: Introductions) -> None:
    """Let ``find`` say who was introduced to whom."""
    _INTRODUCTIONS[:] = [find]


def introduced_firms(session: Session, actor: Actor, firms: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return those of ``firms`` that the actor's company was introduced to."""
    others = [firm for firm in firms if not actor.belongs_to(firm)]
    if actor.organization_id is None or not others:
        return frozenset()
    return frozenset().union(*(find(session, actor.organization_id, others) for find in _INTRODUCTIONS))


def can_keep_products(actor: Actor) -> Decision:
    """Editors of a chip firm write product sheets, verified or not."""
    if actor.organization_id is None:
        return no("Products belong to a company. Register yours first.", way_out="company.show")
    if not actor.has(Capacity.SUPPLY):
        return no("Only companies that supply chips keep products.", way_out="company.show")
    if not actor.can_edit:
        return no("You may read your company's products, not change them. Ask the owner for the right to edit.")
    return YES


def can_edit(actor: Actor, organization_id: uuid.UUID) -> Decision:
    """A sheet is changed by its own firm only."""
    if not actor.belongs_to(organization_id):
        return no("This product belongs to another company.")
    return can_keep_products(actor)


def can_publish(actor: Actor) -> Decision:
    """Only verified firms show their products."""
    answer = can_keep_products(actor)
    if not answer:
        return answer
    if not actor.is_verified:
        return no(
            "Your company has not been verified yet. Until then its products stay drafts.",
            way_out="company.show",
        )
    return YES


def can_read(actor: Actor, organization_id: uuid.UUID, state: ProductState) -> Decision:
    """The catalogue is public; everything else is read by its own firm."""
    if state is ProductState.PUBLISHED or actor.belongs_to(organization_id):
        return YES
    return no("This product is not published.")


def can_read_supply_facts(actor: Actor, organization_id: uuid.UUID) -> Decision:
    """Delivery and make are for verified companies and the desk."""
    if actor.is_verified or actor.is_staff or actor.belongs_to(organization_id):
        return YES
    if not actor.is_authenticated:
        return no(
            "Verified companies see delivery, capacity and process. Log in to read them.",
            way_out="security.login",
        )
    return no("Verified companies see delivery, capacity and process.", way_out="company.show")


def can_read_confidential_facts(actor: Actor, organization_id: uuid.UUID, *, is_introduced: bool) -> Decision:
    """Prices, origin and reports are for companies under an agreement with the firm, and for the authority."""
    if is_introduced or actor.is_authority or actor.belongs_to(organization_id):
        return YES
    return no(
        "Prices, origin and report numbers are shown once you and the firm have signed a confidentiality agreement."
    )


def is_stale(confirmed_on: dt.date | None, today: dt.date) -> bool:
    """Return whether the firm has not confirmed the sheet within 180 days."""
    return confirmed_on is None or today - confirmed_on > STALE_AFTER
