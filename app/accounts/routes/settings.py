"""A person's own settings, and where the log-in leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import login_required

from app.accounts import service
from app.accounts.current import current_actor
from app.accounts.forms import SettingsForm
from app.accounts.queries import company as queries
from app.db import current_session, transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("settings", __name__, url_prefix="/account")


@bp.route("/settings", methods=["GET", "POST"])
@login_required
def show() -> ResponseReturnValue:
    person = queries.settings(current_session(), actor=current_actor())
    form = SettingsForm(obj=person)
    if form.validate_on_submit():
        with transaction() as writing:
            service.save_settings(writing, actor=current_actor(), command=form.to_command())
        session["locale"] = form.locale.data
        refresh()
        flash(_("Your settings have been saved."), "success")
        return redirect(url_for(".show"), 303)
    return render_template(
        "accounts/settings.html",
        form=form,
        person=person,
        has_preferences="notifications.preferences" in current_app.view_functions,
    ), 422 if form.errors else 200


@bp.get("/start")
@login_required
def start() -> ResponseReturnValue:
    """Lead everybody to where their work is."""
    actor = current_actor()
    if actor.organization_id is not None:
        return redirect(url_for("web.workspace"))
    if actor.is_staff and "desk.overview" in current_app.view_functions:
        return redirect(url_for("desk.overview"))
    if actor.is_prefecture:
        return redirect(url_for("desk_challenges.list"))
    if actor.is_staff:
        return redirect(url_for("web.home"))
    return redirect(url_for("company.new"))
