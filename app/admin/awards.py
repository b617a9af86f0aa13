"""The authority's part: confirm, return, decide objections, award, replace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.awards import labels, policy, service
from app.awards.forms import DecisionForm, OpinionForm, ProposeForm
from app.awards.queries import desk as queries
from app.awards.queries import objections, pages
from app.awards.routes import proposing
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands import labels as need_labels

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from app.core.forms import Form

bp = Blueprint("desk_awards", __name__, url_prefix="/desk/awards")
bp.before_request(guard)
CONFIRM = {"confirm": service.confirm_proposal, "return": service.return_proposal}
DECIDE = {
    "refuse": service.refuse_objection,
    "dismiss": service.dismiss_objection,
    "uphold": service.uphold_objection,
}


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show the competitions that are being decided, and those that were."""
    session, actor = current_session(), current_actor()
    tab = request.args.get("tab", "evaluating")
    tab = tab if tab in queries.TABS else "evaluating"
    return render_template(
        "desk/awards/list.html",
        page=queries.decisions(session, actor=actor, tab=tab, page=request.args.get("page", 1, int)),
        counts=queries.tab_counts(session),
        tab=tab,
        labels=labels,
        need_labels=need_labels,
    )


@bp.get("/<uuid:challenge_id>")
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show one decision with whatever can be done about it now."""
    return _page(challenge_id)


@bp.post("/<uuid:challenge_id>/propose")
def propose(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Propose the award of a government task."""
    page, form = pages.award_page(current_session(), actor=current_actor(), challenge_id=challenge_id), ProposeForm()
    status = proposing.take(page, form)
    if status != 303:
        return _page(challenge_id, form=form), status
    flash(_("Proposed. Another officer confirms it."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.post("/<uuid:challenge_id>/proposals/<uuid:proposal_id>/<any(confirm, return):event>")
def judge(challenge_id: uuid.UUID, proposal_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Confirm a proposal, which begins the public notice, or send it back."""
    form = OpinionForm()

    def act(**given: Any) -> None:
        CONFIRM[event](proposal_id=proposal_id, opinion=form.opinion.data or "", **given)

    status = _attempt(form, act)
    if status != 303:
        return _page(challenge_id, opinion=form), status
    flash(_("The public notice has begun.") if event == "confirm" else _("Returned to the proposer."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.post("/<uuid:challenge_id>/award")
def award(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Make the award."""
    with transaction() as session:
        service.award_challenge(session, actor=current_actor(), challenge_id=challenge_id, now=clock.now())
    flash(_("Awarded. Every bidder has been told."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.post("/<uuid:challenge_id>/awards/<uuid:award_id>/replace")
def replace(challenge_id: uuid.UUID, award_id: uuid.UUID) -> ResponseReturnValue:
    """End an award; the next reserve moves up."""
    with transaction() as session:
        successor = service.replace_award(
            session, actor=current_actor(), award_id=award_id, reason=request.form.get("reason", ""), now=clock.now()
        )
    if successor is None:
        flash(_("The award is cancelled; nobody was left in reserve."), "warning")
    else:
        flash(_("The next reserve has moved up."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.get("/objections/")
def objection_list() -> ResponseReturnValue:
    """Show objections, those due first."""
    tab = "decided" if request.args.get("tab") == "decided" else "open"
    page = objections.queue(current_session(), actor=current_actor(), tab=tab, page=request.args.get("page", 1, int))
    return render_template("desk/awards/objections.html", page=page, tab=tab, labels=labels)


@bp.get("/objections/<uuid:objection_id>")
def objection(objection_id: uuid.UUID) -> ResponseReturnValue:
    """Show one objection with the decisions that can be taken now."""
    return _objection_page(objection_id, DecisionForm(formdata=None))


@bp.post("/objections/<uuid:objection_id>/accept")
def accept(objection_id: uuid.UUID) -> ResponseReturnValue:
    """Take an objection up; the notice stands still."""
    with transaction() as session:
        service.accept_objection(session, actor=current_actor(), objection_id=objection_id, now=clock.now())
    flash(_("Taken up. The public notice stands still until it is decided."), "success")
    return redirect(url_for(".objection", objection_id=objection_id), 303)


@bp.post("/objections/<uuid:objection_id>/<any(refuse, dismiss, uphold):event>")
def decide(objection_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Decide an objection."""
    form = DecisionForm()

    def act(**given: Any) -> None:
        DECIDE[event](objection_id=objection_id, command=form.to_command(), **given)

    status = _attempt(form, act)
    if status != 303:
        return _objection_page(objection_id, form), status
    flash(_("Decided. The objector reads the reasons."), "success")
    return redirect(url_for(".objection", objection_id=objection_id), 303)


def _attempt(form: Form, act: Callable[..., object]) -> int:
    """Run a service with a valid form; return 303, or the status of the page that shows the form again."""
    if not form.validate_on_submit():
        return 422
    try:
        with transaction() as session:
            act(session=session, actor=current_actor(), now=clock.now())
    except RuleViolation as error:
        form.show(error)
        return 422
    except Conflict as error:
        form.show(error)
        return 409
    return 303


def _page(challenge_id: uuid.UUID, *, form: ProposeForm | None = None, opinion: OpinionForm | None = None) -> str:
    actor = current_actor()
    page = pages.award_page(current_session(), actor=actor, challenge_id=challenge_id)
    waiting = page.open_proposal
    return render_template(
        "desk/awards/show.html",
        page=page,
        form=form or proposing.empty_form(page),
        opinion=opinion or OpinionForm(formdata=None),
        confirming=policy.can_confirm(actor, proposed_by=waiting.proposed_by) if waiting else None,
        deciding=policy.can_decide(actor),
        replacing={one.id: policy.can_replace(actor, awarded_by=one.awarded_by) for one in page.awards},
        labels=labels,
        need_labels=need_labels,
    )


def _objection_page(objection_id: uuid.UUID, form: DecisionForm) -> str:
    actor = current_actor()
    return render_template(
        "desk/awards/objection.html",
        objection=objections.objection_page(current_session(), actor=actor, objection_id=objection_id),
        deciding=policy.can_decide(actor),
        form=form,
        labels=labels,
    )
