"""The challenge owner proposes an award and follows what becomes of it; a bidder reads what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.awards import labels, policy, service
from app.awards.forms import ProposeForm
from app.awards.queries import feedback as feedbacks
from app.awards.queries import pages
from app.awards.routes import proposing
from app.bids import labels as bid_labels
from app.core import clock
from app.core.errors import NotFound
from app.db import current_session, transaction
from app.demands import labels as need_labels
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.awards.queries.views import AwardPage

bp = Blueprint("workspace_awards", __name__, url_prefix="/workspace")


@bp.get("/challenges/<uuid:challenge_id>/award/")
@login_required
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show the owner where the decision stands, with the form when it is the owner's turn."""
    return _page(challenge_id)


@bp.post("/challenges/<uuid:challenge_id>/award/")
@login_required
def propose(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Propose an award."""
    page, form = _load(challenge_id), ProposeForm()
    status = proposing.take(page, form)
    if status != 303:
        return _page(challenge_id, form), status
    flash(_("Proposed. The authority confirms it; then the public notice begins."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.get("/bids/<uuid:bid_id>/feedback/")
@login_required
def feedback(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Show a bidder what the review found about its own bid, and what it could try next."""
    actor = current_actor()
    return render_template(
        "workspace/awards/feedback.html",
        feedback=feedbacks.feedback_page(current_session(), actor=actor, bid_id=bid_id),
        bid_labels=bid_labels,
    )


@bp.post("/bids/<uuid:bid_id>/withdraw-opened")
@login_required
def withdraw(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw a bid after the opening, with a reason."""
    reason = request.form.get("reason", "")
    with transaction() as session:
        service.withdraw_opened(session, actor=current_actor(), bid_id=bid_id, reason=reason, now=clock.now())
    flash(_("The bid is withdrawn. The authority is told, with your reason."), "success")
    return redirect(url_for("workspace_bids.show", bid_id=bid_id), 303)


@bp.post("/bids/<uuid:bid_id>/awards/<uuid:award_id>/decline")
@login_required
def decline(bid_id: uuid.UUID, award_id: uuid.UUID) -> ResponseReturnValue:
    """Decline an award, with a reason."""
    reason = request.form.get("reason", "")
    with transaction() as session:
        service.decline_award(session, actor=current_actor(), award_id=award_id, reason=reason, now=clock.now())
    flash(_("Declined. The authority ends the award; then the next reserve moves up."), "success")
    return redirect(url_for(".feedback", bid_id=bid_id), 303)


def _load(challenge_id: uuid.UUID) -> AwardPage:
    actor = current_actor()
    page = pages.award_page(current_session(), actor=actor, challenge_id=challenge_id)
    if not actor.belongs_to(page.competition.owner_id):
        raise NotFound(pages.MISSING, code="challenge_not_found")
    return page


def _page(challenge_id: uuid.UUID, form: ProposeForm | None = None) -> str:
    page, actor = _load(challenge_id), current_actor()
    there = page.competition
    return render_template(
        "workspace/awards/show.html",
        page=page,
        form=form or proposing.empty_form(page),
        decision=policy.can_propose(actor, owner_id=there.owner_id, mode=there.mode),
        labels=labels,
        need_labels=need_labels,
        lists=lists,
    )
