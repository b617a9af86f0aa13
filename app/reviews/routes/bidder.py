"""What a bidder sees of the format check of its bid, and its one chance to correct."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.reviews import labels, policy, service
from app.reviews.forms import CorrectionForm
from app.reviews.queries.format import own_check

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("workspace_format", __name__, url_prefix="/workspace/bids")


@bp.get("/<uuid:bid_id>/format")
@login_required
def show(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Show what the format check has found so far."""
    return _page(bid_id, CorrectionForm(formdata=None))


@bp.post("/<uuid:bid_id>/format")
@login_required
def correct(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Hand in the correction."""
    form, status = CorrectionForm(), 422
    if form.validate_on_submit():
        limit = current_app.extensions["chipbridge_settings"].max_file_bytes
        try:
            with transaction() as session:
                service.correct_bid(
                    session, actor=current_actor(), bid_id=bid_id, text=form.text.data, upload=form.upload.data or None,
                    max_bytes=limit, now=clock.now(),
                )  # fmt: skip
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(_("The correction is handed in. You are told of the result."), "success")
            return redirect(url_for(".show", bid_id=bid_id), 303)
    return _page(bid_id, form), status


def _page(bid_id: uuid.UUID, form: CorrectionForm) -> str:
    actor = current_actor()
    check = own_check(current_session(), actor=actor, bid_id=bid_id)
    decision = policy.can_correct(actor, organization_id=actor.organization_id)
    return render_template("workspace/reviews/format.html", check=check, form=form, labels=labels, decision=decision)
