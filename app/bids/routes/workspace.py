"""A firm's bids: the list, the beginning, the receipt, and the ways back."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.bids import commitments, labels, policy, receipt, receipt_pdf, service
from app.bids.forms import CodeForm
from app.bids.frame import compliance
from app.bids.queries import bids as queries
from app.bids.queries.eligibility import conditions_of
from app.bids.routes.paper import sheet_of
from app.bids.routes.reopening import code_of, drop_code, is_fresh, keep_code, mark_fresh
from app.bids.workflow import BID_WORKFLOW
from app.core import clock
from app.core.errors import NotFound, RuleViolation
from app.core.identifiers import parse_uuid
from app.db import current_session, transaction
from app.keys.crypto import new_code
from app.keys.labels import ROLES

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
    challenge_id = parse_uuid(request.args.get("challenge_id", ""))
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
        conditions=conditions_of(session, actor=actor, challenge_id=challenge_id),
        decision=policy.can_bid_for(actor, owner_id=chosen.challenge.owner_id),
        labels=labels,
    )


@bp.post("/new")
@login_required
def create() -> ResponseReturnValue:
    """Begin a bid."""
    challenge_id = parse_uuid(request.form.get("challenge_id", ""))
    if challenge_id is None:
        return redirect(url_for(".new"), 303)
    with transaction() as session:
        bid = service.create_bid(session, actor=current_actor(), challenge_id=challenge_id, now=clock.now())
        bid_id = bid.id
    return redirect(url_for(".edit", bid_id=bid_id), 303)


@bp.get("/<uuid:bid_id>")
@login_required
def show(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Show one of the firm's bids; a sealed one with its receipt, and its content where the code is at hand."""
    return _page(bid_id)


