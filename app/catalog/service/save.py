"""Writing a product sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from app.audit import service as audit
from app.catalog import policy, rules
from app.catalog.content import as_input, changed_fields, lock_product, reindex, write
from app.catalog.models import ChipProduct
from app.catalog.workflow import PRODUCT_WORKFLOW, ProductState
from app.core.errors import Conflict, NotFound, RuleViolation
from app.outbox.service import publish

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.catalog.commands import ProductInput
    from app.core.actor import Actor


def create_product(session: Session, *, actor: Actor, command: ProductInput, now: dt.datetime) -> ChipProduct:
    """Write a new sheet as a draft of the actor's firm.

    Raises NotAllowed, or RuleViolation (broken rule, part number taken).
    """
    policy.can_keep_products(actor).enforce()
    organization_id = actor.own_organization_id()
    _check(command, is_complete=False)
    _part_number_is_free(session, organization_id, command.part_number, but=None)
    product = ChipProduct(
        organization_id=organization_id,
        state=PRODUCT_WORKFLOW.initial,
        confirmed_on=None,
        data_source="self",
        chain_tag=chain_tag(command.category),
        created_at=now,
        updated_at=now,
        params=[],
    )
    write(product, command)
    session.add(product)
    _flush(session)
    audit.record(session, actor, "product.create", "product", product.id, label=product.part_number)
    return product


def update_product(
    session: Session,
    *,
    actor: Actor,
    product_id: uuid.UUID,
    command: ProductInput,
    version: int,
    now: dt.datetime,
) -> ChipProduct:
    """Change a sheet that was read at ``version``; a published one must stay complete.

    Raises NotFound, NotAllowed, Conflict (somebody saved in between, or it is archived) or RuleViolation.
    """
    product = own_product(session, actor, product_id)
    if product.version != version:
        raise Conflict("Somebody has saved this sheet since you opened it.", code="stale_version")
    if product.state is ProductState.ARCHIVED:
        raise Conflict("An archived product cannot be changed. Restore it first.", code="archived")
    _check(command, is_complete=product.state is ProductState.PUBLISHED)
    _part_number_is_free(session, product.organization_id, command.part_number, but=product.id)
    before = as_input(product)
    write(product, command)
    product.chain_tag = chain_tag(command.category)
    changed = changed_fields(before, as_input(product))
    if changed:
        product.updated_at = now
        flag_modified(product, "updated_at")  # a new version, even when only rows of other tables changed
        _flush(session)
        audit.record(session, actor, "product.update", "product", product.id, label=product.part_number, fields=changed)
        tell(session, product, now)
    return product


def own_product(session: Session, actor: Actor, product_id: uuid.UUID) -> ChipProduct:
    """Lock a product of the actor's firm; what others may not even see is not found."""
    product = lock_product(session, product_id)
    if not policy.can_read(actor, product.organization_id, product.state):
        raise NotFound("There is no such product.", code="product_not_found")
    policy.can_edit(actor, product.organization_id).enforce()
    return product


def tell(session: Session, product: ChipProduct, now: dt.datetime) -> None:
    """Bring search and matching in step with a changed product."""
    reindex(session, product)
    publish(session, "product.changed", now=now, key=f"product.changed:{product.id}", product_id=str(product.id))


def chain_tag(category: str) -> str:
    """Return where a category stands in 芯屏器核: discrete power devices and opto parts are components."""
    return "核" if category.startswith(("C06", "C17")) else "芯"


def _check(command: ProductInput, *, is_complete: bool) -> None:
    """Raise the first broken rule; a form has asked for all of them before."""
    for problem in rules.problems(command, is_complete=is_complete):
        raise RuleViolation(problem.message, code=problem.kind, field=problem.field)


def _part_number_is_free(
    session: Session, organization_id: uuid.UUID, part_number: str, *, but: uuid.UUID | None
) -> None:
    taken = select(ChipProduct.id).where(
        ChipProduct.organization_id == organization_id, ChipProduct.part_number == part_number
    )
    if session.scalar(taken) not in (None, but):
        raise _taken()


def _flush(session: Session) -> None:
    """Write what has changed; somebody may have taken the part number since it was looked up."""
    try:
        session.flush()
    except IntegrityError as error:
        if "part_number" not in str(error.orig):
            raise
        raise _taken() from error


def _taken() -> RuleViolation:
    return RuleViolation(
        "Your company already has a product with this part number.", code="part_number_taken", field="part_number"
    )
