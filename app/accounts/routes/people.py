"""The people of an organisation, and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts import labels, policy, service
from app.accounts.current import current_actor
from app.accounts.forms import InviteForm
from app.accounts.queries import company as queries
from app.accounts.routes.company import bp
from app.core import clock
from app.core.actor import MemberRole
from app.core.errors import RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue


@bp.route("/people", methods=["GET", "POST"])
@login_required
def people() -> ResponseReturnValue:
    """List members and invitations; a POST invites."""
    actor = current_actor()
    if actor.organization_id is None:
        return redirect(url_for(".new"))
    form = InviteForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                role = MemberRole(form.role.data)
                service.invite(session, actor=actor, email=form.email.data, role=role, now=clock.now())
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data), "success")
            return redirect(url_for(".people"), 303)
    return render_template(
        "accounts/company/people.html",
        form=form,
        people=queries.people(current_session(), actor=actor, now=clock.now()),
        may_manage=policy.can_manage_people(actor, actor.organization_id),
        labels=labels,
    ), 422 if form.errors else 200


@bp.post("/people/<uuid:membership_id>/role")
@login_required
def change_role(membership_id: uuid.UUID) -> ResponseReturnValue:
    wanted = request.form.get("role", "")
    if wanted not in set(MemberRole):
        raise RuleViolation("There is no such role.", code="role_unknown")
    with transaction() as session:
        service.change_role(session, actor=current_actor(), membership_id=membership_id, role=MemberRole(wanted))
    flash(_("The role has been changed."), "success")
    return redirect(url_for(".people"), 303)


@bp.post("/people/<uuid:membership_id>/remove")
@login_required
def remove(membership_id: uuid.UUID) -> ResponseReturnValue:
    with transaction() as session:
        service.remove_member(session, actor=current_actor(), membership_id=membership_id)
    flash(_("The person no longer acts for your organisation."), "success")
    return redirect(url_for(".people"), 303)


@bp.post("/people/<uuid:membership_id>/transfer")
@login_required
def transfer(membership_id: uuid.UUID) -> ResponseReturnValue:
    with transaction() as session:
        service.transfer_ownership(session, actor=current_actor(), membership_id=membership_id)
    flash(_("The organisation has a new owner; you are an editor now."), "success")
    return redirect(url_for(".people"), 303)


@bp.post("/people/leave")
@login_required
def leave() -> ResponseReturnValue:
    with transaction() as session:
        service.leave(session, actor=current_actor())
    flash(_("You have left the organisation."), "success")
    return redirect(url_for(".new"), 303)


@bp.post("/invitations/<uuid:invitation_id>/accept")
@login_required
def accept(invitation_id: uuid.UUID) -> ResponseReturnValue:
    with transaction() as session:
        joined = service.accept_invitation(
            session, actor=current_actor(), invitation_id=invitation_id, now=clock.now()
        ).legal_name_zh
    flash(_("Welcome to %(organization)s.", organization=joined), "success")
    return redirect(url_for("web.workspace"), 303)


@bp.post("/invitations/<uuid:invitation_id>/decline")
@login_required
def decline(invitation_id: uuid.UUID) -> ResponseReturnValue:
    with transaction() as session:
        service.decline_invitation(session, actor=current_actor(), invitation_id=invitation_id, now=clock.now())
    flash(_("The invitation has been declined."), "info")
    return redirect(url_for(".new"), 303)


@bp.post("/invitations/<uuid:invitation_id>/revoke")
@login_required
def revoke(invitation_id: uuid.UUID) -> ResponseReturnValue:
    with transaction() as session:
        service.revoke_invitation(session, actor=current_actor(), invitation_id=invitation_id, now=clock.now())
    flash(_("The invitation has been taken back."), "success")
    return redirect(url_for(".people"), 303)
