"""Pages of this slice."""

from __future__ import annotations

from app.challenges.routes.ending import bp as ending
from app.challenges.routes.public import bp as public
from app.challenges.routes.workspace import bp as workspace

blueprints = (public, workspace, ending)
