"""The proposed team of a posting, for its owner; the desk has the same page at its own place."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, render_template, request
from flask_login import login_required

from app.accounts.current import current_actor
from app.core.errors import NotFound
from app.db import current_session
from app.matchmaking import engine, teams
from app.matchmaking.queries.teams import team_posting

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("workspace_teams", __name__, url_prefix="/workspace/teams")
MAX_WITHOUT = 20


@bp.get("/<uuid:need_id>")
@login_required
def show(need_id: uuid.UUID) -> ResponseReturnValue:
    """Show who could meet every must of one of the company's postings together."""
    found = page(need_id)
    if not current_actor().belongs_to(found["posting"].owner_id):
        raise NotFound("There is no such posting.", code="need_not_found")
    return render_template("workspace/teams/show.html", **found)


def page(need_id: uuid.UUID) -> dict[str, Any]:
    """Return what the page shows; the address may name a lead and firms to leave out."""
    session = current_session()
    posting = team_posting(session, actor=current_actor(), need_id=need_id)
    without = [one for text in request.args.getlist("without")[:MAX_WITHOUT] if (one := _id(text))]
    lead = _id(request.args.get("lead", ""))
    team = None
    if posting.is_open:
        matcher = engine.current_matcher(session, current_app.extensions["chipbridge_settings"].model_dir)
        team = teams.propose(session, matcher, posting, lead=lead, without=list(dict.fromkeys(without)))
    return {"posting": posting, "team": team, "lead": lead, "without": without}


def _id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return ""
