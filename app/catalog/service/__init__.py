"""Changing product sheets and importing them."""

from app.catalog.service.imports import (
    check_import,
    commit_import,
    discard_import,
    queue_check,
    queue_commit,
    start_import,
)
from app.catalog.service.lifecycle import archive_product, confirm_product, publish_product, restore_product
from app.catalog.service.save import create_product, update_product
from app.catalog.service.takeover import judged

__all__ = [
    "archive_product", "check_import", "commit_import", "confirm_product", "create_product",
    "discard_import", "judged", "publish_product", "queue_check", "queue_commit", "restore_product", "start_import",
    "update_product",
]  # fmt: skip
