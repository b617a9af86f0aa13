"""A firm's bids: the list, the beginning, the receipt, and the ways back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.bids import labels, policy, receipt, service
from app.bids.frame import compliance
from app.bids.queries import bids as queries
from app.bids.workflow import BID_WORKFLOW, BidState
from app.core import clock
from app.db import current_session, transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.core.policy import Decision

bp = Blueprint("workspace_bids", __name__, url_prefix="/workspace/bids")


@bp.app_template_global()
def bid_decision(owner_id: uuid.UUID) -> Decision:
    """Return whether the reader's firm may bid for a challenge of this owner; its page asks."""
    return policy.can_bid_for(current_actor(), owner_id=owner_id)


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the firm's bids by state."""
    session, actor = current_session(), current_actor()
    tab = request.args.get("tab", "all")
    tab = tab if tab in queries.TABS else "all"
    return render_template(
        "workspace/bids/list.html",
        page=queries.my_bids(session, actor=actor, tab=tab, page=request.args.get("page", 1, int)),
        counts=queries.tab_counts(session, actor=actor),
        tab=tab,
        decision=policy.can_bid(actor),
        labels=labels,
        shown_code=receipt.shown_code,
    )


@bp.get("/new")
@login_required
def new() -> ResponseReturnValue:
    """Show the challenges that take bids, or the one that was chosen with what bidding for it means."""
    session, actor = current_session(), current_actor()
    challenge_id = _uuid(request.args.get("challenge_id", ""))
    if challenge_id is None:
        return render_template(
            "workspace/bids/choose.html",
            opportunities=queries.opportunities(session, actor=actor),
            decision=policy.can_bid(actor),
            labels=labels,
        )
    chosen = queries.opportunity(session, actor=actor, challenge_id=challenge_id)
    if chosen.bid_id is not None:
        return redirect(url_for(".show", bid_id=chosen.bid_id), 303)
    return render_template(
        "workspace/bids/new.html",
        challenge=chosen.challenge,
        decision=policy.can_bid_for(actor, owner_id=chosen.challenge.owner_id),
    )


@bp.post("/new")
@login_required
def create() -> ResponseReturnValue:
    """Begin a bid."""
    challenge_id = _uuid(request.form.get("challenge_id", ""))
    if challenge_id is None:
        return redirect(url_for(".new"), 303)
    with transaction() as session:
        bid = service.create_bid(session, actor=current_actor(), challenge_id=challenge_id, now=clock.now())
        bid_id = bid.id
    return redirect(url_for(".edit", bid_id=bid_id), 303)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@bp.get("/<uuid:bid_id>")
@login_required
def show(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Show one of the firm's bids; a sealed one with its receipt."""
    actor = current_actor()
    bid = queries.bid_page(current_session(), actor=actor, bid_id=bid_id)
    return render_template(
        "workspace/bids/show.html",
        bid=bid,
        events=BID_WORKFLOW.events(bid.state) if bid.challenge.is_open else frozenset(),
        decision=policy.can_change(actor, organization_id=bid.organization_id),
        matrix=None if bid.state is BidState.WITHDRAWN else compliance(bid.frame, bid.content.commitments, _("Bid")),
        shown_code=receipt.shown_code,
        labels=labels,
    )


@bp.post("/<uuid:bid_id>/revise")
@login_required
def revise(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Take a sealed bid back to change it."""
    with transaction() as session:
        service.revise_bid(session, actor=current_actor(), bid_id=bid_id, now=clock.now())
    flash(_("The bid is a draft again. Submit it before the deadline, or it does not count."), "warning")
    return redirect(url_for(".edit", bid_id=bid_id), 303)


@bp.post("/<uuid:bid_id>/withdraw")
@login_required
def withdraw(bid_id: uuid.UUID) -> ResponseReturnValue:
    """End a bid and destroy its content."""
    with transaction() as session:
        service.withdraw_bid(session, actor=current_actor(), bid_id=bid_id, now=clock.now())
    flash(_("The bid is withdrawn and its content destroyed."), "success")
    return redirect(url_for(".show", bid_id=bid_id), 303)
