"""The mail log: what was sent to whom and how it went, never what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.db import current_session, transaction
from app.mail import intake, labels, policy, queries, service
from app.mail.models import MailState
from app.notifications.labels import CLICKS
from app.notifications.queries import click_figures

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_mail", __name__, url_prefix="/desk/mail")
bp.before_request(guard)


def _filter() -> queries.MailFilter:
    arguments = request.args
    state = arguments.get("state", "")
    return queries.MailFilter(
        state=MailState(state) if state in {one.value for one in MailState} else None,
        template=arguments.get("template", "")[:60],
        recipient=arguments.get("recipient", "").strip()[:254],
        text=arguments.get("q", "").strip()[:100],
    )


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of the log, newest first."""
    session, wanted = current_session(), _filter()
    policy.can_read_log(current_actor()).enforce()
    counts = queries.state_counts(session, wanted=wanted)
    return render_template(
        "desk/mail/list.html",
        page=queries.log(session, wanted=wanted, page=request.args.get("page", 1, int)),
        wanted=wanted,
        counts=counts,
        n_all=sum(counts.values()),
        decision=policy.can_resend(current_actor()),
        labels=labels,
        clicks=click_figures(session, now=clock.now()),
        click_labels=CLICKS,
    )


@bp.get("/<uuid:mail_id>")
def show(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Show how one message fares."""
    actor = current_actor()
    policy.can_read_log(actor).enforce()
    session = current_session()
    mail = queries.message(session, mail_id=mail_id)
    reports = queries.reports(session, mail_id=mail_id)
    decision = policy.can_resend(actor)
    return render_template("desk/mail/show.html", mail=mail, reports=reports, decision=decision, labels=labels)


@bp.post("/<uuid:mail_id>/resend")
def resend(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Send a message once more."""
    with transaction() as session:
        mail = service.resend(session, actor=current_actor(), mail_id=mail_id, now=clock.now())
    flash(_("The message is on its way again."), "success")
    return redirect(url_for(".show", mail_id=mail.id), 303)


@bp.post("/resend")
def resend_failed() -> ResponseReturnValue:
    """Send everything that failed once more."""
    with transaction() as session:
        number = service.resend_failed(session, actor=current_actor(), now=clock.now())
    flash(
        ngettext("%(num)s message is on its way again.", "%(num)s messages are on their way again.", number), "success"
    )
    return redirect(url_for(".list"), 303)


@bp.get("/suppressed")
def suppressed() -> ResponseReturnValue:
    """Show the addresses to which nothing goes, and what was reported of them."""
    session, actor = current_session(), current_actor()
    policy.can_read_log(actor).enforce()
    text = request.args.get("q", "").strip()[:254]
    return render_template(
        "desk/mail/suppressed.html",
        page=queries.suppressed(session, text=text, page=request.args.get("page", 1, int)),
        reports=queries.reports(session, text=text),
        text=text,
        decision=policy.can_resend(actor),
        labels=labels,
    )


@bp.post("/suppressed/lift")
def lift() -> ResponseReturnValue:
    """Let mail go to an address again."""
    address = request.form.get("address", "")[:254]
    with transaction() as session:
        intake.lift(session, actor=current_actor(), address=address, now=clock.now())
    flash(
        _("Mail goes to %(email)s again. What was held back can be sent again from the mail log.", email=address),
        "success",
    )
    return redirect(url_for(".suppressed"), 303)
