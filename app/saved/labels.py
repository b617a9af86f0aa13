"""How the lists that can be searched are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.saved.models import SearchKind

KINDS = {
    SearchKind.PRODUCTS: _l("Chips"),
    SearchKind.NEEDS: _l("Needs"),
    SearchKind.CHALLENGES: _l("Challenges"),
}
ENDPOINTS = {
    SearchKind.PRODUCTS: "products.list",
    SearchKind.NEEDS: "needs.list",
    SearchKind.CHALLENGES: "challenges.list",
}
