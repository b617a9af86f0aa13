"""The model as the desk sees it: what runs, how it was fitted, and how people judged what it proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from app.accounts.current import current_actor
from app.admin.access import guard
from app.db import current_session
from app.matchmaking import labels, policy
from app.matchmaking.queries import calibration

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_model", __name__, url_prefix="/desk/model")
bp.before_request(guard)


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show the current model, its last computations, and decisions by score band."""
    session = current_session()
    runs = calibration.last_runs(session)
    return render_template(
        "desk/model.html",
        runs=runs,
        current=next(iter(runs), None),
        bands=calibration.bands(session),
        decision=policy.can_recompute(current_actor()),
        triggers=labels.MATCH_TRIGGERS,
    )
