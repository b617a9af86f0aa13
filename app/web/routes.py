"""Home, to-do list, language and health."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from flask_login import login_required

from app.accounts.current import current_actor
from app.audit import heads
from app.core import clock
from app.core.actor import LOCALES
from app.db import current_session
from app.taxonomy import lists
from app.web import companies, queries
from app.web.todo import starts, todo_list

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("web", __name__)
blueprints = (bp, companies.bp)

PUBLISHED_DAYS = 120
"""Shown on the page; the text has all."""


@bp.get("/")
def home() -> ResponseReturnValue:
    """Show what is going on."""
    page = queries.home_page(current_session(), now=clock.now())
    return render_template("web/home.html", page=page, lists=lists)


@bp.get("/workspace/")
@login_required
def workspace() -> ResponseReturnValue:
    """Show what the reader's company should do next."""
    actor = current_actor()
    todos = todo_list(current_session(), actor=actor, now=clock.now())
    return render_template("web/workspace.html", todos=todos, starts=starts(actor))


@bp.get("/help")
def help() -> ResponseReturnValue:
    """Explain the rules of the portal in short."""
    return render_template("web/help.html")


@bp.get("/trail")
def trail() -> ResponseReturnValue:
    """Show the published hashes of the audit trail."""
    return render_template("web/trail.html", days=heads.published(current_session(), limit=PUBLISHED_DAYS))


@bp.get("/trail.txt")
def trail_text() -> ResponseReturnValue:
    """Send every published hash as lines of text, for machines that keep them."""
    lines = (f"{day.isoformat()} {digest}\n" for day, digest in heads.published(current_session(), limit=None))
    return Response("".join(lines), mimetype="text/plain")


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
