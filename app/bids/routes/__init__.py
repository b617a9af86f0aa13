"""Pages of this slice."""

from __future__ import annotations

from app.bids import sealing  # noqa: F401 - tells every list what to leave out
from app.bids.routes import editor  # noqa: F401 - adds its pages to the blueprint
from app.bids.routes.workspace import bp

blueprints = (bp,)
