"""Writing a bid: the editor, its files, its matrix, and the button that seals it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from app.accounts.current import current_actor
from app.bids import policy, service
from app.bids.commands import SaveBid
from app.bids.forms import BidForm, initial
from app.bids.frame import compliance
from app.bids.prefill import prefilled
from app.bids.queries import bids as queries
from app.bids.routes.reopening import keep_code, mark_fresh
from app.bids.routes.workspace import bp
from app.bids.rules import MAX_FILES
from app.bids.service.edit import FORM
from app.bids.workflow import BidState
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands.forms import change_rows
from app.drafts import queries as drafts
from app.drafts.registry import register_form
from app.keys.crypto import new_code
from app.taxonomy import lists

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.bids.queries.views import BidView
    from app.core.actor import Actor
    from app.drafts.queries import Draft


def _keeps(session: Session, actor: Actor, subject: str) -> bool:
    return subject != "new" and queries.is_open_draft(session, actor=actor, bid_id=uuid.UUID(subject))


register_form(FORM, _keeps, is_sealed=True)


@bp.get("/<uuid:bid_id>/edit")
@login_required
def edit(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Show the editor; what was typed before comes back. A bid that cannot be changed is shown instead."""
    session, actor = current_session(), current_actor()
    bid = queries.bid_page(session, actor=actor, bid_id=bid_id)
    policy.can_change(actor, organization_id=bid.organization_id).enforce()
    if bid.state is not BidState.DRAFT or bid.is_late:
        return redirect(url_for(".show", bid_id=bid_id), 303)
    kept = drafts.find(session, actor, FORM, str(bid_id))
    products = queries.own_products(session, actor=actor)
    if kept is not None:
        return _page(BidForm(bid.frame, products, formdata=kept.values), bid, kept)
    return _page(BidForm(bid.frame, products, formdata=None, data=initial(bid.content or SaveBid(), bid.frame)), bid)