@bp.post("/<uuid:bid_id>/reopen")
@login_required
def reopen(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Let this browser read a sealed bid, for the code of its receipt."""
    form = CodeForm()
    if form.validate_on_submit():
        bid = queries.own_bid(current_session(), actor=current_actor(), bid_id=bid_id)
        if queries.opens(bid, form.code.data or ""):
            return keep_code(redirect(url_for(".show", bid_id=bid_id), 303), bid_id, form.code.data)
        form.code.errors = [_("This is not the reopening code of this bid.")]
    return _page(bid_id, form), 422


@bp.post("/<uuid:bid_id>/revise")
@login_required
def revise(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Take a sealed bid back to change it."""
    try:
        with transaction() as session:
            service.revise_bid(session, actor=current_actor(), bid_id=bid_id, code=code_of(bid_id), now=clock.now())
    except RuleViolation as error:
        return _refused(bid_id, error)
    flash(_("The bid is a draft again. Submit it before the deadline, or it does not count."), "warning")
    return drop_code(redirect(url_for(".edit", bid_id=bid_id), 303), bid_id)


@bp.post("/<uuid:bid_id>/confirm")
@login_required
def confirm(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Seal a bid once more, unchanged, for the newest edition of its challenge."""
    actor, old, code = current_actor(), code_of(bid_id), new_code()
    try:
        with transaction() as session:
            service.confirm_bid(session, actor=actor, bid_id=bid_id, code=old, new_code=code, now=clock.now())
    except RuleViolation as error:
        return _refused(bid_id, error)
    flash(_("Your bid is sealed for the newest edition. This is its new receipt; the old one has ended."), "success")
    mark_fresh(bid_id)
    return keep_code(redirect(url_for(".show", bid_id=bid_id), 303), bid_id, code)


@bp.post("/<uuid:bid_id>/withdraw")
@login_required
def withdraw(bid_id: uuid.UUID) -> ResponseReturnValue:
    """End a bid and destroy its content."""
    with transaction() as session:
        service.withdraw_bid(session, actor=current_actor(), bid_id=bid_id, now=clock.now())
    flash(_("The bid is withdrawn and its content destroyed."), "success")
    return drop_code(redirect(url_for(".show", bid_id=bid_id), 303), bid_id)


@bp.get("/<uuid:bid_id>/receipt.json")
@login_required
def receipt_file(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Send the receipt; with the reopening code where this browser holds it."""
    code = code_of(bid_id)
    bid = queries.bid_page(current_session(), actor=current_actor(), bid_id=bid_id, code=code)
    if not bid.receipt_code:
        raise NotFound("This bid has no receipt.", code="no_receipt")
    told = receipt.to_file(
        bidder=bid.organization_name,
        challenge=f"{bid.challenge.code} {bid.challenge.title}".strip(),
        challenge_id=str(bid.challenge.id),
        edition=str(bid.challenge_edition),
        receipt_code=bid.receipt_code,
        commitment=bid.content_hash,
        **({"price_commitment": bid.price_hash} if bid.price_hash else {}),
        sealed_at=commitments.exact(bid.sealed_at),
        reopening_code=code if bid.content is not None else "",
        check_online=url_for("commitments.show", challenge_id=bid.challenge.id, _external=True),
    )
    return _download(told, f"receipt-{bid.receipt_code}.json", "application/json")


@bp.get("/<uuid:bid_id>/receipt.pdf")
@login_required
def receipt_sheet(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Send the receipt as a page to print or file; the reopening code is never on it."""
    bid = queries.bid_page(current_session(), actor=current_actor(), bid_id=bid_id, code=code_of(bid_id))
    if bid.sealed_at is None or not bid.receipt_code:
        raise NotFound("This bid has no receipt.", code="no_receipt")
    told = receipt_pdf.to_pdf(sheet_of(bid), bid.sealed_at)
    return _download(told, f"receipt-{bid.receipt_code}.pdf", "application/pdf")


@bp.get("/<uuid:bid_id>/statement.json")
@login_required
def statement_file(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Send the canonical statement, byte for byte what the commitment is the SHA-256 of."""
    session, actor = current_session(), current_actor()
    told = queries.own_statement(session, actor=actor, bid_id=bid_id, code=code_of(bid_id))
    return _download(told, f"statement-{receipt.hash_of(told)[:12]}.json", "application/json")


@bp.get("/<uuid:bid_id>/price-statement.json")
@login_required
def price_statement_file(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Send the canonical statement of the price, byte for byte what its own commitment is the SHA-256 of."""
    session, actor = current_session(), current_actor()
    told = queries.own_price_statement(session, actor=actor, bid_id=bid_id, code=code_of(bid_id))
    return _download(told, f"price-statement-{receipt.hash_of(told)[:12]}.json", "application/json")


@bp.get("/<uuid:bid_id>/files/<uuid:file_id>")
@login_required
def file(bid_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    """Send a file of a bid that is not open yet, unlocked for its firm."""
    session, actor = current_session(), current_actor()
    found = queries.own_file(session, actor=actor, bid_id=bid_id, file_id=file_id, code=code_of(bid_id))
    return _download(found.content, found.file.filename, found.file.media_type)


def _download(content: bytes, filename: str, media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(bid_id: uuid.UUID, error: RuleViolation) -> ResponseReturnValue:
    form = CodeForm(formdata=None)
    form.show(error)
    return _page(bid_id, form), error.status


def _page(bid_id: uuid.UUID, form: CodeForm | None = None) -> str:
    actor, code = current_actor(), code_of(bid_id)
    bid = queries.bid_page(current_session(), actor=actor, bid_id=bid_id, code=code)
    return render_template(
        "workspace/bids/show.html",
        bid=bid,
        events=BID_WORKFLOW.events(bid.state) if bid.challenge.is_open else frozenset(),
        decision=policy.can_change(actor, organization_id=bid.organization_id),
        matrix=compliance(bid.frame, bid.content.commitments, _("Bid")) if bid.content else None,
        fresh_code=code if is_fresh(bid_id) and bid.content else "",
        form=form or CodeForm(formdata=None),
        shown_code=receipt.shown_code,
        labels=labels,
        roles=ROLES,
    )
