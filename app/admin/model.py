"""The model as the desk sees it: what runs, how it was fitted, and how people judged what it proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.db import current_session, transaction
from app.matchmaking import labels, policy
from app.matchmaking.queries import calibration
from app.matchmaking.queries import model as queries
from app.matchmaking.service.learn import MIN_NEEDS
from app.outbox.service import publish

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_model", __name__, url_prefix="/desk/model")
bp.before_request(guard)


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show the current model: what was measured, decided, learnt and computed."""
    session = current_session()
    runs = calibration.last_runs(session)
    return render_template(
        "desk/model.html",
        runs=runs,
        current=next(iter(runs), None),
        bands=calibration.bands(session),
        decision=policy.can_recompute(current_actor()),
        triggers=labels.MATCH_TRIGGERS,
        by_version=queries.outcomes(session),
        proposals=queries.proposals(session),
        outcome_texts=labels.RANKER_OUTCOMES,
        min_needs=MIN_NEEDS,
        card=queries.measured(),
        set_names=labels.MEASURED_SETS,
    )


@bp.post("/learn")
def learn() -> ResponseReturnValue:
    """Ask the model to learn from what was decided."""
    actor = current_actor()
    policy.can_recompute(actor).enforce()
    with transaction() as session:
        publish(
            session,
            "matching.refit_ranker",
            now=clock.now(),
            key="matching.refit_ranker",
            requested_by=str(actor.user_id),
        )
    flash(_("Learning has been queued. Its result will stand on this page."), "success")
    return redirect(url_for("desk_model.show", _anchor="learning"), 303)
