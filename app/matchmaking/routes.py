"""The pairings of a company: read, accept, decline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction
from app.matchmaking import cards, guess, labels, policy, reading, service, substitutes, team_pages
from app.matchmaking.forms import DeclineForm
from app.matchmaking.queries import pairings as queries
from app.matchmaking.workflow import PairingState

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("workspace_pairings", __name__, url_prefix="/workspace/pairings")
blueprints = (bp, guess.bp, reading.bp, substitutes.bp, team_pages.bp)


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the company's pairings by what is to be done with them."""
    actor, session = current_actor(), current_session()
    counts = queries.tab_counts(session, actor=actor)
    tab = request.args.get("tab", "")
    if tab not in queries.TABS:
        tab = next((name for name in queries.TABS if counts[name]), "todo")
    page = queries.my_pairings(session, actor=actor, tab=tab, page=request.args.get("page", 1, int))
    return render_template(
        "workspace/pairings/list.html", page=page.map(cards.line), tab=tab, counts=counts, labels=labels
    )


@bp.get("/<uuid:pairing_id>")
@login_required
def show(pairing_id: uuid.UUID) -> ResponseReturnValue:
    """Show one pairing, why it was proposed, and the buttons of the reader's side."""
    return _page(pairing_id, DeclineForm())


@bp.post("/<uuid:pairing_id>/accept")
@login_required
def accept(pairing_id: uuid.UUID) -> ResponseReturnValue:
    """Say yes for the reader's company."""
    with transaction() as session:
        pairing = service.accept_pairing(session, actor=current_actor(), pairing_id=pairing_id, now=clock.now())
        is_introduced = pairing.state is PairingState.INTRODUCED
    if is_introduced:
        flash(_("Both sides have accepted. You can see each other's contact now."), "success")
    else:
        flash(
            _("You have accepted. We tell the other side and show you its contact once it accepts, too."),
            "success",
        )
    return redirect(url_for(".show", pairing_id=pairing_id), 303)


@bp.post("/<uuid:pairing_id>/decline")
@login_required
def decline(pairing_id: uuid.UUID) -> ResponseReturnValue:
    """Say no for the reader's company, with a reason."""
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.decline_pairing(
                    session,
                    actor=current_actor(),
                    pairing_id=pairing_id,
                    command=form.to_command(),
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("You have declined this pairing."), "success")
            return redirect(url_for(".list"), 303)
    return _page(pairing_id, form), 422


def _page(pairing_id: uuid.UUID, form: DeclineForm) -> str:
    actor, session = current_actor(), current_session()
    pairing = queries.pairing_for(session, actor=actor, pairing_id=pairing_id)
    parties = {"demand_id": pairing.demand_id, "supplier_id": pairing.supplier_id}
    return render_template(
        "workspace/pairings/show.html",
        pairing=queries.to_row(pairing, actor),
        card=cards.pairing_card(pairing, actor),
        contacts=queries.contacts(session, pairing),
        decision=policy.can_answer(actor, **parties),
        side=policy.side_of(actor, **parties),
        form=form,
        labels=labels,
    )
