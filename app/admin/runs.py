"""Configurations of a run: made, computed, compared, deployed, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.admin.curve import curve
from app.admin.run_form import WEIGHTS, RunForm, filled
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.core.identifiers import parse_uuid
from app.db import current_session, transaction
from app.matchmaking import labels, policy, service
from app.matchmaking.commands import RunSettings
from app.matchmaking.emphasis import shares
from app.matchmaking.queries import configurations as queries
from app.matchmaking.workflow import RUN_WORKFLOW, RunEvent

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_runs", __name__, url_prefix="/desk/runs")
bp.before_request(guard)


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
    """Make a configuration, from another one or from scratch; it is computed at once and changes nothing."""
    actor = current_actor()
    form = RunForm(data=_copied())
    if form.validate_on_submit():
        name, settings = form.name.data or "", form.to_settings()
        try:
            with transaction() as session:
                made = service.save_configuration(session, actor=actor, name=name, settings=settings, now=clock.now())
                configuration_id = made.id
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Saved. It is being computed; nothing changes before you deploy it."), "success")
            return redirect(url_for(".show", configuration_id=configuration_id), 303)
    return render_template(
        "desk/runs/new.html",
        form=form,
        shares=shares(service.ranker_for(current_session())),
        decision=policy.can_decide(actor),
    ), 422 if form.errors else 200


def _copied() -> dict[str, object] | None:
    configuration_id = _argument("from")
    if configuration_id is None:
        return None
    found = queries.configuration(current_session(), actor=current_actor(), configuration_id=configuration_id)
    return filled(_("%(name)s, changed", name=found.name), RunSettings(**found.settings))


@bp.get("/<uuid:configuration_id>")
def show(configuration_id: uuid.UUID) -> ResponseReturnValue:
    """Show a configuration beside what is suggested now, or beside another one."""
    return _page(configuration_id)


def _page(configuration_id: uuid.UUID, refused: Conflict | None = None) -> str:
    session, actor = current_session(), current_actor()
    found = queries.configuration(session, actor=actor, configuration_id=configuration_id)
    other_id = _argument("with")
    other = queries.configuration(session, actor=actor, configuration_id=other_id) if other_id else None
    page = request.args.get("page", 1, int)
    return render_template(
        "desk/runs/show.html",
        run=found,
        settings=RunSettings(**found.settings),
        events=RUN_WORKFLOW.events(found.state) - {RunEvent.REINSTATE},
        comparison=queries.compare(session, found, other, page=page) if found.computed_at else None,
        others=queries.others(session, configuration_id),
        other_id=other_id,
        curve=curve(found.figures.get("curve", ()), found.figures),
        in_use=queries.in_use(session),
        refused=refused,
        weights=WEIGHTS,
        decision=policy.can_decide(actor),
        labels=labels,
    )


@bp.post("/<uuid:configuration_id>/<any(compute, deploy, undo):event>")
def act(configuration_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Compute a configuration again, put it to use, or undo that; say what happened if somebody was faster."""
    texts = {
        "compute": _("It is being computed."),
        "deploy": _("In use. What was suggested before is kept, so that you can undo this."),
        "undo": _("Undone. What was suggested before is back."),
    }
    try:
        _act(configuration_id, event)
    except Conflict as error:
        return _page(configuration_id, error), error.status
    flash(texts[event], "success")
    return redirect(url_for(".show", configuration_id=configuration_id), 303)


def _act(configuration_id: uuid.UUID, event: str) -> None:
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        if event == "compute":
            service.recompute_configuration(session, actor=actor, configuration_id=configuration_id, now=now)
        elif event == "deploy":
            seen = parse_uuid(request.form.get("in_use"))
            service.deploy(session, actor=actor, configuration_id=configuration_id, seen=seen, now=now)
        else:
            service.undo(session, actor=actor, configuration_id=configuration_id, now=now)


def _argument(name: str) -> uuid.UUID | None:
    return parse_uuid(request.args.get(name))
