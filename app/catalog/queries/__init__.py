"""Reading the catalogue."""

from app.catalog.queries.cards import ProductCard, product_card, product_cards
from app.catalog.queries.compare import Comparison, compare
from app.catalog.queries.sheet import ProductSheet, product_sheet
from app.catalog.queries.workspace import OwnProduct, counts_by_state, own_products

__all__ = [
    "Comparison", "OwnProduct", "ProductCard", "ProductSheet", "compare", "counts_by_state", "own_products",
    "product_card", "product_cards", "product_sheet",
]  # fmt: skip
