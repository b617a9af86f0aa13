"""Programmes at the desk: the rules of every competition, and changing them while nothing rests on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.challenges import policy, service
from app.challenges.configurations import USUAL_WEIGHTS
from app.challenges.programme_forms import ProgrammeForm, initial_programme
from app.challenges.programme_rules import flaws
from app.challenges.queries import programmes as queries
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands import labels
from app.demands.forms import change_rows

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_programmes", __name__, url_prefix="/desk/programmes")
bp.before_request(guard)


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of programmes, open ones first."""
    return render_template(
        "desk/programmes/list.html",
        page=queries.programmes(current_session(), page=request.args.get("page", 1, int)),
        decision=policy.can_edit_programmes(current_actor()),
        labels=labels,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Begin a programme with the usual rules, or with those of another."""
    policy.can_edit_programmes(current_actor()).enforce()
    if request.method == "POST":
        return _save(ProgrammeForm())
    weights = [{"code": c.code, "name": c.name, "max": c.max} for c in USUAL_WEIGHTS]
    return _page(ProgrammeForm(formdata=None, data={"review_weights": weights}))


@bp.route("/<uuid:programme_id>", methods=["GET", "POST"])
def edit(programme_id: uuid.UUID) -> ResponseReturnValue:
    """Show a programme, and change what may still change."""
    programme = queries.programme(current_session(), programme_id)
    if request.method == "POST":
        policy.can_edit_programmes(current_actor()).enforce()
        return _save(ProgrammeForm(), programme)
    return _page(ProgrammeForm(formdata=None, data=initial_programme(programme.rules)), programme)


def _save(form: ProgrammeForm, programme: queries.ProgrammeLine | None = None) -> ResponseReturnValue:
    if change_rows(form, request.form):
        return _page(form, programme)
    status = 422
    if form.validate_on_submit():
        form.show_faults(flaws(form.to_command()))
        if not form.errors:
            try:
                return _write(form, programme)
            except RuleViolation as error:
                form.show(error)
            except Conflict as error:
                form.show(error)
                status = 409
    return _page(form, programme), status


def _write(form: ProgrammeForm, programme: queries.ProgrammeLine | None) -> ResponseReturnValue:
    actor, command, now = current_actor(), form.to_command(), clock.now()
    with transaction() as session:
        if programme is None:
            service.create_programme(session, actor=actor, command=command, now=now)
        else:
            service.save_programme(session, actor=actor, programme_id=programme.id, command=command, now=now)
    flash(_("Saved. Challenges are held to these rules from now on."), "success")
    return redirect(url_for(".list"), 303)


def _page(form: ProgrammeForm, programme: queries.ProgrammeLine | None = None) -> str:
    return render_template(
        "desk/programmes/edit.html",
        form=form,
        programme=programme,
        decision=policy.can_edit_programmes(current_actor()),
    )
