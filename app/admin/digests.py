"""Digests at the desk: who reads them how often, what the next one would say, and sending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.db import current_session, transaction
from app.mail import labels as mail_labels
from app.mail.framed import framed
from app.notifications import digest_content, digest_mail, labels, policy, queries, service
from app.notifications.recipients import Reader, load_reader

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.notifications.digest_content import DigestContent

bp = Blueprint("desk_digests", __name__, url_prefix="/desk/digests")
bp.before_request(guard)


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of readers, by company."""
    session, actor = current_session(), current_actor()
    policy.can_preview_digests(actor).enforce()
    text, frequency = request.args.get("q", "").strip()[:100], request.args.get("frequency", "")
    frequency = frequency if frequency in labels.FREQUENCIES else ""
    counts = queries.frequency_counts(session)
    return render_template(
        "desk/digests/list.html",
        page=queries.digest_readers(session, text=text, frequency=frequency, page=request.args.get("page", 1, int)),
        text=text,
        frequency=frequency,
        counts=counts,
        n_all=sum(counts.values()),
        decision=policy.can_send_digests(actor),
        labels=labels,
        mail_labels=mail_labels,
    )


@bp.get("/<uuid:user_id>")
def preview(user_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a person's next digest would say, in that person's language."""
    reader, content = _next_digest(user_id)
    return render_template(
        "desk/digests/preview.html",
        reader=reader,
        content=content,
        rendered=digest_mail.preview(reader, content) if content else None,
        decision=policy.can_send_digests(current_actor()),
        labels=labels,
    )


@bp.get("/<uuid:user_id>/html")
def html(user_id: uuid.UUID) -> ResponseReturnValue:
    """Send the HTML part of the preview, for the frame of its page."""
    reader, content = _next_digest(user_id)
    return framed(digest_mail.preview(reader, content).html)


def _next_digest(user_id: uuid.UUID) -> tuple[Reader, DigestContent]:
    policy.can_preview_digests(current_actor()).enforce()
    session = current_session()
    reader = load_reader(session, user_id)
    return reader, digest_content.build(session, reader, now=clock.now())


@bp.post("/<uuid:user_id>/send")
def send(user_id: uuid.UUID) -> ResponseReturnValue:
    """Make a person's digest of the running period now; the worker delivers it."""
    with transaction() as session:
        service.send_now(session, actor=current_actor(), user_id=user_id, now=clock.now())
    flash(_("The digest is on its way."), "success")
    return redirect(url_for(".list"), 303)


@bp.post("/<uuid:user_id>/test")
def test(user_id: uuid.UUID) -> ResponseReturnValue:
    """Send the preview to the person at the desk; nothing counts as told."""
    actor = current_actor()
    with transaction() as session:
        service.send_test_digest(session, actor=actor, user_id=user_id, now=clock.now())
    flash(_("The preview is on its way to %(email)s.", email=actor.email), "success")
    return redirect(url_for(".preview", user_id=user_id), 303)


@bp.post("/run")
def run() -> ResponseReturnValue:
    """Queue a run over everybody who wants the digest that often."""
    frequency = request.form.get("frequency", "")
    with transaction() as session:
        service.queue_run(session, actor=current_actor(), frequency=frequency, now=clock.now())
    flash(_("The run has been queued. Its progress is shown under Jobs."), "success")
    return redirect(url_for("desk_jobs.list"), 303)
