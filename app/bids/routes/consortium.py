"""The consortium of a bid: the lead's page, and the invitations of the firms that are asked."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.bids import labels, policy, service
from app.bids.member_forms import MemberForm, PartForm
from app.bids.queries import consortium as queries
from app.bids.routes.workspace import bp
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue


@bp.get("/<uuid:bid_id>/members/")
@login_required
def members(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Show who takes part in a bid, and the form to ask another firm."""
    return _page(bid_id, MemberForm(formdata=None))


@bp.post("/<uuid:bid_id>/members/")
@login_required
def invite(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Ask a firm to take part."""
    form = MemberForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.invite_member(
                    session, actor=current_actor(), bid_id=bid_id, command=form.to_command(), now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(
                _("Asked. The firm finds the invitation in its workspace; the message to it does not say why."),
                "success",
            )
            return redirect(url_for(".members", bid_id=bid_id), 303)
    return _page(bid_id, form), 422


@bp.route("/<uuid:bid_id>/members/<uuid:member_id>", methods=["GET", "POST"])
@login_required
def change_member(bid_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Change what a firm is asked to do; it then has to consent anew."""
    actor = current_actor()
    page = queries.members_page(current_session(), actor=actor, bid_id=bid_id)
    member = page.member(member_id)
    form = PartForm(part=member.part, share=Decimal(member.share) if member.share else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                with transaction() as session:
                    service.change_member(
                        session, actor=actor, bid_id=bid_id, member_id=member_id, command=form.to_change(),
                        now=clock.now(),
                    )  # fmt: skip
            except RuleViolation as error:
                form.show(error)
            else:
                flash(_("Changed. The firm is asked anew; its consent no longer counts."), "success")
                return redirect(url_for(".members", bid_id=bid_id), 303)
    decision = policy.can_change(actor, organization_id=actor.organization_id) if actor.organization_id else None
    return render_template("workspace/bids/member.html", page=page, member=member, form=form, decision=decision), status


@bp.post("/<uuid:bid_id>/members/<uuid:member_id>/remove")
@login_required
def remove_member(bid_id: uuid.UUID, member_id: uuid.UUID) -> ResponseReturnValue:
    """Go on without a firm."""
    with transaction() as session:
        service.remove_member(session, actor=current_actor(), bid_id=bid_id, member_id=member_id, now=clock.now())
    flash(_("The firm no longer takes part."), "success")
    return redirect(url_for(".members", bid_id=bid_id), 303)


@bp.get("/invitations/")
@login_required
def invitations() -> ResponseReturnValue:
    """Show in whose bids the firm is asked to take part."""
    actor = current_actor()
    return render_template(
        "workspace/bids/invitations.html",
        invitations=queries.invitations(current_session(), actor=actor, now=clock.now()),
        decision=policy.can_answer_invitation(actor),
        labels=labels,
    )


@bp.post("/invitations/<uuid:member_id>/<any(consent, decline):event>")
@login_required
def answer(member_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Answer an invitation for the firm."""
    with transaction() as session:
        service.answer_invitation(
            session, actor=current_actor(), member_id=member_id, is_consenting=event == "consent", now=clock.now()
        )
    if event == "consent":
        flash(_("Your firm has consented. Until the bid is submitted you can step back."), "success")
    else:
        flash(_("Your firm does not take part."), "success")
    return redirect(url_for(".invitations"), 303)


def _page(bid_id: uuid.UUID, form: MemberForm) -> str:
    actor = current_actor()
    return render_template(
        "workspace/bids/members.html",
        page=queries.members_page(current_session(), actor=actor, bid_id=bid_id),
        decision=policy.can_change(actor, organization_id=actor.organization_id) if actor.organization_id else None,
        form=form,
        labels=labels,
    )
