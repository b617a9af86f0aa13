"""What the desk keeps beside the queue: pairs of companies that are left out, and saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.pairings import VIEW_ARGUMENTS, bp, card_page, next_page
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.matchmaking import policy, service
from app.matchmaking.forms import RejectForm
from app.matchmaking.queries import queue as queries

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue


@bp.post("/<uuid:suggestion_id>/exclude")
def exclude(suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Suggest the two companies to each other for no need any more."""
    actor, reason = current_actor(), request.form.get("reason", "").strip()[:500]
    try:
        with transaction() as session:
            service.exclude_pair(session, actor=actor, suggestion_id=suggestion_id, reason=reason, now=clock.now())
    except (Conflict, RuleViolation) as error:
        return card_page(suggestion_id, RejectForm(formdata=None), error), error.status
    flash(_("These two companies are suggested to each other no more."), "success")
    return redirect(next_page(), 303)


@bp.get("/excluded")
def excluded() -> ResponseReturnValue:
    """Show the pairs of companies that are left out."""
    actor = current_actor()
    return render_template(
        "desk/pairings/excluded.html",
        page=queries.exclusions(current_session(), actor=actor, page=request.args.get("page", 1, int)),
        decision=policy.can_decide(actor),
    )


@bp.post("/excluded/<uuid:exclusion_id>/lift")
def lift(exclusion_id: uuid.UUID) -> ResponseReturnValue:
    """Let two companies be suggested to each other again."""
    with transaction() as session:
        service.lift_exclusion(session, actor=current_actor(), exclusion_id=exclusion_id)
    flash(_("The two may be suggested to each other again, from the next computation on."), "success")
    return redirect(url_for(".excluded"), 303)


@bp.post("/views")
def save_view() -> ResponseReturnValue:
    """Keep the filter of the queue under a name."""
    arguments: dict[str, Any] = {
        name: request.form.get(name, "")[:100] for name in VIEW_ARGUMENTS if request.form.get(name)
    }
    try:
        with transaction() as session:
            name = request.form.get("name", "").strip()
            service.save_view(session, actor=current_actor(), name=name, arguments=arguments, now=clock.now())
    except RuleViolation as error:
        flash(_(error.message), "error")
    else:
        flash(_("Saved. You find this view above the queue."), "success")
    return redirect(url_for(".list", **arguments), 303)


@bp.post("/views/<uuid:view_id>/remove")
def remove_view(view_id: uuid.UUID) -> ResponseReturnValue:
    """Forget a saved view."""
    with transaction() as session:
        service.remove_view(session, actor=current_actor(), view_id=view_id)
    flash(_("The view is removed."), "success")
    return redirect(url_for(".list"), 303)
