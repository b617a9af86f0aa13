"""Pages of this slice."""

from __future__ import annotations

from app.demands.routes.public import bp as public
from app.demands.routes.workspace import bp as workspace

blueprints = (public, workspace)
