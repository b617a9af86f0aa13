"""The pairings of a company: read, accept, decline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.catalog import labels as product_labels
from app.catalog.queries.sheet import product_sheet
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction
from app.matchmaking import cards, guess, labels, pairing_page, reading, service, substitutes, team_pages, thread_pages
from app.matchmaking.forms import DeclineForm
from app.matchmaking.queries import pairings as queries
from app.matchmaking.queries.progress import steps_of, views_of
from app.matchmaking.queries.thread import unread_counts
from app.matchmaking.workflow import DISCLOSED_FROM, SIDES_OF, PairingEvent, PairingState

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("workspace_pairings", __name__, url_prefix="/workspace/pairings")
STEPS = ", ".join(SIDES_OF)
blueprints = (bp, guess.bp, reading.bp, substitutes.bp, team_pages.bp, thread_pages.bp)


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
        "workspace/pairings/list.html",
        page=page.map(cards.line),
        tab=tab,
        counts=counts,
        unread=unread_counts(session, actor=actor, pairing_ids=[row.id for row in page.items]),
        labels=labels,
    )


@bp.get("/<uuid:pairing_id>")
@login_required
def show(pairing_id: uuid.UUID) -> ResponseReturnValue:
    """Show one pairing, why it was proposed, and the buttons of the reader's side."""
    return pairing_page.render(pairing_id)


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
    return pairing_page.render(pairing_id, decline=form), 422


@bp.post(f"/<uuid:pairing_id>/<any({STEPS}):event>")
@login_required
def step(pairing_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Take one step for the reader's company."""
    taken = PairingEvent(event)
    steps = steps_of(current_session(), pairing_id)
    has_first = any(one.event is taken for one in steps)
    form = pairing_page.bound_form(taken, has_first=has_first)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                done = service.take_step(
                    session,
                    actor=current_actor(),
                    pairing_id=pairing_id,
                    command=form.to_command(taken),
                    now=clock.now(),
                )
                is_half = done.reached is None
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Noted. It counts once the other side confirms it, too.") if is_half else _("Noted."), "success")
            return redirect(url_for(".show", pairing_id=pairing_id), 303)
    return pairing_page.render(pairing_id, refused=(taken, form)), 422


@bp.get("/<uuid:pairing_id>/confidential")
@login_required
def confidential(pairing_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is under the agreement; that it was looked at goes on the audit trail, and both sides see it."""
    actor = current_actor()
    with transaction() as session:
        service.view_confidential(session, actor=actor, pairing_id=pairing_id)
    session = current_session()
    pairing = queries.pairing_for(session, actor=actor, pairing_id=pairing_id)
    terms = (
        product_sheet(session, actor=actor, product_id=pairing.product_id, today=clock.today()).terms
        if pairing.product_id
        else None
    )
    is_disclosed = pairing.state in DISCLOSED_FROM or actor.belongs_to(pairing.demand_id)
    return render_template(
        "workspace/pairings/confidential.html",
        pairing=queries.to_row(pairing, actor),
        need=pairing.need if is_disclosed else None,
        terms=terms,
        views=views_of(session, pairing_id),
        labels=labels,
        product_labels=product_labels,
    )
