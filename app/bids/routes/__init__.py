"""Pages of this slice."""

from __future__ import annotations

from app.bids import parties, sealing  # noqa: F401 - tell others who takes part and what to leave out
from app.bids.routes import (
    commitments,
    consortium,  # noqa: F401 - adds its pages to the blueprint
    editor,  # noqa: F401 - adds its pages to the blueprint
    intent,  # noqa: F401 - adds its pages to the blueprint
    openings,
    workspace,
)

blueprints = (workspace.bp, openings.bp, commitments.bp)
