"""Handing files out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response
from flask_login import login_required

from app.accounts.current import current_actor
from app.db import transaction
from app.files import service

if TYPE_CHECKING:
    import uuid

bp = Blueprint("files", __name__, url_prefix="/files")
blueprints = (bp,)


@bp.get("/<uuid:file_id>")
@login_required
def download(file_id: uuid.UUID) -> Response:
    """Send a file to be saved, never to be run; that it was opened goes on the audit trail."""
    with transaction() as session:
        file = service.open_for(session, actor=current_actor(), file_id=file_id)
    response = Response(service.open_file(file), mimetype=file.media_type)
    response.content_length = file.size_bytes
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.filename, safe='')}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
