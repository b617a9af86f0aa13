"""The profile of one's own organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts import labels, policy, service
from app.accounts.current import current_actor
from app.accounts.forms import OrganizationForm, option_groups, organization_values
from app.accounts.queries import company as queries
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction
from app.drafts import queries as drafts
from app.drafts import service as drafts_service
from app.drafts.registry import register_form
from app.taxonomy import lists, uscc

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.drafts.queries import Draft

bp = Blueprint("company", __name__, url_prefix="/workspace/company")
FORM = register_form("organization")


@bp.get("/")
@login_required
def show() -> ResponseReturnValue:
    session, actor = current_session(), current_actor()
    if actor.organization_id is None:
        return redirect(url_for(".new"))
    company = queries.own_company(session, actor=actor)
    requests = queries.verifications(session, actor.organization_id)
    return render_template(
        "accounts/company/show.html",
        company=company,
        state=queries.state_of(company, requests),
        last=requests[0] if requests else None,
        invitations=queries.invitations_for(session, actor=actor, now=clock.now()),
        may_edit=policy.can_edit_organization(actor, actor.organization_id),
        today=clock.today(),
        labels=labels,
        lists=lists,
    )


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    session, actor = current_session(), current_actor()
    if actor.organization_id is not None:
        return redirect(url_for(".show"))
    if request.method == "GET":
        kept = drafts.find(session, actor, FORM, "new")
        start = {"agent_name": actor.name, "agent_email": actor.email, "org_type": "enterprise"}
        return _form(OrganizationForm(formdata=kept.values if kept else None, data=start), kept=kept)
    return _save(OrganizationForm(), None)


@bp.route("/edit", methods=["GET", "POST"])
@login_required
def edit() -> ResponseReturnValue:
    session, actor = current_session(), current_actor()
    policy.can_edit_organization(actor, actor.organization_id).enforce()
    if request.method == "GET":
        kept = drafts.find(session, actor, FORM, str(actor.organization_id))
        values = organization_values(queries.own_company(session, actor=actor))
        form = OrganizationForm(formdata=kept.values) if kept else OrganizationForm(formdata=None, data=values)
        return _form(form, actor.organization_id, kept)
    return _save(OrganizationForm(), actor.organization_id)


def _save(form: OrganizationForm, organization_id: uuid.UUID | None) -> ResponseReturnValue:
    if _changes_rows(form):
        return _form(form, organization_id)
    if form.validate_on_submit():
        try:
            _write(form, organization_id)
        except RuleViolation as error:
            form.show(error)
        else:
            _tell(form)
            return redirect(url_for(".show"), 303)
    return _form(form, organization_id), 422


def _changes_rows(form: OrganizationForm) -> bool:
    """Add or take away a row of labels, without saving."""
    if "add_labels" in request.form:
        if len(form.labels.entries) < form.labels.max_entries:
            form.labels.append_entry()
        return True
    place = request.form.get("remove_labels", "")
    if place.isdecimal() and int(place) < len(form.labels.entries):
        form.labels.entries.pop(int(place))
    return "remove_labels" in request.form


def _write(form: OrganizationForm, organization_id: uuid.UUID | None) -> None:
    actor, now, command = current_actor(), clock.now(), form.to_command()
    with transaction() as session:
        if organization_id is None:
            service.create_organization(session, actor=actor, command=command, now=now)
        else:
            service.save_organization(session, actor=actor, organization_id=organization_id, command=command, now=now)
        drafts_service.discard(session, actor, FORM, str(organization_id or "new"))


def _tell(form: OrganizationForm) -> None:
    flash(_("The profile has been saved."), "success")
    code = form.uscc.data or ""
    if code and uscc.check(code) is uscc.UsccResult.CHECKSUM_MISMATCH:
        flash(
            _("The last character of the credit code does not fit the others. If the licence says the same, "
              "go on: somebody will compare them."),
            "warning",
        )  # fmt: skip


def _form(form: OrganizationForm, organization_id: uuid.UUID | None = None, kept: Draft | None = None) -> str:
    session, actor = current_session(), current_actor()
    return render_template(
        "accounts/company/edit.html",
        form=form,
        organization_id=organization_id,
        fixed=queries.fixed_identity(session, actor=actor) if organization_id else None,
        kept=kept,
        draft_form=FORM,
        invitations=[] if organization_id else queries.invitations_for(session, actor=actor, now=clock.now()),
        option_groups=option_groups,
        labels=labels,
        lists=lists,
    )
