"""A company objects, follows its objection, asks again, takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.awards import labels, policy, service
from app.awards.forms import AgainForm, ObjectionForm
from app.awards.queries import objections as queries
from app.awards.queries import pages
from app.challenges import queries as challenges
from app.core import clock
from app.core.errors import Conflict, NotFound, RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.awards.queries.views import NoticeView

bp = Blueprint("workspace_objections", __name__, url_prefix="/workspace/objections")


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show what the company has objected to."""
    actor = current_actor()
    found = queries.of_company(current_session(), actor=actor) if actor.organization_id else ()
    return render_template("workspace/objections/list.html", objections=found, labels=labels)


@bp.get("/new/<uuid:challenge_id>")
@login_required
def new(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form."""
    return _form_page(challenge_id, ObjectionForm(formdata=None))


@bp.post("/new/<uuid:challenge_id>")
@login_required
def create(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Hand an objection in."""
    form, status = ObjectionForm(), 422
    _offer(form, _notice(challenge_id))
    if form.validate_on_submit():
        try:
            return _filed(challenge_id, form)
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
    return _form_page(challenge_id, form), status


def _filed(challenge_id: uuid.UUID, form: ObjectionForm) -> ResponseReturnValue:
    settings = current_app.extensions["chipbridge_settings"]
    with transaction() as session:
        objection = service.file_objection(
            session,
            actor=current_actor(),
            challenge_id=challenge_id,
            command=form.to_command(),
            uploads=form.evidence.data or (),
            max_bytes=settings.max_file_bytes,
            now=clock.now(),
        )
        objection_id = objection.id
    flash(_("Received. Nobody but the authority and the supervisor learns who objects."), "success")
    return redirect(url_for(".show", objection_id=objection_id), 303)


@bp.get("/<uuid:objection_id>")
@login_required
def show(objection_id: uuid.UUID) -> ResponseReturnValue:
    """Show one objection with its clocks and its decision."""
    return _show(objection_id, AgainForm(formdata=None))


@bp.post("/<uuid:objection_id>/again")
@login_required
def again(objection_id: uuid.UUID) -> ResponseReturnValue:
    """Ask the authority to look at a dismissed objection once more."""
    form, status = AgainForm(), 422
    if form.validate_on_submit():
        try:
            with transaction() as session:
                given: dict[str, Any] = {"actor": current_actor(), "now": clock.now()}
                second = service.ask_again(session, objection_id=objection_id, text=form.text.data or "", **given)
                second_id = second.id
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(_("Received. The authority looks at it once more."), "success")
            return redirect(url_for(".show", objection_id=second_id), 303)
    return _show(objection_id, form), status


@bp.post("/<uuid:objection_id>/withdraw")
@login_required
def withdraw(objection_id: uuid.UUID) -> ResponseReturnValue:
    """Take an objection back."""
    with transaction() as session:
        service.withdraw_objection(session, actor=current_actor(), objection_id=objection_id, now=clock.now())
    flash(_("The objection is taken back."), "success")
    return redirect(url_for(".show", objection_id=objection_id), 303)


@bp.post("/<uuid:objection_id>/waive")
@login_required
def waive(objection_id: uuid.UUID) -> ResponseReturnValue:
    """Say that one will not ask again, so that the award need not wait."""
    with transaction() as session:
        service.waive_asking_again(session, actor=current_actor(), objection_id=objection_id, now=clock.now())
    flash(_("Noted. The award does not wait for you any longer."), "success")
    return redirect(url_for(".show", objection_id=objection_id), 303)


def _show(objection_id: uuid.UUID, form: AgainForm) -> str:
    objection = queries.objection_page(current_session(), actor=current_actor(), objection_id=objection_id)
    if not current_actor().belongs_to(objection.organization_id):
        raise NotFound("There is no such objection.", code="objection_not_found")
    return render_template("workspace/objections/show.html", objection=objection, form=form, labels=labels)


def _notice(challenge_id: uuid.UUID) -> NoticeView:
    found = pages.public_notices(current_session(), challenge_id)
    if not found:
        raise NotFound("There is no public notice for this challenge yet.", code="no_notice")
    return found[0]


def _offer(form: ObjectionForm, notice: NoticeView) -> None:
    told = [*notice.content["winners"], *notice.content["reserve"]]
    form.offer([(firm["bid_id"], firm["name"]) for firm in told])


def _form_page(challenge_id: uuid.UUID, form: ObjectionForm) -> str:
    session, actor, notice = current_session(), current_actor(), _notice(challenge_id)
    _offer(form, notice)
    challenge = challenges.challenge_page(session, actor=actor, challenge_id=challenge_id, now=clock.now())
    return render_template(
        "workspace/objections/new.html",
        challenge=challenge,
        notice=notice,
        form=form,
        decision=policy.can_object(actor, owner_id=challenge.need.organization_id),
        labels=labels,
    )
