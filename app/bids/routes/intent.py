"""Stating an intent: the light step before a bid."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.bids import policy, service
from app.bids.intent_forms import IntentForm
from app.bids.queries import bids as queries
from app.bids.routes.workspace import bp
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@bp.get("/intent/<uuid:challenge_id>")
@login_required
def intent(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show the short form; a firm that has begun a bid is led to it."""
    actor = current_actor()
    chosen = queries.opportunity(current_session(), actor=actor, challenge_id=challenge_id)
    if chosen.bid_id is not None:
        return redirect(url_for(".show", bid_id=chosen.bid_id), 303)
    return _page(challenge_id, _form(contact_name=actor.name, contact_email=actor.email))


@bp.post("/intent/<uuid:challenge_id>")
@login_required
def state_intent(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a draft with what the firm states."""
    form, actor = _form(), current_actor()
    if not form.validate_on_submit():
        return _page(challenge_id, form), 422
    try:
        with transaction() as session:
            bid = service.create_bid(
                session, actor=actor, challenge_id=challenge_id, now=clock.now(), intent=form.to_command()
            )
            bid_id = bid.id
    except RuleViolation as error:
        form.show(error)
        return _page(challenge_id, form), error.status
    flash(_("Your intent is noted; only your company can read it. Go on with the bid when you are ready."), "success")
    return redirect(url_for(".show", bid_id=bid_id), 303)


def _form(**given: str) -> IntentForm:
    return IntentForm(queries.own_products(current_session(), actor=current_actor()), **given)


def _page(challenge_id: uuid.UUID, form: IntentForm) -> str:
    actor = current_actor()
    challenge = queries.opportunity(current_session(), actor=actor, challenge_id=challenge_id).challenge
    return render_template(
        "workspace/bids/intent.html",
        challenge=challenge,
        decision=policy.can_bid_for(actor, owner_id=challenge.owner_id),
        form=form,
    )
