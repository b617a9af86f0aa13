"""Where forms send what is being typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, jsonify, redirect, request
from flask_babel import gettext as _
from flask_login import login_required
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.current import current_actor
from app.core import clock
from app.db import transaction
from app.drafts import service

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MAX_BYTES = 256 * 1024
NOT_TYPED = frozenset({"csrf_token"})

bp = Blueprint("drafts", __name__, url_prefix="/workspace/drafts")
blueprints = (bp,)


@bp.post("/<form_name>/<subject>")
@login_required
def save(form_name: str, subject: str) -> ResponseReturnValue:
    """Keep what is typed; answers when it was kept."""
    if request.content_length is None or request.content_length > MAX_BYTES:
        raise RequestEntityTooLarge
    values = {name: texts for name, texts in request.form.to_dict(flat=False).items() if name not in NOT_TYPED}
    now = clock.now()
    with transaction() as session:
        service.save(session, actor=current_actor(), form_name=form_name, subject=subject, values=values, now=now)
    return jsonify(saved_at=now.isoformat())


@bp.post("/<form_name>/<subject>/discard")
@login_required
def discard(form_name: str, subject: str) -> ResponseReturnValue:
    """Forget what was typed and go back to the form as it was saved."""
    with transaction() as session:
        service.discard(session, current_actor(), form_name, subject)
    flash(_("Your unsaved input has been discarded."), "info")
    return redirect(_own_path(request.form.get("next", "")), 303)


def _own_path(target: str) -> str:
    """Return the path if it is one of this site, else the workspace."""
    is_own = target.startswith("/workspace/") and "\\" not in target and "//" not in target
    return target if is_own else "/workspace/"
