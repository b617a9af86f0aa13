"""Every state of a sheet, and of an import, against every event."""

from __future__ import annotations

from itertools import product

import pytest

from app.catalog.workflow import (
    IMPORT_WORKFLOW,
    PRODUCT_WORKFLOW,
    ImportEvent,
    ImportState,
    ProductEvent,
    ProductState,
)
from app.core.errors import Conflict

SHEET = {
    (ProductState.DRAFT, ProductEvent.PUBLISH): ProductState.PUBLISHED,
    (ProductState.DRAFT, ProductEvent.ARCHIVE): ProductState.ARCHIVED,
    (ProductState.PUBLISHED, ProductEvent.ARCHIVE): ProductState.ARCHIVED,
    (ProductState.ARCHIVED, ProductEvent.RESTORE): ProductState.DRAFT,
}
IMPORT = {
    (ImportState.UPLOADED, ImportEvent.CHECK): ImportState.CHECKED,
    (ImportState.CHECKED, ImportEvent.CHECK): ImportState.CHECKED,
    (ImportState.CHECKED, ImportEvent.COMMIT): ImportState.COMMITTED,
    (ImportState.UPLOADED, ImportEvent.DISCARD): ImportState.DISCARDED,
    (ImportState.CHECKED, ImportEvent.DISCARD): ImportState.DISCARDED,
}


@pytest.mark.parametrize(("pair", "target"), SHEET.items())
def test_a_legal_step_of_a_sheet_leads_where_the_domain_says(
    pair: tuple[ProductState, ProductEvent], target: ProductState
) -> None:
    assert PRODUCT_WORKFLOW.step(*pair) is target


@pytest.mark.parametrize("pair", [pair for pair in product(ProductState, ProductEvent) if pair not in SHEET])
def test_every_other_step_of_a_sheet_is_a_conflict(pair: tuple[ProductState, ProductEvent]) -> None:
    with pytest.raises(Conflict):
        PRODUCT_WORKFLOW.step(*pair)


@pytest.mark.parametrize(("pair", "target"), IMPORT.items())
def test_a_legal_step_of_an_import_leads_where_the_wizard_says(
    pair: tuple[ImportState, ImportEvent], target: ImportState
) -> None:
    assert IMPORT_WORKFLOW.step(*pair) is target


@pytest.mark.parametrize("pair", [pair for pair in product(ImportState, ImportEvent) if pair not in IMPORT])
def test_every_other_step_of_an_import_is_a_conflict(pair: tuple[ImportState, ImportEvent]) -> None:
    with pytest.raises(Conflict):
        IMPORT_WORKFLOW.step(*pair)


def test_a_sheet_begins_as_a_draft() -> None:
    assert PRODUCT_WORKFLOW.initial is ProductState.DRAFT
