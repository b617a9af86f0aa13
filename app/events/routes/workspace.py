"""Events as a company takes part in them: register, ask for meetings, see its schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction
from app.demands import names
from app.events import labels, policy, service
from app.events.forms import RegisterForm, WishesForm
from app.events.queries import events as queries
from app.events.queries import meetings
from app.events.rules import MAX_MUSTS
from app.matchmaking.reasons import grade

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.core.policy import Decision
    from app.events.queries.views import EventView

bp = Blueprint("workspace_events", __name__, url_prefix="/workspace/events")


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the events a company can take part in, and those it took part in."""
    actor = current_actor()
    rows = queries.my_events(current_session(), actor=actor, now=clock.now())
    return render_template("workspace/events/list.html", rows=rows, decision=policy.can_take_part(actor), labels=labels)


@bp.get("/<uuid:event_id>")
@login_required
def show(event_id: uuid.UUID) -> ResponseReturnValue:
    """Show one event: how the company takes part, and its meetings."""
    session, actor = current_session(), current_actor()
    event = queries.event_page(session, actor=actor, event_id=event_id)
    own = queries.registration(session, actor=actor, event_id=event_id)
    return _page(event, RegisterForm.of(event, own))


@bp.post("/<uuid:event_id>/register")
@login_required
def register(event_id: uuid.UUID) -> ResponseReturnValue:
    """Register the company, or change how it takes part."""
    event = queries.event_page(current_session(), actor=current_actor(), event_id=event_id)
    form = RegisterForm(event=event)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.register(
                    session, actor=current_actor(), event_id=event_id, command=form.to_command(), now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Your company is registered. Now say whom you want to meet."), "success")
            return redirect(url_for(".wishes", event_id=event_id), 303)
    return _page(event, form), 422


@bp.post("/<uuid:event_id>/withdraw")
@login_required
def withdraw(event_id: uuid.UUID) -> ResponseReturnValue:
    """Take the company out of the event."""
    with transaction() as session:
        service.withdraw(session, actor=current_actor(), event_id=event_id, now=clock.now())
    flash(_("Your company no longer takes part. Its meetings are cancelled and the others have been told."), "success")
    return redirect(url_for(".show", event_id=event_id), 303)


@bp.route("/<uuid:event_id>/requests", methods=["GET", "POST"])
@login_required
def wishes(event_id: uuid.UUID) -> ResponseReturnValue:
    """Say whom the company must, would like to, or does not want to meet."""
    actor, form = current_actor(), WishesForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                n = service.save_wishes(
                    session,
                    actor=actor,
                    event_id=event_id,
                    command=form.to_command(request.form),
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(ngettext("Saved: you ask for %(num)s meeting.", "Saved: you ask for %(num)s meetings.", n), "success")
            return redirect(url_for(".wishes", event_id=event_id), 303)
    return _wishes(event_id, form), 422 if form.errors else 200


def _wishes(event_id: uuid.UUID, form: WishesForm) -> str:
    session, actor = current_session(), current_actor()
    event = queries.event_page(session, actor=actor, event_id=event_id)
    own = queries.registration(session, actor=actor, event_id=event_id)
    is_in = own is not None and not own.is_withdrawn
    return render_template(
        "workspace/events/wishes.html",
        event=event,
        own=own if is_in else None,
        lines=queries.others(session, actor=actor, event_id=event_id, role=own.role) if own and is_in else [],
        typed=request.form,
        form=form,
        decision=_registering(event),
        max_musts=MAX_MUSTS,
        grade=grade,
        labels=labels,
        names=names,
    )


def _registering(event: EventView) -> Decision:
    return policy.can_register(
        current_actor(),
        state=event.state,
        registers_from=event.registers_from,
        registers_until=event.registers_until,
        now=clock.now(),
    )


def _page(event: EventView, form: RegisterForm) -> str:
    session, actor = current_session(), current_actor()
    own = queries.registration(session, actor=actor, event_id=event.id)
    return render_template(
        "workspace/events/show.html",
        event=event,
        own=own if own and not own.is_withdrawn else None,
        meetings=meetings.of_event(session, actor=actor, event_id=event.id),
        form=form,
        decision=_registering(event),
        withdrawal=policy.can_withdraw(actor, state=event.state),
        labels=labels,
    )
