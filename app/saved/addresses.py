"""Searches as the query strings of their lists, in one order, so that the same search is known again."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from app.saved.models import SearchKind

KEYS = {
    SearchKind.PRODUCTS: ("q", "category", "grade", "stage", "city", "sample", "safety", "param", "firm"),
    SearchKind.NEEDS: ("q", "terminal", "category", "city", "grade"),
    SearchKind.CHALLENGES: ("q", "mode", "terminal", "category", "city"),
}
"""What narrows each list; order, page and view do not."""
PATHS = {SearchKind.PRODUCTS: "/products/", SearchKind.NEEDS: "/needs/", SearchKind.CHALLENGES: "/challenges/"}
MAX_QUERY = 800


def normalised(kind: SearchKind, query: str) -> str:
    """Return a query string with what narrows the list only, sorted."""
    return urlencode(sorted(set(asked(kind, query))))


def asked(kind: SearchKind, query: str) -> list[tuple[str, str]]:
    """Return name and value of everything in a query string that narrows the list."""
    pairs = parse_qsl(query.lstrip("?")[: 4 * MAX_QUERY])
    return [(name, value.strip()) for name, value in pairs if name in KEYS[kind] and value.strip()]


def path(kind: SearchKind, query: str) -> str:
    """Return the address of the list under a search."""
    return PATHS[kind] + (f"?{query}" if query else "")


def item_path(kind: SearchKind, subject_id: object) -> str:
    """Return the address of one thing of a list."""
    return f"{PATHS[kind]}{subject_id}"
