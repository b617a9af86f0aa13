"""The mailbox of an installation without a mail server: messages that were written to a folder."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, render_template, request, url_for

from app.core.errors import NotFound
from app.mail import mailbox
from app.mail.framed import framed
from app.mail.hook import bp as reports
from app.mail.transports import Folder, transport_for

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("mailbox", __name__, url_prefix="/dev/mailbox")
blueprints = (bp, reports)


def _folder() -> Path | None:
    """Return the folder of messages, where a person at this very machine may look into it."""
    settings = current_app.extensions["chipbridge_settings"]
    transport = transport_for(settings.mail_url)
    if settings.is_production or not isinstance(transport, Folder) or not _is_local():
        return None
    return transport.path


def _is_local() -> bool:
    """Return whether the reader sits at this machine: links in messages open accounts, so nobody else may look."""
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _open_folder() -> Path:
    folder = _folder()
    if folder is None:
        raise NotFound("The page does not exist, or it is not open to you.", code="no_mailbox")
    return folder


@bp.app_context_processor
def _shared() -> dict[str, str]:
    """Let every page lead to the mailbox where there is one."""
    return {"mailbox_url": url_for("mailbox.list") if _folder() is not None else ""}


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show the messages, newest first."""
    page = mailbox.newest(_open_folder(), number=request.args.get("page", 1, int))
    return render_template("mailbox/list.html", page=page)


@bp.get("/<uuid:mail_id>")
def show(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Show one message: as mail programs show it, as text, and its headers."""
    return render_template("mailbox/show.html", mail_id=mail_id, letter=mailbox.letter(_open_folder(), mail_id))


@bp.get("/<uuid:mail_id>/html")
def html(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Send the HTML part, for the frame of its page."""
    return framed(mailbox.letter(_open_folder(), mail_id).html)


@bp.get("/<uuid:mail_id>.eml")
def download(mail_id: uuid.UUID) -> ResponseReturnValue:
    """Send the message as it would travel."""
    answer = Response(mailbox.letter(_open_folder(), mail_id).raw, mimetype="message/rfc822")
    answer.headers["Content-Disposition"] = f"attachment; filename={mail_id.hex}.eml"
    return answer
