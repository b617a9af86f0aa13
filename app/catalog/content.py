"""Moving a sheet's values between commands, rows and the search index."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Organization
from app.catalog import codes
from app.catalog.commands import GROUPS, SCALARS, BenchmarkPart, ParamInput, ProductInput, Qualification
from app.catalog.commands import ReferenceCustomer as Reference
from app.catalog.models import ChipProduct, ProductParam
from app.catalog.workflow import ProductState
from app.core.locking import lock_one
from app.search.service import index_document, index_documents, remove_document

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

SEARCH_KIND = "product"


def lock_product(session: Session, product_id: uuid.UUID) -> ChipProduct:
    """Load a product with its parameters FOR UPDATE. Raises NotFound."""
    query = select(ChipProduct).where(ChipProduct.id == product_id).options(selectinload(ChipProduct.params))
    return lock_one(session, query, of=[ChipProduct], missing="There is no such product.", code="product_not_found")


def write(product: ChipProduct, sheet: ProductInput) -> None:
    """Put a sheet's values into a row; parameters are replaced as a whole."""
    for name in SCALARS:
        _set(product, name, getattr(sheet, name))
    _set(product, "interfaces", list(sheet.interfaces))
    for name in GROUPS:
        _set(product, name, [asdict(entry) for entry in getattr(sheet, name)])
    if tuple(map(as_param, product.params)) != sheet.params:
        product.params = [to_row(param, position) for position, param in enumerate(sheet.params)]


def to_row(param: ParamInput, position: int) -> ProductParam:
    """Return a new row of a data sheet; the unit under its canonical symbol."""
    unit = codes.find_unit(param.unit) if param.unit else None
    return ProductParam(**{**asdict(param), "unit": unit.symbol if unit else param.unit}, position=position)


def as_param(row: ProductParam) -> ParamInput:
    """Return a row of a data sheet as a plain value."""
    return ParamInput(row.key, row.min, row.typ, row.max, row.unit, row.condition, row.value_text)


def as_input(product: ChipProduct) -> ProductInput:
    """Return a product with its loaded parameters as a plain value."""
    values: dict[str, Any] = {name: getattr(product, name) for name in SCALARS}
    return ProductInput(
        **values,
        interfaces=tuple(product.interfaces),
        qualifications=tuple(Qualification(**_known(Qualification, entry)) for entry in product.qualifications),
        benchmark_parts=tuple(BenchmarkPart(**_known(BenchmarkPart, entry)) for entry in product.benchmark_parts),
        reference_customers=tuple(Reference(**_known(Reference, entry)) for entry in product.reference_customers),
        params=tuple(map(as_param, product.params)),
    )


def changed_fields(before: ProductInput, after: ProductInput) -> list[str]:
    """Return the names of the fields that differ, for the audit trail (values may be confidential)."""
    names = (*SCALARS, "interfaces", *GROUPS, "params")
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def search_text(product: ChipProduct, firm: str) -> str:
    """Return what a published product is found by."""
    category = codes.chip_categories().get(product.category)
    parent = codes.chip_categories().get(category.parent) if category else None
    names = [part for entry in (category, parent) if entry for part in (entry.zh, entry.en)]
    kinds = filter(None, (codes.parameter_kind(param.key) for param in product.params))
    lines = [
        f"{product.part_number} {product.name}",
        product.description,
        firm,
        " ".join(names),
        " ".join([*product.interfaces, product.package]),
        product.software,
        " ".join(f"{entry.get('standard', '')} {entry.get('grade', '')}" for entry in product.qualifications),
        " ".join(f"{entry.get('maker', '')} {entry.get('part', '')}" for entry in product.benchmark_parts),
        " ".join(f"{kind.name_zh} {kind.name_en}" for kind in kinds),
        "\n".join(param.value_text.replace("|", " ") for param in product.params),
    ]
    return "\n".join(filter(None, lines))


def reindex(session: Session, product: ChipProduct) -> None:
    """Bring the search index in step with a product: only published ones are found."""
    if product.state is not ProductState.PUBLISHED:
        remove_document(session, SEARCH_KIND, product.id)
        return
    firm = session.get_one(Organization, product.organization_id)
    index_document(session, SEARCH_KIND, product.id, search_text(product, f"{firm.legal_name_zh} {firm.name_en}"))


def reindex_category(session: Session, ids: Sequence[uuid.UUID]) -> None:
    """Bring the search index in step with published products whose category has another name now."""
    query = select(ChipProduct).where(ChipProduct.id.in_(ids), ChipProduct.state == ProductState.PUBLISHED)
    loaded = query.options(selectinload(ChipProduct.params), joinedload(ChipProduct.organization, innerjoin=True))
    found = session.scalars(loaded).unique()
    texts = [(p.id, search_text(p, f"{p.organization.legal_name_zh} {p.organization.name_en}")) for p in found]
    index_documents(session, SEARCH_KIND, texts)


def _set(product: ChipProduct, name: str, value: object) -> None:
    if getattr(product, name) != value:
        setattr(product, name, value)


def _known(kind: type[Any], entry: dict[str, Any]) -> dict[str, str]:
    return {name: str(entry.get(name) or "") for name in kind.__dataclass_fields__}
