"""The lexicon at the desk: the words the authority taught the model, and teaching more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction
from app.demands import names
from app.matchmaking import policy, service
from app.matchmaking.forms import LexiconForm
from app.matchmaking.queries import lexicon as queries
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_lexicon", __name__, url_prefix="/desk/lexicon")
bp.before_request(guard)


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of entries, what changed last first."""
    session, actor = current_session(), current_actor()
    policy.can_read_lexicon(actor).enforce()
    text, code = request.args.get("q", "").strip()[:60], request.args.get("category", "")
    code = code if code in lists.chip_categories or code in lists.terminal_categories else ""
    return render_template(
        "desk/lexicon/list.html",
        page=queries.entries(session, text=text, code=code, page=request.args.get("page", 1, int)),
        text=text,
        code=code,
        codes=queries.codes_in_use(session),
        decision=policy.can_edit_lexicon(actor),
        category=category,
    )


def category(code: str) -> str:
    """Return the name of a chip or terminal category."""
    return names.terminal(code) if code.startswith("T") else names.chip(code)


@bp.get("/new")
def new() -> ResponseReturnValue:
    """Show an empty entry."""
    policy.can_edit_lexicon(current_actor()).enforce()
    form = LexiconForm.about(request.args.get("category", ""))
    return render_template("desk/lexicon/edit.html", form=form, entry_id=None)


@bp.post("/new")
def add() -> ResponseReturnValue:
    """Teach words."""
    form = LexiconForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.add_entry(session, actor=current_actor(), command=form.to_command(), now=clock.now())
        except RuleViolation as error:
            form.show(error)
        else:
            return _learning()
    policy.can_edit_lexicon(current_actor()).enforce()
    return render_template("desk/lexicon/edit.html", form=form, entry_id=None), 422


@bp.get("/<uuid:entry_id>")
def edit(entry_id: uuid.UUID) -> ResponseReturnValue:
    """Show an entry to be changed."""
    policy.can_edit_lexicon(current_actor()).enforce()
    form = LexiconForm.of(queries.entry(current_session(), entry_id))
    return render_template("desk/lexicon/edit.html", form=form, entry_id=entry_id)


@bp.post("/<uuid:entry_id>")
def save(entry_id: uuid.UUID) -> ResponseReturnValue:
    """Change an entry."""
    form = LexiconForm()
    if form.validate_on_submit():
        command = form.to_command()
        try:
            with transaction() as session:
                service.change_entry(
                    session, actor=current_actor(), entry_id=entry_id, command=command, now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        else:
            return _learning()
    policy.can_edit_lexicon(current_actor()).enforce()
    return render_template("desk/lexicon/edit.html", form=form, entry_id=entry_id), 422


@bp.post("/<uuid:entry_id>/remove")
def remove(entry_id: uuid.UUID) -> ResponseReturnValue:
    """Forget an entry."""
    with transaction() as session:
        service.remove_entry(session, actor=current_actor(), entry_id=entry_id, now=clock.now())
    return _learning()


def _learning() -> ResponseReturnValue:
    flash(_("Saved. The model learns it with a new fit, which has been queued; see Jobs."), "success")
    return redirect(url_for(".list"), 303)
