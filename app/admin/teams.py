"""The proposed team of a posting at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from app.admin.access import guard
from app.matchmaking import team_pages

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_teams", __name__, url_prefix="/desk/teams")
bp.before_request(guard)


@bp.get("/<uuid:need_id>")
def show(need_id: uuid.UUID) -> ResponseReturnValue:
    """Show who could meet every must of a posting together."""
    return render_template("desk/teams/show.html", **team_pages.page(need_id))
