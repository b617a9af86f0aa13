"""Officers declare their interests in companies: about those they decide nothing."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts import labels, service
from app.accounts.current import current_actor
from app.accounts.interest_forms import InterestForm
from app.accounts.queries import interests as queries
from app.admin.access import guard
from app.audit.labels import CAPACITIES
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_interests", __name__, url_prefix="/desk/interests")
bp.before_request(guard)


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show what the reader has declared, and the form."""
    return _page(InterestForm(formdata=None))


@bp.post("/")
def declare() -> ResponseReturnValue:
    """Declare an interest."""
    form, status = InterestForm(), 422
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.declare_interest(session, actor=current_actor(), command=form.to_command(), now=clock.now())
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(_("Declared. Competitions of this company are decided by another officer."), "success")
            return redirect(url_for(".list"), 303)
    return _page(form), status


@bp.post("/<uuid:interest_id>/end")
def end(interest_id: uuid.UUID) -> ResponseReturnValue:
    """Say that an interest is over."""
    with transaction() as session:
        service.end_interest(session, actor=current_actor(), interest_id=interest_id, now=clock.now())
    flash(_("Noted. It counts for three years more."), "success")
    return redirect(url_for(".list"), 303)


def _page(form: InterestForm) -> str:
    actor = current_actor()
    page = queries.interests_page(current_session(), actor=actor, now=clock.now())
    return render_template("desk/interests.html", page=page, form=form, labels=labels, capacities=CAPACITIES)
