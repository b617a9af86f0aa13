"""What the owner of a challenge does once it is out of the owner's hands: ask, answer, begin again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.challenges import service
from app.challenges.desk_forms import CancelForm, ReconsiderForm
from app.challenges.routes.workspace import show_page
from app.core import clock
from app.core.errors import RuleViolation
from app.db import transaction

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("workspace_challenge_ends", __name__, url_prefix="/workspace/challenges")


def _given(challenge_id: uuid.UUID) -> dict[str, Any]:
    return {"actor": current_actor(), "challenge_id": challenge_id, "now": clock.now()}


def _back(challenge_id: uuid.UUID, message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("workspace_challenges.show", challenge_id=challenge_id), 303)


@bp.post("/<uuid:challenge_id>/request-cancellation")
@login_required
def request_cancellation(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Ask the authority to cancel a running competition."""
    form = CancelForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.request_cancellation(session, command=form.to_command(), **_given(challenge_id))
        except RuleViolation as error:
            form.show(error)
        else:
            return _back(challenge_id, _("Asked. The authority decides; until then the competition goes on."))
    return show_page(challenge_id, cancelling=form), 422


@bp.post("/<uuid:challenge_id>/reconsider")
@login_required
def reconsider(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Ask once more after a rejection."""
    form = ReconsiderForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.ask_reconsideration(session, reason=form.opinion.data or "", **_given(challenge_id))
        except RuleViolation as error:
            form.show(error)
        else:
            return _back(challenge_id, _("Asked. Experts look at the challenge once more."))
    return show_page(challenge_id, asking=form), 422


@bp.post("/<uuid:challenge_id>/merge")
@login_required
def merge(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Agree to a merger or decline it."""
    accepts = request.form.get("answer") == "accept"
    with transaction() as session:
        service.answer_merge(session, accepts=accepts, **_given(challenge_id))
    done = _("Agreed. This challenge ends in favour of the other.") if accepts else _("Declined. The province decides.")
    return _back(challenge_id, done)


@bp.post("/<uuid:challenge_id>/relist")
@login_required
def relist(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a new challenge from one without an award."""
    with transaction() as session:
        child_id = service.relist_challenge(session, **_given(challenge_id)).id
    flash(_("A new draft. Look at indicators, price and term once more, and set its dates."), "success")
    return redirect(url_for("workspace_challenges.edit", challenge_id=child_id), 303)


@bp.post("/<uuid:challenge_id>/need")
@login_required
def need(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a need to be matched from a challenge without an award."""
    with transaction() as session:
        need_id = service.need_instead(session, **_given(challenge_id)).id
    flash(_("A new draft of a need. Hand it in, and the model looks for chips."), "success")
    return redirect(url_for("workspace_needs.edit", need_id=need_id), 303)
