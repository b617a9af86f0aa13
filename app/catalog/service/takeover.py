"""Writing the right rows of a file into the catalogue, a few hundred at a time."""

from __future__ import annotations

import uuid
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Organization
from app.audit import service as audit
from app.catalog import policy
from app.catalog.content import SEARCH_KIND, as_input, search_text, write
from app.catalog.importing.judge import Action, Judgement, Known, TakeOver, Verdict, judge
from app.catalog.importing.report import Report
from app.catalog.models import ChipProduct
from app.catalog.service.save import chain_tag
from app.catalog.workflow import PRODUCT_WORKFLOW, ProductEvent, ProductState
from app.core.clock import SHANGHAI
from app.search.service import index_documents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.catalog.importing.reader import Reading, SheetRow
    from app.core.actor import Actor

BATCH = 400


def take_over(session: Session, *, actor: Actor, reading: Reading, choice: TakeOver, now: dt.datetime) -> Report:
    """Write the rows that are right; return what became of every row. Raises NotAllowed."""
    if choice.is_published:
        policy.can_publish(actor).enforce()
    writer = _Writer(session, actor, choice, now)
    report = Report()
    for batch in _batches(reading.rows):
        writer.take(reading, batch, report)
    report.about(reading)
    report.finish(writer.result)
    return report


class _Writer:
    def __init__(self, session: Session, actor: Actor, choice: TakeOver, now: dt.datetime) -> None:
        self._session, self._actor, self._choice, self._now = session, actor, choice, now
        self._organization_id = actor.own_organization_id()
        firm = session.get_one(Organization, self._organization_id)
        self._firm = f"{firm.legal_name_zh} {firm.name_en}"
        self.result = {"created": 0, "updated": 0, "kept": 0, "published": 0}

    def take(self, reading: Reading, rows: Sequence[SheetRow], report: Report) -> None:
        """Judge some rows and write those that are taken over."""
        known = lock_known(self._session, self._organization_id, [row.sheet.part_number for row in rows])
        written: list[ChipProduct] = []
        for row in rows:
            product = known.get(row.sheet.part_number)
            stored = as_input(product) if product else None
            one = judge(reading, row, Known(product.state, stored) if product and stored else None)
            is_taken = self._choice.takes(one)
            report.add(one, stored, is_taken=is_taken)
            if is_taken:
                written.append(self._write(one, product))
        self._session.flush()
        self._index(written)

    def _write(self, one: Judgement, product: ChipProduct | None) -> ChipProduct:
        if product is None:
            product = self._create(one)
        elif one.action is Action.UPDATE:
            self._update(one, product)
        else:
            self.result["kept"] += 1
        if self._choice.is_published and one.is_complete and product.state is ProductState.DRAFT:
            self._publish(product)
        return product

    def _create(self, one: Judgement) -> ChipProduct:
        product = ChipProduct(
            id=uuid.uuid4(),
            organization_id=self._organization_id,
            state=PRODUCT_WORKFLOW.initial,
            data_source="imported",
            chain_tag=chain_tag(one.sheet.category),
            created_at=self._now,
            updated_at=self._now,
            params=[],
        )
        write(product, one.sheet)
        self._session.add(product)
        self.result["created"] += 1
        self._record(product, "product.create")
        return product

    def _update(self, one: Judgement, product: ChipProduct) -> None:
        write(product, one.sheet)
        product.chain_tag = chain_tag(one.sheet.category)
        product.updated_at = self._now
        flag_modified(product, "updated_at")  # a new version, even when only rows of other tables changed
        self.result["updated"] += 1
        self._record(product, "product.update", fields=list(one.changed))

    def _publish(self, product: ChipProduct) -> None:
        before, product.state = product.state, PRODUCT_WORKFLOW.step(product.state, ProductEvent.PUBLISH)
        product.published_at = product.updated_at = self._now
        product.confirmed_on = self._now.astimezone(SHANGHAI).date()
        self.result["published"] += 1
        self._record(product, "product.publish", before=before, after=product.state)

    def _record(self, product: ChipProduct, action: str, **details: object) -> None:
        audit.record(self._session, self._actor, action, "product", product.id, label=product.part_number, **details)

    def _index(self, products: Iterable[ChipProduct]) -> None:
        shown = [product for product in products if product.state is ProductState.PUBLISHED]
        texts = ((product.id, search_text(product, self._firm)) for product in shown)
        index_documents(self._session, SEARCH_KIND, texts)


def lock_known(session: Session, organization_id: uuid.UUID, part_numbers: Sequence[str]) -> dict[str, ChipProduct]:
    """Return the firm's products of these numbers with their parameters, locked until the transaction ends."""
    query = _known(organization_id, part_numbers).with_for_update(of=[ChipProduct])
    fresh = query.execution_options(populate_existing=True)
    return {product.part_number: product for product in session.scalars(fresh)}


def judged(session: Session, *, actor: Actor, reading: Reading) -> Report:
    """Return the dry run of a file: what taking it over now would do. Writes nothing."""
    report = Report()
    organization_id = actor.own_organization_id()
    for batch in _batches(reading.rows):
        query = _known(organization_id, [row.sheet.part_number for row in batch])
        query = query.execution_options(populate_existing=True)
        stored = {product.part_number: Known(product.state, as_input(product)) for product in session.scalars(query)}
        for row in batch:
            known = stored.get(row.sheet.part_number)
            one = judge(reading, row, known)
            report.add(one, known.sheet if known else None, is_taken=one.verdict is Verdict.RIGHT)
    report.about(reading)
    return report


def _known(organization_id: uuid.UUID, part_numbers: Sequence[str]) -> Any:
    return (
        select(ChipProduct)
        .where(ChipProduct.organization_id == organization_id, ChipProduct.part_number.in_(part_numbers))
        .options(selectinload(ChipProduct.params))
        .order_by(ChipProduct.id)
    )


def _batches(rows: Iterable[SheetRow]) -> Iterator[list[SheetRow]]:
    coming = iter(rows)
    while batch := list(islice(coming, BATCH)):
        yield batch
