"""The pool of experts at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands import names
from app.demands.forms import change_rows
from app.reviews import labels, policy, service
from app.reviews.criteria import SIDES
from app.reviews.forms import ExpertForm
from app.reviews.queries import experts as queries

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_experts", __name__, url_prefix="/desk/experts")
bp.before_request(guard)
MAX_QUERY = 100


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of the pool."""
    side, actor = request.args.get("side", ""), current_actor()
    wanted = queries.ExpertFilter(
        side=side if side in SIDES else "", text=request.args.get("q", "").strip()[:MAX_QUERY]
    )
    page = queries.expert_list(current_session(), actor=actor, wanted=wanted, page=request.args.get("page", 1, int))
    return render_template(
        "desk/experts/list.html",
        page=page,
        wanted=wanted,
        labels=labels,
        names=names,
        decision=policy.can_manage_experts(actor),
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Register somebody; the portal writes to them."""
    actor, form = current_actor(), ExpertForm()
    policy.can_manage_experts(actor).enforce()
    if request.method == "GET":
        return _page(form)
    if change_rows(form, request.form):
        return _page(form)
    status = 422
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.register_expert(session, actor=actor, command=form.to_command(), now=clock.now())
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(_("Registered. The portal has written to the expert."), "success")
            return redirect(url_for(".list"), 303)
    return _page(form), status


@bp.route("/<uuid:expert_id>", methods=["GET", "POST"])
def edit(expert_id: uuid.UUID) -> ResponseReturnValue:
    """Show one expert and change the record."""
    actor = current_actor()
    view = queries.expert_page(current_session(), actor=actor, expert_id=expert_id)
    if request.method == "GET":
        return _page(ExpertForm.of(view.content), view)
    policy.can_manage_experts(actor).enforce()
    form, status = ExpertForm(), 422
    if change_rows(form, request.form):
        return _page(form, view)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.save_expert(
                    session, actor=actor, expert_id=expert_id, command=form.to_command(), now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".list"), 303)
    return _page(form, view), status


def _page(form: ExpertForm, view: queries.ExpertView | None = None) -> str:
    return render_template(
        "desk/experts/edit.html",
        form=form,
        view=view,
        labels=labels,
        decision=policy.can_manage_experts(current_actor()),
    )
