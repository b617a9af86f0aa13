"""The digest of the desk: who reads it, what it would say, and sending it to oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.digests import bp
from app.core import clock
from app.db import current_session, transaction
from app.mail.framed import framed
from app.notifications import desk_digest, policy, service

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.notifications.desk_digest import DeskLine, DeskReader


@bp.get("/queues/")
def queue_list() -> ResponseReturnValue:
    """Show who works at the desk and whether the digest goes to them."""
    actor = current_actor()
    policy.can_preview_digests(actor).enforce()
    readers = desk_digest.readers(current_session())
    shown = [(one, policy.can_preview_desk_digest(actor, one.user_id)) for one in readers]
    return render_template("desk/digests/queues.html", readers=shown)


@bp.get("/queues/<uuid:user_id>")
def queue_preview(user_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a person's digest would say now, in that person's language."""
    reader, lines = _digest(user_id)
    rendered = desk_digest.preview(reader, lines) if lines else None
    return render_template("desk/digests/queue_preview.html", reader=reader, lines=lines, rendered=rendered)


@bp.get("/queues/<uuid:user_id>/html")
def queue_html(user_id: uuid.UUID) -> ResponseReturnValue:
    """Send the HTML part of the preview, for the frame of its page."""
    return framed(desk_digest.preview(*_digest(user_id)).html)


def _digest(user_id: uuid.UUID) -> tuple[DeskReader, tuple[DeskLine, ...]]:
    policy.can_preview_desk_digest(current_actor(), user_id).enforce()
    session = current_session()
    reader = desk_digest.load_reader(session, user_id)
    return reader, desk_digest.lines(session, reader, now=clock.now())


@bp.post("/queues/<uuid:user_id>/test")
def queue_test(user_id: uuid.UUID) -> ResponseReturnValue:
    """Send the preview to the person at the desk who asks for it."""
    actor = current_actor()
    with transaction() as session:
        service.send_test_desk_digest(session, actor=actor, user_id=user_id, now=clock.now())
    flash(_("The preview is on its way to %(email)s.", email=actor.email), "success")
    return redirect(url_for(".queue_preview", user_id=user_id), 303)
