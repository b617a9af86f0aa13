"""Home, language and health."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import Blueprint, redirect, render_template, request, session, url_for

from app.core.actor import LOCALES
from app.db import current_session

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("web", __name__)
blueprints = (bp,)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show what is going on."""
    return render_template("web/home.html")


@bp.post("/locale")
def set_locale() -> ResponseReturnValue:
    """Remember the language the reader chose and go back."""
    chosen = request.form.get("locale", "")
    if chosen in LOCALES:
        session["locale"] = chosen
    target = request.form.get("next", "")
    is_local = target.startswith("/") and not target.startswith(("//", "/\\"))
    return redirect(target if is_local else url_for("web.home"), 303)


@bp.get("/healthz")
def health() -> ResponseReturnValue:
    """Tell a load balancer that the process answers and its database does too."""
    current_session().execute(sa.text("SELECT 1"))
    return {"status": "ok"}
