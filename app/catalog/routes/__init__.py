"""Pages of this slice."""

from __future__ import annotations

from app.catalog.routes.public import bp as public
from app.catalog.routes.workspace import bp as workspace

blueprints = (public, workspace)
