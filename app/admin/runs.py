"""Configurations of a run: made, computed, compared, deployed, undone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.accounts.current import current_actor
from app.admin.access import guard
from app.admin.curve import curve
from app.core import clock
from app.core.errors import RuleViolation
from app.core.forms import Form, IntegerField
from app.db import current_session, transaction
from app.matchmaking import labels, policy, service
from app.matchmaking.commands import RunSettings
from app.matchmaking.queries import configurations as queries
from app.matchmaking.workflow import RUN_WORKFLOW

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_runs", __name__, url_prefix="/desk/runs")
bp.before_request(guard)
WEIGHTS = {"in_use": _l("Those in use"), "shipped": _l("Those shipped with the engine, before any learning")}
RULES = {
    "newcomer_floor": _l("Every new firm is shown for so many needs"),
    "small_total": _l("Places of small and medium firms in all"),
    "cap": _l("Needs for which one firm is shown"),
    "need_max": _l("Firms shown for one need"),
}
"""The bounds that may contradict one another."""


class RunForm(Form):
    """The rules of a configuration."""

    name = StringField(
        _l("Name of the configuration"),
        validators=[InputRequired(_l("Give the configuration a name.")), Length(max=60)],
    )
    max_firms = IntegerField(_l("Firms shown for one need, at most"), default=6, validators=[InputRequired()])
    min_percent = IntegerField(_l("Least fit, in per cent"), default=3, validators=[InputRequired()])
    cap = IntegerField(
        _l("Needs for which one firm is shown, at most"),
        default=0,
        validators=[InputRequired()],
        description=_l("0: without a cap."),
    )
    has_newcomer_slot = BooleanField(_l("Every firm that was never in a pairing is shown for one need at least"))
    small_percent = IntegerField(
        _l("Places of small and medium firms, at least, in per cent"), default=0, validators=[InputRequired()]
    )
    weights = RadioField(
        _l("Weights"),
        choices=lambda: [SelectChoice(code, str(label)) for code, label in WEIGHTS.items()],
        default="in_use",
    )

    def to_settings(self) -> RunSettings:
        """Return the validated input as a frozen value the service understands."""
        return RunSettings(
            max_firms=self.max_firms.data,
            min_percent=self.min_percent.data,
            cap=self.cap.data,
            has_newcomer_slot=bool(self.has_newcomer_slot.data),
            small_percent=self.small_percent.data,
            weights=self.weights.data,
        )


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show the configurations."""
    actor = current_actor()
    return render_template(
        "desk/runs/list.html",
        page=queries.configurations(current_session(), actor=actor, page=request.args.get("page", 1, int)),
        decision=policy.can_decide(actor),
        labels=labels,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a configuration; it is computed at once and changes nothing."""
    form = RunForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                found = service.save_configuration(
                    session,
                    actor=current_actor(),
                    name=form.name.data or "",
                    settings=form.to_settings(),
                    now=clock.now(),
                )
                configuration_id = found.id
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Saved. It is being computed; nothing changes before you deploy it."), "success")
            return redirect(url_for(".show", configuration_id=configuration_id), 303)
    decision = policy.can_decide(current_actor())
    return render_template("desk/runs/new.html", form=form, decision=decision), 422 if form.errors else 200


@bp.get("/<uuid:configuration_id>")
def show(configuration_id: uuid.UUID) -> ResponseReturnValue:
    """Show a configuration beside what is suggested now, or beside another one."""
    session, actor = current_session(), current_actor()
    found = queries.configuration(session, actor=actor, configuration_id=configuration_id)
    other_id = _other_id()
    other = queries.configuration(session, actor=actor, configuration_id=other_id) if other_id else None
    return render_template(
        "desk/runs/show.html",
        run=found,
        settings=RunSettings(**found.settings),
        events=RUN_WORKFLOW.events(found.state),
        comparison=queries.compare(session, found, other) if found.proposals else None,
        others=queries.others(session, configuration_id),
        other_id=other_id,
        curve=curve(found.figures.get("curve", ()), found.figures),
        rules=RULES,
        weights=WEIGHTS,
        decision=policy.can_decide(actor),
        labels=labels,
    )


@bp.post("/<uuid:configuration_id>/<any(compute, deploy, undo):event>")
def act(configuration_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Compute a configuration again, put it to use, or undo that."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        if event == "compute":
            service.recompute_configuration(session, actor=actor, configuration_id=configuration_id, now=now)
        elif event == "deploy":
            service.deploy(session, actor=actor, configuration_id=configuration_id, now=now)
        else:
            service.undo(session, actor=actor, configuration_id=configuration_id, now=now)
    texts = {
        "compute": _("It is being computed."),
        "deploy": _("In use. What was suggested before is kept, so that you can undo this."),
        "undo": _("Undone. What was suggested before is back."),
    }
    flash(texts[event], "success")
    return redirect(url_for(".show", configuration_id=configuration_id), 303)


def _other_id() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("with", ""))
    except ValueError:
        return None
