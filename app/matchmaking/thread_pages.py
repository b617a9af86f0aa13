"""The messages of a pairing: read, write, block, report."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.accounts.current import current_actor
from app.accounts.throttle import throttled
from app.core import clock
from app.core.errors import RuleViolation
from app.core.forms import Form
from app.db import current_session, transaction
from app.matchmaking import labels, policy, service
from app.matchmaking.commands import ReportMessage
from app.matchmaking.embargo import embargo_of
from app.matchmaking.queries import pairings
from app.matchmaking.queries import thread as queries
from app.matchmaking.service.thread import blocking_sides

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("workspace_threads", __name__, url_prefix="/workspace/pairings/<uuid:pairing_id>/thread")
LIMIT = "20 per minute"


class MessageForm(Form):
    """What is written to the other side."""

    text = TextAreaField(
        _l("Your message"),
        validators=[InputRequired(_l("Write a message.")), Length(max=4000)],
        render_kw={"rows": 5},
    )
    files = MultipleFileField(_l("Files"), description=_l("PDF, pictures, Word, Excel or ZIP; at most five files."))


class ReportForm(Form):
    """Why a message is improper."""

    reason_code = RadioField(
        _l("Reason"),
        choices=lambda: [SelectChoice(code, str(label)) for code, label in labels.REPORT_REASONS.items()],
        validators=[InputRequired(_l("Choose a reason."))],
    )
    text = TextAreaField(_l("In your own words"), validators=[Length(max=500)])


@bp.get("")
@login_required
def show(pairing_id: uuid.UUID) -> ResponseReturnValue:
    """Show the messages, newest first; what is shown counts as read."""
    page = _page(pairing_id, MessageForm(formdata=None))
    with transaction() as session:
        service.mark_thread_read(session, actor=current_actor(), pairing_id=pairing_id, now=clock.now())
    return page


@login_required
def _send(pairing_id: uuid.UUID) -> ResponseReturnValue:
    """Write to the other side."""
    form = MessageForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.send_message(
                    session,
                    actor=current_actor(),
                    pairing_id=pairing_id,
                    text=form.text.data or "",
                    uploads=[upload for upload in form.files.data or () if upload],
                    max_bytes=current_app.extensions["chipbridge_settings"].max_file_bytes,
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Sent. The other side is told by e-mail that there is a message."), "success")
            return redirect(url_for(".show", pairing_id=pairing_id), 303)
    return _page(pairing_id, form), 422


@bp.post("/<any(block, unblock):event>")
@login_required
def block(pairing_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Stop messages of this thread, or let them through again."""
    with transaction() as session:
        if event == "block":
            service.block_thread(session, actor=current_actor(), pairing_id=pairing_id, now=clock.now())
        else:
            service.unblock_thread(session, actor=current_actor(), pairing_id=pairing_id)
    flash(_("Messages are blocked.") if event == "block" else _("Messages get through again."), "success")
    return redirect(url_for(".show", pairing_id=pairing_id), 303)


@bp.route("/<uuid:message_id>/report", methods=["GET", "POST"])
@login_required
def report(pairing_id: uuid.UUID, message_id: uuid.UUID) -> ResponseReturnValue:
    """Show a message to the authority."""
    pairing = queries.thread_pairing(current_session(), actor=current_actor(), pairing_id=pairing_id)
    form = ReportForm()
    if form.validate_on_submit():
        command = ReportMessage(form.reason_code.data, form.text.data or "")
        try:
            with transaction() as session:
                service.report_message(
                    session, actor=current_actor(), message_id=message_id, command=command, now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Reported. The authority reads this message and decides."), "success")
            return redirect(url_for(".show", pairing_id=pairing_id), 303)
    return render_template(
        "workspace/pairings/report.html", pairing=pairing, message_id=message_id, form=form
    ), 422 if form.errors else 200


def _page(pairing_id: uuid.UUID, form: MessageForm) -> str:
    actor, session, now = current_actor(), current_session(), clock.now()
    pairing = queries.thread_pairing(session, actor=actor, pairing_id=pairing_id)
    embargo = embargo_of(session, pairing.demand_id, now=now)
    blocking = blocking_sides(session, pairing.id)
    parties = {"demand_id": pairing.demand_id, "supplier_id": pairing.supplier_id}
    decision = policy.can_write(
        actor, state=pairing.state, is_embargoed=embargo is not None, is_blocked=bool(blocking), **parties
    )
    return render_template(
        "workspace/pairings/thread.html",
        row=pairings.to_row(pairing, actor),
        page=queries.messages(session, actor=actor, pairing=pairing, page=request.args.get("page", 1, int)),
        decision=decision,
        may_act=policy.can_answer(actor, **parties),
        is_own_block=policy.side_of(actor, **parties) in blocking,
        is_blocked=bool(blocking),
        embargo=embargo,
        form=form,
        labels=labels,
    )


bp.add_url_rule("", "send", throttled(_send, LIMIT), methods=["POST"])
