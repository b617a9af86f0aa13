"""Messages that companies reported: withhold them, or leave them in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.db import current_session, transaction
from app.matchmaking import labels, policy, service
from app.matchmaking.queries import thread as queries
from app.matchmaking.workflow import ReportEvent, ReportState

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_messages", __name__, url_prefix="/desk/messages")
bp.before_request(guard)


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of reported messages."""
    session, actor = current_session(), current_actor()
    asked = request.args.get("state", "")
    state = ReportState(asked) if asked in set(ReportState) else ReportState.OPEN
    return render_template(
        "desk/messages/list.html",
        page=queries.reports(session, actor=actor, state=state, page=request.args.get("page", 1, int)),
        state=state,
        counts=queries.report_counts(session),
        decision=policy.can_judge_reports(actor),
        labels=labels,
    )


@bp.post("/<uuid:report_id>/<any(uphold, dismiss):event>")
def decide(report_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Withhold the message, or leave it in place, with reasons."""
    with transaction() as session:
        service.decide_report(
            session,
            actor=current_actor(),
            report_id=report_id,
            event=ReportEvent(event),
            decision=request.form.get("decision", "").strip()[:500],
            now=clock.now(),
        )
    flash(_("The message is withheld.") if event == "uphold" else _("The message stays in place."), "success")
    return redirect(url_for(".list"), 303)
