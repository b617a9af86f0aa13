"""A chip firm's own products."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("workspace_products", __name__, url_prefix="/workspace/products")
