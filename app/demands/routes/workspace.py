"""A company's own needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.compliance import name_of, requirement_text
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands import labels, names, policy, service
from app.demands.forms import NeedForm, change_rows, initial
from app.demands.queries import needs as queries
from app.demands.rules import review_due
from app.demands.workflow import NEED_WORKFLOW
from app.drafts import queries as drafts
from app.drafts import service as drafts_service
from app.drafts.registry import register_form
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.demands.queries.views import NeedView
    from app.drafts.queries import Draft

bp = Blueprint("workspace_needs", __name__, url_prefix="/workspace/needs")
FORM = register_form("need")


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the company's needs by state."""
    session, actor = current_session(), current_actor()
    tab = request.args.get("tab", "all")
    tab = tab if tab in queries.TABS else "all"
    return render_template(
        "workspace/needs/list.html",
        page=queries.my_needs(session, actor=actor, tab=tab, page=request.args.get("page", 1, int)),
        counts=queries.tab_counts(session, actor=actor),
        tab=tab,
        decision=policy.can_draft(actor),
        labels=labels,
        names=names,
    )


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Begin a need; what was typed before comes back."""
    actor = current_actor()
    policy.can_draft(actor).enforce()
    if request.method == "GET":
        kept = drafts.find(current_session(), actor, FORM, "new")
        return _form(NeedForm(formdata=kept.values if kept else None), kept=kept)
    return _save(NeedForm(), None)


@bp.route("/<uuid:need_id>/edit", methods=["GET", "POST"])
@login_required
def edit(need_id: uuid.UUID) -> ResponseReturnValue:
    """Change a draft or a returned need."""
    session, actor = current_session(), current_actor()
    need, stored = queries.need_form(session, actor=actor, need_id=need_id)
    policy.can_edit(actor, organization_id=need.organization_id, state=need.state).enforce()
    if request.method == "GET":
        kept = drafts.find(session, actor, FORM, str(need_id))
        form = NeedForm(formdata=kept.values) if kept else NeedForm(formdata=None, data=initial(stored))
        return _form(form, need, kept)
    return _save(NeedForm(), need)


def _save(form: NeedForm, need: NeedView | None) -> ResponseReturnValue:
    """Save what was typed and, when the button says so, hand it in: both or nothing."""
    form.wants_complete = "submit" in request.form
    if change_rows(form, request.form):
        return _form(form, need)
    status = 422
    if form.validate_on_submit():
        try:
            need_id = _write(form, need)
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            form.take_version(need.version if need else None)
            status = 409
        else:
            if form.wants_complete:
                flash(_("Submitted. The authority reviews it; you will be told the result."), "success")
                return redirect(url_for(".show", need_id=need_id), 303)
            flash(_("Draft saved."), "success")
            return redirect(url_for(".edit", need_id=need_id), 303)
    return _form(form, need), status


def _write(form: NeedForm, need: NeedView | None) -> uuid.UUID:
    actor, command, now = current_actor(), form.to_command(), clock.now()
    with transaction() as session:
        if need is None:
            row = service.create_need(session, actor=actor, command=command, now=now)
        else:
            row = service.save_need(session, actor=actor, need_id=need.id, command=command, now=now)
        if form.wants_complete:
            service.submit_need(session, actor=actor, need_id=row.id, now=now)
        drafts_service.discard(session, actor, FORM, str(need.id) if need else "new")
        return row.id


def _form(form: NeedForm, need: NeedView | None = None, kept: Draft | None = None) -> str:
    actor = current_actor()
    owner_id = need.organization_id if need else actor.own_organization_id()
    return render_template(
        "workspace/needs/edit.html",
        form=form,
        need=need,
        kept=kept,
        form_name=FORM,
        subject=str(need.id) if need else "new",
        submission=policy.can_submit(actor, organization_id=owner_id),
        units=lists.units(),
        labels=labels,
    )


@bp.get("/<uuid:need_id>")
@login_required
def show(need_id: uuid.UUID) -> ResponseReturnValue:
    """Show one of the company's needs and what can be done with it."""
    actor = current_actor()
    need, _stored = queries.need_form(current_session(), actor=actor, need_id=need_id)
    return render_template(
        "workspace/needs/show.html",
        need=need,
        events=NEED_WORKFLOW.events(need.state),
        submission=policy.can_submit(actor, organization_id=need.organization_id),
        decision=policy.can_end(actor, organization_id=need.organization_id),
        due_at=review_due(need.submitted_at) if need.submitted_at else None,
        labels=labels,
        names=names,
        name_of=name_of,
        requirement_text=requirement_text,
    )


@bp.post("/<uuid:need_id>/submit")
@login_required
def submit(need_id: uuid.UUID) -> ResponseReturnValue:
    """Hand in what was saved; with gaps, go on to the form that shows them."""
    try:
        with transaction() as session:
            service.submit_need(session, actor=current_actor(), need_id=need_id, now=clock.now())
    except RuleViolation as error:
        return _incomplete(need_id, error)
    flash(_("Submitted. The authority reviews it; you will be told the result."), "success")
    return redirect(url_for(".show", need_id=need_id), 303)


def _incomplete(need_id: uuid.UUID, error: RuleViolation) -> ResponseReturnValue:
    need, stored = queries.need_form(current_session(), actor=current_actor(), need_id=need_id)
    form = NeedForm(formdata=None, data=initial(stored))
    form.wants_complete = True
    form.show_faults(form.find_faults())
    if not form.errors:
        form.show(error)
    return _form(form, need), 422


@bp.post("/<uuid:need_id>/cancel")
@login_required
def cancel(need_id: uuid.UUID) -> ResponseReturnValue:
    """Take the need back for good."""
    with transaction() as session:
        service.cancel_need(session, actor=current_actor(), need_id=need_id, now=clock.now())
    flash(_("The need has been cancelled."), "success")
    return redirect(url_for(".show", need_id=need_id), 303)


@bp.post("/<uuid:need_id>/close")
@login_required
def close(need_id: uuid.UUID) -> ResponseReturnValue:
    """End a published need."""
    with transaction() as session:
        service.close_need(session, actor=current_actor(), need_id=need_id, now=clock.now())
    flash(_("The need is closed. It is no longer matched."), "success")
    return redirect(url_for(".show", need_id=need_id), 303)
