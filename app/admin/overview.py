"""The first page of the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.db import current_session
from app.matchmaking import labels
from app.matchmaking.queries.queue import last_run
from app.queues import desk
from app.queues.competition import competition_queues

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("desk", __name__, url_prefix="/desk")
bp.before_request(guard)


@bp.get("/")
def overview() -> ResponseReturnValue:
    """Show what waits, since when, and what went wrong."""
    session = current_session()
    return render_template(
        "desk/overview.html",
        queues=desk.overview(session),
        competition=competition_queues(session, actor=current_actor(), now=clock.now()),
        run=last_run(session),
        triggers=labels.MATCH_TRIGGERS,
    )
