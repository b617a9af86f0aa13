"""Requirements against offers, as tables for people."""

from __future__ import annotations

from app.compliance.matrix import Cell, MatrixView, Offer, Promise, Row, matrix, name_of, requirement_text
from app.compliance.requirements import Asked, Flaw
from matching.values import show_number

__all__ = [
    "Asked", "Cell", "Flaw", "MatrixView", "Offer", "Promise", "Row", "matrix", "name_of", "requirement_text",
    "show_number",
]  # fmt: skip
