"""The group robots of a company: what they tell, whether it arrived, and trying them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.robots import labels, policy, queries, service
from app.robots.forms import RobotForm
from app.robots.guard import Rules

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("robots", __name__, url_prefix="/workspace/robots")
blueprints = (bp,)


def rules() -> Rules:
    """Return where this installation may post to."""
    return Rules.of(current_app.extensions["chipbridge_settings"])


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the robots of the person's company, and what they posted last."""
    actor = current_actor()
    page = queries.robots_page(current_session(), actor=actor)
    return render_template("workspace/robots/list.html", page=page, seeing=policy.can_see(actor), labels=labels)


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Set up a robot."""
    policy.can_set(current_actor()).enforce()
    form = RobotForm(obj=queries.RobotForm())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.add_robot(
                    session, actor=current_actor(), command=form.to_command(), rules=rules(), now=clock.now()
                )
        except (RuleViolation, Conflict) as error:
            form.show(error)
        else:
            flash(_("The group robot is set up. Send a test message to see whether it arrives."), "success")
            return redirect(url_for(".list"), 303)
    page = render_template("workspace/robots/edit.html", form=form, shown="", hosts=rules().hosts)
    return page, 422 if form.errors else 200


@bp.route("/<uuid:robot_id>/edit", methods=["GET", "POST"])
@login_required
def edit(robot_id: uuid.UUID) -> ResponseReturnValue:
    """Change a robot; its address stays unless a new one is given."""
    stored = queries.robot_form(current_session(), actor=current_actor(), robot_id=robot_id)
    form = RobotForm(obj=stored)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.change_robot(
                    session,
                    actor=current_actor(),
                    robot_id=robot_id,
                    command=form.to_command(),
                    rules=rules(),
                    now=clock.now(),
                )
        except (RuleViolation, Conflict) as error:
            form.show(error)
        else:
            flash(_("The group robot was changed."), "success")
            return redirect(url_for(".list"), 303)
    page = render_template("workspace/robots/edit.html", form=form, shown=stored.shown, hosts=rules().hosts)
    return page, 422 if form.errors else 200


@bp.post("/<uuid:robot_id>/test")
@login_required
def test(robot_id: uuid.UUID) -> ResponseReturnValue:
    """Let a robot post a test message."""
    with transaction() as session:
        service.try_robot(session, actor=current_actor(), robot_id=robot_id, now=clock.now())
    flash(_("A test message is on its way; the list below says whether it arrived."), "success")
    return redirect(url_for(".list") + "#log", 303)


@bp.post("/<uuid:robot_id>/stop")
@login_required
def stop(robot_id: uuid.UUID) -> ResponseReturnValue:
    """Switch a robot off."""
    with transaction() as session:
        service.stop_robot(session, actor=current_actor(), robot_id=robot_id, now=clock.now())
    flash(_("The group robot is switched off."), "success")
    return redirect(url_for(".list"), 303)


@bp.post("/<uuid:robot_id>/start")
@login_required
def start(robot_id: uuid.UUID) -> ResponseReturnValue:
    """Switch a robot on."""
    with transaction() as session:
        service.start_robot(session, actor=current_actor(), robot_id=robot_id, now=clock.now())
    flash(_("The group robot is switched on. Send a test message to see whether it arrives."), "success")
    return redirect(url_for(".list"), 303)


@bp.post("/<uuid:robot_id>/remove")
@login_required
def remove(robot_id: uuid.UUID) -> ResponseReturnValue:
    """Forget a robot."""
    with transaction() as session:
        service.remove_robot(session, actor=current_actor(), robot_id=robot_id)
    flash(_("The group robot was removed."), "success")
    return redirect(url_for(".list"), 303)
