"""Opening bids: who holds the keys, who has released, and what came of it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.bids import labels, policy, service
from app.bids.frame import compliance, frame_of
from app.bids.queries import openings as queries
from app.bids.queries.views import ViewedBid
from app.bids.service.opening import lock_challenge
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.keys import labels as key_labels
from app.keys import policy as keys
from app.keys.forms import PassphraseForm
from app.keys.queries import all_keys
from app.keys.routes import WRONG, layout_of, open_key

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("openings", __name__, url_prefix="/openings")


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the challenges whose bids wait to be opened, and those that are open."""
    session, actor = current_session(), current_actor()
    tab = request.args.get("tab", "waiting")
    tab = tab if tab in queries.TAB_NAMES else "waiting"
    return render_template(
        "openings/list.html",
        layout=layout_of(actor),
        page=queries.openings(session, actor=actor, tab=tab, page=request.args.get("page", 1, int)),
        counts=queries.tab_counts(session, actor=actor),
        tab=tab,
        keys=all_keys(session, actor=actor) if keys.can_read_holders(actor) else (),
        decision=keys.can_hold(actor),
        key_labels=key_labels,
    )


@bp.get("/<uuid:challenge_id>")
@login_required
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show one opening: the list, the holders, the progress and the record."""
    return _page(challenge_id)


@bp.post("/<uuid:challenge_id>/release")
@login_required
def release(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Release one's key; the release that reaches the threshold opens the bids."""
    form, actor = PassphraseForm(), current_actor()
    page = queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id)
    if page.own_holder_id is None:
        raise Conflict("You hold no key of this challenge that could still be released.", code="no_key_left")
    if not form.validate_on_submit():
        return _page(challenge_id, form), 422
    try:
        private = open_key(actor, page.own_holder_id, form.passphrase.data)
        if private is None:
            form.passphrase.errors = [_(WRONG)]
            return _page(challenge_id, form), 422
        with transaction() as session:
            now = clock.now()
            opening = service.release_key(session, actor=actor, challenge_id=challenge_id, private=private, now=now)
            is_open = opening.opened_at is not None
    except (RuleViolation, Conflict) as error:
        form.show(error)
        return _page(challenge_id, form), error.status
    said = _("Your key is released, and the bids are open.") if is_open else _("Your key is released. Others follow.")
    flash(said, "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.post("/<uuid:challenge_id>/again")
@login_required
def again(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Try the bids once more that could not be opened."""
    actor = current_actor()
    queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id)
    with transaction() as session:
        service.open_again(session, actor=actor, challenge_id=challenge_id, now=clock.now())
    flash(_("Tried again. The record below says what came of it."), "info")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.post("/<uuid:challenge_id>/bids/<uuid:bid_id>/<any('propose', 'confirm', 'keep'):event>")
@login_required
def give_up(challenge_id: uuid.UUID, bid_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Propose to give up a bid that cannot be opened, confirm it, or keep trying."""
    actor, now = current_actor(), clock.now()
    queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id)
    with transaction() as session:
        if event == "propose":
            reason = request.form.get("reason", "")
            service.propose_giving_up(session, actor=actor, bid_id=bid_id, reason=reason, now=now)
        elif event == "confirm":
            service.confirm_giving_up(session, actor=actor, bid_id=bid_id, now=now)
        else:
            service.keep_trying(session, actor=actor, bid_id=bid_id, now=now)
    flash(str(labels.GIVING_UP[event]), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


@bp.post("/<uuid:challenge_id>/prices/release")
@login_required
def release_price(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Release one's key to the price envelopes; the release that reaches the threshold opens those that are due."""
    form, actor = PassphraseForm(), current_actor()
    page = queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id)
    if page.prices is None or page.prices.own_holder_id is None:
        raise Conflict("You hold no key of this challenge that could still be released.", code="no_key_left")
    if not form.validate_on_submit():
        return _page(challenge_id, form), 422
    try:
        private = open_key(actor, page.prices.own_holder_id, form.passphrase.data)
        if private is None:
            form.passphrase.errors = [_(WRONG)]
            return _page(challenge_id, form), 422
        with transaction() as session:
            now = clock.now()
            service.release_price_key(session, actor=actor, challenge_id=challenge_id, private=private, now=now)
    except (RuleViolation, Conflict) as error:
        form.show(error)
        return _page(challenge_id, form), error.status
    flash(_("Your key to the prices is released."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id, _anchor="prices"), 303)


@bp.post("/<uuid:challenge_id>/prices/again")
@login_required
def again_price(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Try the prices once more that could not be opened."""
    actor = current_actor()
    queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id)
    with transaction() as session:
        service.open_prices_again(session, actor=actor, challenge_id=challenge_id, now=clock.now())
    flash(_("Tried again. The record below says what came of it."), "info")
    return redirect(url_for(".show", challenge_id=challenge_id, _anchor="prices"), 303)


@bp.post("/<uuid:challenge_id>/prices/<uuid:bid_id>/<any(propose, confirm):event>")
@login_required
def give_up_price(challenge_id: uuid.UUID, bid_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Propose, or confirm, that a price which cannot be opened stays closed."""
    actor, reason, now = current_actor(), request.form.get("reason", "").strip()[:500], clock.now()
    queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id)
    with transaction() as session:
        if event == "propose":
            service.propose_price_giving_up(session, actor=actor, bid_id=bid_id, reason=reason, now=now)
        else:
            service.confirm_price_giving_up(session, actor=actor, bid_id=bid_id, now=now)
    said = _("Decided: the price stays closed, and its bid takes no place.")
    flash(_("Proposed. Another officer confirms it.") if event == "propose" else said, "success")
    return redirect(url_for(".show", challenge_id=challenge_id, _anchor="prices"), 303)


@bp.post("/<uuid:challenge_id>/view")
@login_required
def view(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show the sealed bids that the programme lets the reader see; every look is recorded for the bidder."""
    form, actor = PassphraseForm(), current_actor()
    page = queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id)
    if page.viewer_holder_id is None:
        raise Conflict("No bids of this challenge can be read before the opening.", code="no_viewer_key")
    if not form.validate_on_submit():
        return _page(challenge_id, form), 422
    try:
        private = open_key(actor, page.viewer_holder_id, form.passphrase.data)
    except Conflict as error:
        form.show(error)
        return _page(challenge_id, form), error.status
    if private is None:
        form.passphrase.errors = [_(WRONG)]
        return _page(challenge_id, form), 422
    return _viewed(challenge_id, private)


def _viewed(challenge_id: uuid.UUID, private: bytes) -> str:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        found = service.view_bids(session, actor=actor, challenge_id=challenge_id, private=private, now=now)
        frame = frame_of(lock_challenge(session, challenge_id))
        firms = queries.firm_names(session, [content.organization_id for _bid, content in found])
    viewed = [
        ViewedBid(
            id=bid.id,
            firm=firms.get(content.organization_id, ""),
            commitment=bid.content_hash,
            sealed_at=bid.sealed_at,
            frame=frame,
            content=content.command,
            files=content.files,
            is_price_sealed=bool(bid.price_hash),
            is_price_locked=bool(bid.price_hash),
            matrix=compliance(frame, content.command.commitments, _("Bid")),
        )
        for bid, content in found
    ]
    page = queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id)
    return render_template("openings/view.html", layout=layout_of(actor), page=page, viewed=viewed, labels=labels)


def _page(challenge_id: uuid.UUID, form: PassphraseForm | None = None) -> str:
    actor = current_actor()
    return render_template(
        "openings/show.html",
        layout=layout_of(actor),
        page=queries.opening_page(current_session(), actor=actor, challenge_id=challenge_id),
        form=form or PassphraseForm(formdata=None),
        again=policy.can_open_again(actor),
        give_up=policy.can_give_up(actor),
        actor_id=actor.user_id,
        labels=labels,
        key_labels=key_labels,
    )