@bp.post("/<uuid:bid_id>/edit")
@login_required
def save(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Save what was typed and, when the button says so, submit it: both or nothing."""
    bid, form = _sent(bid_id)
    form.wants_complete = "submit" in request.form
    if change_rows(form, request.form):
        return _page(form, bid)
    if "prefill" in request.form:
        return _prefill(form, bid)

    code = new_code()

    def done(session: Session, actor: Actor) -> None:
        if form.wants_complete:
            service.seal_bid(session, actor=actor, bid_id=bid_id, code=code, now=clock.now())

    refused = _write(form, bid, done)
    if refused is not None:
        return refused
    if form.wants_complete:
        return _receipt(bid_id, code)
    flash(_("Draft saved."), "success")
    return redirect(url_for(".edit", bid_id=bid_id), 303)


@bp.post("/<uuid:bid_id>/files")
@login_required
def attach(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Save what was typed and annex the chosen file: both or nothing."""
    bid, form = _sent(bid_id)
    upload = form.upload.data
    if not upload or not upload.filename:
        form.upload.errors = [_("Choose a file first.")]
        return _page(form, bid), 422

    def done(session: Session, actor: Actor) -> None:
        limit = current_app.extensions["chipbridge_settings"].max_file_bytes
        service.attach_file(
            session, actor=actor, bid_id=bid_id, upload=upload, max_bytes=limit, now=clock.now(),
            is_price=bool(form.is_price_file.data),
        )  # fmt: skip

    refused = _write(form, bid, done)
    return refused or redirect(url_for(".edit", bid_id=bid_id, _anchor="files"), 303)


@bp.post("/<uuid:bid_id>/files/<uuid:file_id>/remove")
@login_required
def detach(bid_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    """Save what was typed and take one file away: both or nothing."""
    bid, form = _sent(bid_id)

    def done(session: Session, actor: Actor) -> None:
        service.detach_file(session, actor=actor, bid_id=bid_id, file_id=file_id, now=clock.now())

    refused = _write(form, bid, done)
    return refused or redirect(url_for(".edit", bid_id=bid_id, _anchor="files"), 303)


@bp.post("/<uuid:bid_id>/matrix")
@login_required
def judge(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Judge what is being typed and store nothing; sent as a form so that it stays out of every log."""
    _bid, form = _sent(bid_id)
    return render_template("workspace/bids/matrix.html", matrix=_judged(form))


@bp.post("/<uuid:bid_id>/submit")
@login_required
def submit(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Submit what was saved; with gaps, go on to the form that shows them."""
    code = new_code()
    try:
        with transaction() as session:
            service.seal_bid(session, actor=current_actor(), bid_id=bid_id, code=code, now=clock.now())
    except RuleViolation as error:
        return _incomplete(bid_id, error)
    return _receipt(bid_id, code)


def _receipt(bid_id: uuid.UUID, code: str) -> ResponseReturnValue:
    """Go to the receipt of a bid just sealed, which shows the code this once."""
    flash(_("Your bid is sealed. This is your receipt."), "success")
    mark_fresh(bid_id)
    return keep_code(redirect(url_for(".show", bid_id=bid_id), 303), bid_id, code)


def _sent(bid_id: uuid.UUID) -> tuple[BidView, BidForm]:
    """Return the bid and the form that was sent for it; NotFound and NotAllowed for everybody else's."""
    session, actor = current_session(), current_actor()
    bid = queries.bid_page(session, actor=actor, bid_id=bid_id)
    policy.can_change(actor, organization_id=bid.organization_id).enforce()
    return bid, BidForm(bid.frame, queries.own_products(session, actor=actor))


def _write(form: BidForm, bid: BidView, done: Callable[[Session, Actor], None]) -> ResponseReturnValue | None:
    """Save the form and do what its button says in one transaction; return the page of a refusal."""
    if not form.validate_on_submit():
        return _page(form, bid), 422
    actor = current_actor()
    try:
        with transaction() as session:
            service.save_bid(session, actor=actor, bid_id=bid.id, command=form.to_command(), now=clock.now())
            done(session, actor)
    except (RuleViolation, Conflict) as error:
        form.show(error)
        return _page(form, bid), error.status
    return None


def _prefill(form: BidForm, bid: BidView) -> ResponseReturnValue:
    """Fill open commitments from the chosen product; nothing is saved yet."""
    if not form.product_id.data:
        form.product_id.errors = [_("Choose a product first.")]
        return _page(form, bid), 422
    sheet = queries.own_sheet(current_session(), actor=current_actor(), product_id=uuid.UUID(form.product_id.data))
    found = prefilled(bid.frame, sheet, form.to_commitments())
    form.take(found)
    n = len(found)
    said = ngettext(
        "%(num)s commitment was filled in from the data sheet. Check it, then save.",
        "%(num)s commitments were filled in from the data sheet. Check them, then save.",
        n,
    )
    flash(said if n else _("The sheet says nothing about the indicators that are still open."), "info")
    return _page(form, bid, from_sheet=frozenset(found))


def _incomplete(bid_id: uuid.UUID, error: RuleViolation) -> ResponseReturnValue:
    session, actor = current_session(), current_actor()
    bid = queries.bid_page(session, actor=actor, bid_id=bid_id)
    products = queries.own_products(session, actor=actor)
    form = BidForm(bid.frame, products, formdata=None, data=initial(bid.content or SaveBid(), bid.frame))
    form.wants_complete = True
    form.show_faults(form.find_faults())
    if not form.errors:
        form.show(error)
    return _page(form, bid), 422


def _judged(form: BidForm) -> object:
    return compliance(form.frame, form.to_commitments(), _("Your commitments"))


def _page(
    form: BidForm,
    bid: BidView,
    kept: Draft | None = None,
    from_sheet: frozenset[uuid.UUID] = frozenset(),
) -> str:
    return render_template(
        "workspace/bids/edit.html",
        form=form,
        bid=bid,
        kept=kept,
        from_sheet=from_sheet,
        matrix=_judged(form),
        form_name=FORM,
        units=lists.units(),
        max_files=MAX_FILES,
        max_bytes=current_app.extensions["chipbridge_settings"].max_file_bytes,
    )
