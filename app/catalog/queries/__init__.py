"""Reading the catalogue."""

from app.catalog.queries.cards import ProductCard, product_card, product_cards
from app.catalog.queries.compare import MOST, Comparison, Picked, compare, picked
from app.catalog.queries.listing import Listing, product_listing
from app.catalog.queries.sheet import ProductSheet, product_sheet
from app.catalog.queries.similar import SimilarProduct, Substitutes, similar_products, substitutes_page
from app.catalog.queries.workspace import (
    TABS,
    OwnProduct,
    missing_to_publish,
    own_product,
    own_products,
    own_view,
    tab_counts,
)

__all__ = [
    "MOST", "TABS", "Comparison", "Listing", "OwnProduct", "Picked", "ProductCard", "ProductSheet", "SimilarProduct",
    "Substitutes", "compare", "missing_to_publish", "own_product", "own_products", "own_view", "picked",
    "product_card", "product_cards", "product_listing", "product_sheet", "similar_products", "substitutes_page",
    "tab_counts",
]  # fmt: skip
