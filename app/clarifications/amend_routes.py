"""The owner's page of amendments."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.challenges import queries as challenges
from app.clarifications import amend_queries as queries
from app.clarifications import labels, policy, service
from app.clarifications.amend_forms import AmendForm
from app.clarifications.workflow import AmendmentState
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("workspace_amendments", __name__, url_prefix="/workspace/challenges/<uuid:challenge_id>/amendments")


@bp.get("/")
@login_required
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show the amendments of a challenge and, while it takes bids, the form to propose one."""
    return _page(challenge_id)


@bp.post("/")
@login_required
def propose(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Propose an amendment."""
    form, status = AmendForm(), 422
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.propose_amendment(
                    session,
                    actor=current_actor(),
                    challenge_id=challenge_id,
                    command=form.to_command(_question_id()),
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            flash(_("Proposed. Nothing changes before the authority has approved it."), "success")
            return redirect(url_for(".show", challenge_id=challenge_id), 303)
    return _page(challenge_id, form), status


@bp.post("/<uuid:amendment_id>/withdraw")
@login_required
def withdraw(challenge_id: uuid.UUID, amendment_id: uuid.UUID) -> ResponseReturnValue:
    """Take a proposed amendment back."""
    with transaction() as session:
        service.withdraw_amendment(session, actor=current_actor(), amendment_id=amendment_id, now=clock.now())
    flash(_("The amendment is taken back."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


def _question_id() -> uuid.UUID | None:
    try:
        return uuid.UUID(request.args.get("question", ""))
    except ValueError:
        return None


def _page(challenge_id: uuid.UUID, form: AmendForm | None = None) -> str:
    session, actor, now = current_session(), current_actor(), clock.now()
    challenge, command = challenges.challenge_form(session, actor=actor, challenge_id=challenge_id, now=now)
    found = queries.amendments_of(session, challenge_id=challenge_id, now=now)
    is_waiting = any(one.state is AmendmentState.PROPOSED for one in found)
    kpis = tuple((f"K{place:02d}", kpi.name) for place, kpi in enumerate(command.kpis, 1))
    if form is None:
        form = AmendForm(formdata=None)
        form.fill(command, tuple(code for code, _name in kpis))
    return render_template(
        "workspace/clarifications/amend.html",
        challenge=challenge,
        amendments=found,
        form=form,
        kpi_names=dict(kpis),
        is_waiting=is_waiting,
        decision=policy.can_amend(actor, owner_id=challenge.need.organization_id),
        question_id=_question_id(),
        labels=labels,
    )
