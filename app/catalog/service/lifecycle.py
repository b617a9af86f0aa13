"""Showing a product sheet, taking it back, and confirming that it still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audit import service as audit
from app.catalog import policy, rules
from app.catalog.content import as_input
from app.catalog.service.save import own_product, tell
from app.catalog.workflow import PRODUCT_WORKFLOW, ProductEvent, ProductState
from app.core.clock import SHANGHAI
from app.core.errors import RuleViolation

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.catalog.models import ChipProduct
    from app.core.actor import Actor


def publish_product(session: Session, *, actor: Actor, product_id: uuid.UUID, now: dt.datetime) -> ChipProduct:
    """Show a complete draft in the catalogue. ``now`` is aware.

    Publishing confirms the sheet. Raises NotFound, NotAllowed (unverified firm), RuleViolation (incomplete)
    or Conflict (not a draft).
    """
    product = own_product(session, actor, product_id)
    policy.can_publish(actor).enforce()
    state = PRODUCT_WORKFLOW.step(product.state, ProductEvent.PUBLISH)
    for problem in rules.problems(as_input(product), is_complete=True):
        raise RuleViolation(problem.message, code=problem.kind, field=problem.field)
    product.confirmed_on = now.astimezone(SHANGHAI).date()
    product.published_at = now
    _move(session, actor, product, state, ProductEvent.PUBLISH, now)
    return product


def archive_product(session: Session, *, actor: Actor, product_id: uuid.UUID, now: dt.datetime) -> ChipProduct:
    """Take a product out of the catalogue. Raises NotFound, NotAllowed or Conflict (archived already)."""
    product = own_product(session, actor, product_id)
    state = PRODUCT_WORKFLOW.step(product.state, ProductEvent.ARCHIVE)
    product.published_at = None
    _move(session, actor, product, state, ProductEvent.ARCHIVE, now)
    return product


def restore_product(session: Session, *, actor: Actor, product_id: uuid.UUID, now: dt.datetime) -> ChipProduct:
    """Make an archived product a draft again. Raises NotFound, NotAllowed or Conflict (not archived)."""
    product = own_product(session, actor, product_id)
    state = PRODUCT_WORKFLOW.step(product.state, ProductEvent.RESTORE)
    _move(session, actor, product, state, ProductEvent.RESTORE, now)
    return product


def confirm_product(session: Session, *, actor: Actor, product_id: uuid.UUID, now: dt.datetime) -> ChipProduct:
    """Note that the firm has read the sheet today and that it holds. Raises NotFound or NotAllowed."""
    product = own_product(session, actor, product_id)
    today = now.astimezone(SHANGHAI).date()
    if product.confirmed_on != today:
        product.confirmed_on = today
        audit.record(session, actor, "product.confirm", "product", product.id, label=product.part_number)
    return product


def _move(
    session: Session,
    actor: Actor,
    product: ChipProduct,
    state: ProductState,
    event: ProductEvent,
    now: dt.datetime,
) -> None:
    before, product.state = product.state, state
    product.updated_at = now
    session.flush()
    label = product.part_number
    audit.record(session, actor, f"product.{event}", "product", product.id, label=label, before=before, after=state)
    tell(session, product, now)
