"""Amendments that wait for the authority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.challenges.impartial import can_judge
from app.clarifications import amend_queries as queries
from app.clarifications import labels, policy, service
from app.clarifications.amend_forms import AmendmentOpinionForm
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_amendments", __name__, url_prefix="/desk/amendments")
bp.before_request(guard)
DECIDE = {"approve": service.approve_amendment, "return": service.return_amendment}


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show the amendments that wait, oldest first."""
    page = queries.queue(current_session(), page=request.args.get("page", 1, int), now=clock.now())
    return render_template("desk/amendments/list.html", page=page, labels=labels)


@bp.get("/<uuid:amendment_id>")
def show(amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Show one amendment: what is, what is to be, and the two decisions."""
    return _page(amendment_id, AmendmentOpinionForm(formdata=None))


@bp.post("/<uuid:amendment_id>/<any(approve, return):event>")
def decide(amendment_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Put an amendment in force, or send it back."""
    form, status = AmendmentOpinionForm(), 422
    if form.validate_on_submit():
        try:
            with transaction() as session:
                DECIDE[event](
                    session,
                    actor=current_actor(),
                    amendment_id=amendment_id,
                    opinion=form.opinion.data or "",
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(
                _("In force as a new edition; everybody concerned is told.")
                if event == "approve"
                else _("Returned to the company."),
                "success",
            )
            return redirect(url_for(".list"), 303)
    return _page(amendment_id, form), status


def _page(amendment_id: uuid.UUID, form: AmendmentOpinionForm) -> str:
    session, actor, now = current_session(), current_actor(), clock.now()
    amendment = queries.amendment_page(session, actor=actor, amendment_id=amendment_id, now=now)
    return render_template(
        "desk/amendments/show.html",
        amendment=amendment,
        decision=policy.can_decide(actor) and can_judge(session, actor, amendment.challenge_id, now),
        form=form,
        labels=labels,
    )
