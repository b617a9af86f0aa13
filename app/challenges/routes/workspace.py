"""A company's own challenges."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.challenges import labels, patterns, policy, queries, service
from app.challenges.appraisals import reconsideration
from app.challenges.commands import SaveChallenge
from app.challenges.desk_forms import CancelForm, ReconsiderForm
from app.challenges.forms import ChallengeForm, add_pattern, copied, initial, parameter_names
from app.challenges.queries import process
from app.challenges.routes.public import sheet_names
from app.challenges.rules import faults
from app.challenges.sections import next_anchor, progress
from app.challenges.workflow import CHALLENGE_WORKFLOW
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands import labels as need_labels
from app.demands import names
from app.demands.forms import change_rows
from app.demands.workflow import NEVER_PUBLIC, PostingState
from app.drafts import queries as drafts
from app.drafts import service as drafts_service
from app.drafts.registry import register_form
from app.taxonomy import lists

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.challenges.queries import ChallengeView
    from app.drafts.queries import Draft

bp = Blueprint("workspace_challenges", __name__, url_prefix="/workspace/challenges")
FORM = register_form("challenge")
BEFORE_THE_END = (*NEVER_PUBLIC, PostingState.PUBLISHED, PostingState.SUSPENDED)
"""Phases in which nobody is told why firms do not bid."""


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the company's challenges by state."""
    session, actor = current_session(), current_actor()
    tab = request.args.get("tab", "all")
    tab = tab if tab in labels.MY_TABS else "all"
    return render_template(
        "workspace/challenges/list.html",
        page=queries.my_challenges(
            session, actor=actor, tab=tab, page=request.args.get("page", 1, int), now=clock.now()
        ),
        counts=queries.my_tab_counts(session, actor=actor),
        tab=tab,
        decision=policy.can_draft(actor),
        labels=labels,
        need_labels=need_labels,
        names=names,
    )


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Begin a challenge, afresh or from an earlier one; what was typed before comes back."""
    session, actor = current_session(), current_actor()
    policy.can_draft(actor).enforce()
    if request.method == "POST":
        return _save(_filled_in())
    copy = request.args.get("copy", type=uuid.UUID)
    if copy is not None:
        return _form(_filled_in(formdata=None, data=copied(_own(copy)[1])))
    kept = drafts.find(session, actor, FORM, "new")
    return _form(_filled_in(formdata=kept.values if kept else None), kept=kept)


@bp.route("/<uuid:challenge_id>/edit", methods=["GET", "POST"])
@login_required
def edit(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Change a draft or a returned challenge."""
    session, actor = current_session(), current_actor()
    challenge, stored = _own(challenge_id)
    policy.can_edit(actor, organization_id=challenge.need.organization_id, state=challenge.need.state).enforce()
    if request.method == "POST":
        return _save(_filled_in(stored), challenge, stored)
    kept = drafts.find(session, actor, FORM, str(challenge_id))
    form = _filled_in(stored, formdata=kept.values) if kept else _stored(stored)
    return _form(form, challenge, stored, kept)


@bp.post("/lint")
@login_required
def lint() -> ResponseReturnValue:
    """Return what cannot be measured in the indicators that were sent: message by name of the cell."""
    policy.can_draft(current_actor()).enforce()
    found = ChallengeForm().lint()
    return jsonify({f"kpis-{row}-{cell}": _(message) for (row, cell), message in found.items()})


def _own(challenge_id: uuid.UUID) -> tuple[ChallengeView, SaveChallenge]:
    return queries.challenge_form(current_session(), actor=current_actor(), challenge_id=challenge_id, now=clock.now())


def _filled_in(stored: SaveChallenge | None = None, **values: Any) -> ChallengeForm:
    """Return the form with what was typed: in this request, or in ``formdata``."""
    current = stored.programme_id if stored else None
    programmes = queries.open_programmes(current_session(), current=current)
    return ChallengeForm(programmes=programmes, now=clock.now(), **values)


def _stored(stored: SaveChallenge) -> ChallengeForm:
    """Return the form with what was saved."""
    return _filled_in(stored, formdata=None, data=initial(stored))


def _save(
    form: ChallengeForm, challenge: ChallengeView | None = None, stored: SaveChallenge | None = None
) -> ResponseReturnValue:
    """Save what was typed and, when the button says so, hand it in: both or nothing."""
    form.wants_complete = "submit" in request.form
    if change_rows(form, request.form) or add_pattern(form, request.form.get("pattern", "")):
        return _form(form, challenge, stored)
    status = 422
    if form.validate_on_submit():
        try:
            challenge_id = _write(form, challenge)
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            form.take_version(challenge.need.version if challenge else None)
            status = 409
        else:
            return _saved(form, challenge_id)
    return _form(form, challenge, stored), status


