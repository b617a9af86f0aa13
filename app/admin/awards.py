"""The authority's part: confirm, return, decide objections, award, replace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.current import current_actor
from app.admin.access import guard
from app.awards import labels, policy, service
from app.awards.commands import ProposalKind
from app.awards.forms import DecisionForm, OpinionForm, ProposeForm
from app.awards.queries import desk as queries
from app.awards.queries import objections, pages
from app.awards.routes import proposing
from app.challenges.desk_forms import NoAwardForm
from app.challenges.impartial import can_judge
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands import labels as need_labels
from app.demands.workflow import PostingState
from app.taxonomy import lists

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
    "find-right": service.find_right,
}
DONE = {
    ProposalKind.AWARD: _l("The public notice has begun."),
    ProposalKind.REPLACE: _l("The award has ended. Who moves up, if anybody, is in public notice."),
    ProposalKind.NO_AWARD: _l("Ended without an award. The reasons are public."),
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
    """Confirm a proposal, which is then done and made public, or send it back."""
    form = OpinionForm()
    page = pages.award_page(current_session(), actor=current_actor(), challenge_id=challenge_id)
    kind = next((one.kind for one in page.proposals if one.id == proposal_id), ProposalKind.AWARD)

    def act(**given: Any) -> None:
        CONFIRM[event](proposal_id=proposal_id, opinion=form.opinion.data or "", **given)

    status = _attempt(form, act)
    if status != 303:
        return _page(challenge_id, opinion=form), status
    flash(str(DONE[kind]) if event == "confirm" else _("Returned to the proposer."), "success")
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
    """Propose to end an award; another officer confirms it, and the next reserve is put in public notice."""
    with transaction() as session:
        service.propose_replacement(
            session, actor=current_actor(), award_id=award_id, reason=request.form.get("reason", ""), now=clock.now()
        )
    flash(_("Proposed. Another officer confirms it."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.post("/<uuid:challenge_id>/no-award")
def no_award(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Propose to end a competition without an award though a result was confirmed."""
    form = NoAwardForm()

    def act(**given: Any) -> None:
        reasons, text = form.reasons.data or (), form.text.data or ""
        service.propose_no_award(challenge_id=challenge_id, reasons=reasons, text=text, **given)

    status = _attempt(form, act)
    if status != 303:
        return _page(challenge_id, ending=form), status
    flash(_("Proposed. Another officer confirms it."), "success")
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


@bp.post("/objections/<uuid:objection_id>/<any(uphold, return):event>")
def confirm_finding(objection_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Confirm that an objection is right, so that what follows is done, or send the finding back."""
    form = OpinionForm()

    def act(**given: Any) -> None:
        if event == "uphold":
            service.uphold_objection(objection_id=objection_id, **given)
        else:
            service.return_decision(objection_id=objection_id, opinion=form.opinion.data or "", **given)

    status = _attempt(form, act)
    if status != 303:
        return _objection_page(objection_id, DecisionForm(formdata=None), opinion=form), status
    done = _("Upheld, and what follows is done. The objector reads the reasons.")
    flash(done if event == "uphold" else _("Returned. It is investigated further."), "success")
    return redirect(url_for(".objection", objection_id=objection_id), 303)


@bp.post("/objections/<uuid:objection_id>/<any(refuse, dismiss, 'find-right'):event>")
def decide(objection_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Decide an objection."""
    form = DecisionForm()

    def act(**given: Any) -> None:
        DECIDE[event](objection_id=objection_id, command=form.to_command(), **given)

    status = _attempt(form, act)
    if status != 303:
        return _objection_page(objection_id, form), status
    said = _("Proposed. Another officer confirms it; until then nothing changes.")
    flash(said if event == "find-right" else _("Decided. The objector reads the reasons."), "success")
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


def _page(
    challenge_id: uuid.UUID,
    *,
    form: ProposeForm | None = None,
    opinion: OpinionForm | None = None,
    ending: NoAwardForm | None = None,
) -> str:
    session, actor, now = current_session(), current_actor(), clock.now()
    page = pages.award_page(session, actor=actor, challenge_id=challenge_id)
    waiting, there = page.open_proposal, page.competition
    impartial = can_judge(session, actor, there.id, now)
    deciding = policy.can_decide(actor)
    return render_template(
        "desk/awards/show.html",
        page=page,
        form=form or (proposing.empty_form(page) if impartial else None),
        opinion=opinion or OpinionForm(formdata=None),
        ending=ending or NoAwardForm(formdata=None),
        impartial=impartial,
        confirming=policy.can_confirm(actor, proposed_by=waiting.proposed_by) if waiting else None,
        deciding=deciding,
        replacing={one.id: policy.can_replace(actor, awarded_by=one.awarded_by) for one in page.awards},
        can_end=bool(deciding and impartial and page.notices and not waiting and not page.stands)
        and there.state in (PostingState.EVALUATING, PostingState.PUBLICITY),
        labels=labels,
        need_labels=need_labels,
        lists=lists,
    )


def _objection_page(objection_id: uuid.UUID, form: DecisionForm, *, opinion: OpinionForm | None = None) -> str:
    session, actor = current_session(), current_actor()
    objection = objections.objection_page(session, actor=actor, objection_id=objection_id)
    deciding = policy.can_decide(actor) and can_judge(session, actor, objection.challenge_id, clock.now())
    return render_template(
        "desk/awards/objection.html",
        objection=objection,
        deciding=deciding,
        upholding=policy.can_uphold(actor, proposed_by=objection.proposed_by),
        opinion=opinion or OpinionForm(formdata=None),
        form=form,
        labels=labels,
    )
