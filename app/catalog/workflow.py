"""Whether a product sheet is shown, and how an import proceeds."""

from __future__ import annotations

from enum import StrEnum

from app.core.workflow import Workflow


class ProductState(StrEnum):
    """Whether a sheet is in the catalogue."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class ProductEvent(StrEnum):
    """What its firm does with it."""

    PUBLISH = "publish"
    ARCHIVE = "archive"
    RESTORE = "restore"


PRODUCT_WORKFLOW = Workflow(
    initial=ProductState.DRAFT,
    arrows={
        (ProductState.DRAFT, ProductEvent.PUBLISH): ProductState.PUBLISHED,
        (ProductState.PUBLISHED, ProductEvent.ARCHIVE): ProductState.ARCHIVED,
        (ProductState.DRAFT, ProductEvent.ARCHIVE): ProductState.ARCHIVED,
        (ProductState.ARCHIVED, ProductEvent.RESTORE): ProductState.DRAFT,
    },
)


class ImportState(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"
    CHECKED = "checked"
    COMMITTED = "committed"
    DISCARDED = "discarded"


class ImportEvent(StrEnum):
    """Steps of the import wizard."""

    CHECK = "check"
    COMMIT = "commit"
    DISCARD = "discard"


IMPORT_WORKFLOW = Workflow(
    initial=ImportState.UPLOADED,
    arrows={
        (ImportState.UPLOADED, ImportEvent.CHECK): ImportState.CHECKED,
        (ImportState.CHECKED, ImportEvent.CHECK): ImportState.CHECKED,
        (ImportState.CHECKED, ImportEvent.COMMIT): ImportState.COMMITTED,
        (ImportState.UPLOADED, ImportEvent.DISCARD): ImportState.DISCARDED,
        (ImportState.CHECKED, ImportEvent.DISCARD): ImportState.DISCARDED,
    },
)