def _saved(form: ChallengeForm, challenge_id: uuid.UUID) -> ResponseReturnValue:
    if form.wants_complete:
        flash(_("Submitted. The authority reviews it; you will be told the result."), "success")
        return redirect(url_for(".show", challenge_id=challenge_id), 303)
    flash(_("Draft saved."), "success")
    left = request.form.get("save", "")
    anchor = next_anchor(left) if left else None
    return redirect(url_for(".edit", challenge_id=challenge_id, _anchor=anchor), 303)


def _write(form: ChallengeForm, challenge: ChallengeView | None) -> uuid.UUID:
    actor, command, now = current_actor(), form.to_command(), clock.now()
    with transaction() as session:
        if challenge is None:
            row = service.create_challenge(session, actor=actor, command=command, now=now)
        else:
            row = service.save_challenge(session, actor=actor, challenge_id=challenge.id, command=command, now=now)
        if form.wants_complete:
            service.submit_challenge(session, actor=actor, challenge_id=row.id, now=now)
        drafts_service.discard(session, actor, FORM, str(challenge.id) if challenge else "new")
        return row.id


def _form(
    form: ChallengeForm,
    challenge: ChallengeView | None = None,
    stored: SaveChallenge | None = None,
    kept: Draft | None = None,
) -> str:
    actor = current_actor()
    owner_id = challenge.need.organization_id if challenge else actor.own_organization_id()
    gaps = faults(stored or SaveChallenge(), complete=True)
    return render_template(
        "workspace/challenges/edit.html",
        form=form,
        challenge=challenge,
        kept=kept,
        form_name=FORM,
        subject=str(challenge.id) if challenge else "new",
        submission=policy.can_submit(actor, organization_id=owner_id),
        sections=progress(gaps),
        lint=form.lint(),
        sums=form.sums(),
        units=lists.units(),
        parameters=parameter_names(),
        patterns=tuple(patterns.choices(names.locale())),
        labels=labels,
        need_labels=need_labels,
    )


@bp.get("/<uuid:challenge_id>")
@login_required
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show one of the company's challenges and what can be done with it."""
    return show_page(challenge_id)


def show_page(
    challenge_id: uuid.UUID, *, cancelling: CancelForm | None = None, asking: ReconsiderForm | None = None
) -> str:
    """Return the page of one of the company's challenges, with forms that were refused as they were typed."""
    session, actor = current_session(), current_actor()
    challenge, stored = _own(challenge_id)
    owner_id, is_over = challenge.need.organization_id, challenge.phase not in BEFORE_THE_END
    told = policy.can_see_autopsy(actor, organization_id=owner_id, is_over=is_over)
    return render_template(
        "workspace/challenges/show.html",
        challenge=challenge,
        events=CHALLENGE_WORKFLOW.events(challenge.need.state),
        sections=progress(faults(stored, complete=True)),
        submission=policy.can_submit(actor, organization_id=owner_id),
        decision=policy.can_end(actor, organization_id=owner_id),
        history=process.history(session, challenge_id),
        appraisal=process.appraisal(session, challenge_id),
        reconsideration=reconsideration(session, challenge_id),
        autopsy=process.autopsy(session, challenge_id) if told else None,
        cancelling=cancelling or CancelForm(formdata=None),
        asking=asking or ReconsiderForm(formdata=None),
        **sheet_names(),
    )


@bp.post("/<uuid:challenge_id>/submit")
@login_required
def submit(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Hand in what was saved; with gaps, go on to the form that shows them."""
    try:
        with transaction() as session:
            service.submit_challenge(session, actor=current_actor(), challenge_id=challenge_id, now=clock.now())
    except RuleViolation as error:
        return _incomplete(challenge_id, error)
    flash(_("Submitted. The authority reviews it; you will be told the result."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


def _incomplete(challenge_id: uuid.UUID, error: RuleViolation) -> ResponseReturnValue:
    challenge, stored = _own(challenge_id)
    form = _stored(stored)
    form.wants_complete = True
    form.show_faults(form.find_faults())
    if not form.errors:
        form.show(error)
    return _form(form, challenge, stored), 422


@bp.post("/<uuid:challenge_id>/cancel")
@login_required
def cancel(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Take the challenge back for good."""
    with transaction() as session:
        service.cancel_challenge(session, actor=current_actor(), challenge_id=challenge_id, now=clock.now())
    flash(_("The challenge has been cancelled."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)
