"""Changing product sheets and importing them."""

from app.catalog.service.lifecycle import archive_product, confirm_product, publish_product, restore_product
from app.catalog.service.save import create_product, update_product

__all__ = [
    "archive_product", "confirm_product", "create_product", "publish_product", "restore_product", "update_product",
]  # fmt: skip
