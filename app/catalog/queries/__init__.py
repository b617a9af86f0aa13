"""Reading the catalogue."""

from app.catalog.queries.cards import ProductCard, product_card, product_cards
from app.catalog.queries.compare import MOST, Comparison, Picked, compare, picked
from app.catalog.queries.listing import Listing, product_listing
from app.catalog.queries.sheet import ProductSheet, product_sheet
from app.catalog.queries.workspace import OwnProduct, counts_by_state, own_products

__all__ = [
    "MOST", "Comparison", "Listing", "OwnProduct", "Picked", "ProductCard", "ProductSheet", "compare",
    "counts_by_state", "own_products", "picked", "product_card", "product_cards", "product_listing", "product_sheet",
]  # fmt: skip
