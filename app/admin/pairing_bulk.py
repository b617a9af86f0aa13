"""Decisions on many suggestions at once: what they would do is shown first."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.current import current_actor
from app.admin.pairings import bp, next_page
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.matchmaking import cards, labels, policy, service
from app.matchmaking.forms import RejectForm
from app.matchmaking.queries import queue as queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from app.core.errors import DomainError


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """Show who would be shown to whom before a bulk decision is taken."""
    ids = _selected()
    if not ids:
        flash(_("Select at least one pairing."), "error")
        return redirect(next_page(), 303)
    return _preview(ids, RejectForm(formdata=None)), 200


def _preview(ids: Sequence[uuid.UUID], form: RejectForm, refused: DomainError | None = None) -> str:
    session, actor = current_session(), current_actor()
    rows = queries.rows_by_id(session, actor=actor, ids=ids)
    return render_template(
        "desk/pairings/preview.html",
        lines=[cards.queue_line(row) for row in rows],
        gone=queries.decided_meanwhile(session, actor=actor, ids=ids),
        companies=cards.who_sees_whom(rows),
        decision=policy.can_decide(actor),
        form=form,
        refused=refused,
        next=request.form.get("next", ""),
        labels=labels,
    )


@bp.post("/approve")
def approve_many() -> ResponseReturnValue:
    """Approve everything that was previewed, or nothing."""
    ids, actor = _selected(), current_actor()
    try:
        with transaction() as session:
            n = len(service.approve_many(session, actor=actor, suggestion_ids=ids, now=clock.now()))
    except (Conflict, RuleViolation) as error:
        return _preview(ids, RejectForm(formdata=None), error), error.status
    flash(ngettext("%(num)s pairing approved.", "%(num)s pairings approved.", n), "success")
    return redirect(next_page(), 303)


@bp.post("/reject")
def reject_many() -> ResponseReturnValue:
    """Reject everything that was previewed with one reason, or nothing."""
    ids, form = _selected(), RejectForm()
    if not form.validate_on_submit():
        return _preview(ids, form), 422
    actor, command = current_actor(), form.to_command()
    try:
        with transaction() as session:
            done = service.reject_many(session, actor=actor, suggestion_ids=ids, command=command, now=clock.now())
            n = len(done)
    except Conflict as error:
        return _preview(ids, form, error), error.status
    except RuleViolation as error:
        form.show(error)
        return _preview(ids, form), error.status
    flash(ngettext("%(num)s pairing rejected.", "%(num)s pairings rejected.", n), "success")
    return redirect(next_page(), 303)


def _selected() -> Sequence[uuid.UUID]:
    try:
        return sorted({uuid.UUID(value) for value in request.form.getlist("ids")})
    except ValueError:
        raise RuleViolation("The selection could not be read. Load the page again.", code="selection") from None
