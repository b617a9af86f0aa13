"""Pages of this slice; those of the desk are in ``app.admin.event_desk``."""

from __future__ import annotations

from app.events.routes.meetings import bp as meetings
from app.events.routes.public import bp as public
from app.events.routes.public import feed_bp as feed
from app.events.routes.workspace import bp as workspace

blueprints = (public, workspace, meetings, feed)
