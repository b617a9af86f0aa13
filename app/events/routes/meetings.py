"""A company's meetings: agree on a time, move, call off, and say what came of them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands.forms import change_rows
from app.events import feed_token, labels, policy, rules, service
from app.events.forms import OutcomeForm, ProposalForm, ReasonForm
from app.events.queries import meetings as queries
from app.events.workflow import MeetingKind, MeetingState
from app.matchmaking.embargo import embargo_of, embargoes

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.core.actor import Actor
    from app.events.queries.meetings import MeetingView

bp = Blueprint("meetings", __name__, url_prefix="/workspace/meetings")


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the company's meetings by what is to be done with them, and the person's calendar address."""
    session, actor, now = current_session(), current_actor(), clock.now()
    counts = queries.tab_counts(session, actor=actor, now=now)
    tab = request.args.get("tab", "")
    if tab not in queries.TABS:
        tab = next((name for name in queries.TABS if counts[name]), "coming")
    return render_template(
        "workspace/meetings/list.html",
        page=queries.my_meetings(session, actor=actor, tab=tab, now=now, page=request.args.get("page", 1, int)),
        counts=counts,
        tab=tab,
        feed_url=_feed_url(actor),
        labels=labels,
    )


def _feed_url(actor: Actor) -> str:
    settings = current_app.extensions["chipbridge_settings"]
    if actor.user_id is None:
        return ""
    generation = queries.feed_generation(current_session(), actor.user_id)
    token = feed_token.issue(settings.secret_key, actor.user_id, generation)
    return str(settings.public_url + url_for("calendar_feed.show_feed", token=token))


@bp.post("/calendar")
@login_required
def renew_feed() -> ResponseReturnValue:
    """Make a new calendar address; the old one shows nothing from now on."""
    with transaction() as session:
        service.renew_feed(session, actor=current_actor())
    flash(_("You have a new calendar address. Enter it in your calendar program; the old one is dead."), "success")
    return redirect(url_for(".list"), 303)


@bp.route("/new", methods=["GET", "POST"])
@login_required
def new() -> ResponseReturnValue:
    """Propose times to the other company of a pairing."""
    actor, pairing_id = current_actor(), _pairing_id()
    other = queries.counterpart(current_session(), actor=actor, pairing_id=pairing_id)
    decision = policy.can_propose(
        actor, host_id=other.host_id, guest_id=other.guest_id, is_introduced=other.is_introduced
    )
    if decision:
        is_embargoed = embargo_of(current_session(), other.host_id, now=clock.now()) is not None
        decision = policy.can_meet(is_embargoed=is_embargoed)
    form, status = ProposalForm(), 200
    if request.method == "POST" and not change_rows(form, request.form):
        status = 422
        if form.validate_on_submit() and (meeting_id := _propose(form, pairing_id)):
            flash(_("Proposed. The other side chooses a time, and both calendars are told."), "success")
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    return render_template(
        "workspace/meetings/new.html", form=form, other=other, decision=decision, labels=labels
    ), status


def _pairing_id() -> uuid.UUID:
    try:
        return uuid.UUID(request.args.get("pairing", ""))
    except ValueError:
        raise RuleViolation("Meetings are proposed from a pairing. Open one first.", code="no_pairing") from None


def _propose(form: ProposalForm, pairing_id: uuid.UUID) -> uuid.UUID | None:
    """Hand the proposal over; None when the form now shows what is wrong with it."""
    try:
        with transaction() as session:
            return service.propose_meeting(
                session, actor=current_actor(), pairing_id=pairing_id, command=form.to_command(), now=clock.now()
            ).id
    except (RuleViolation, Conflict) as error:
        form.show(error)
        return None


@bp.get("/<uuid:meeting_id>")
@login_required
def show(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show one meeting and what can be done with it."""
    return _page(meeting_id)


@bp.post("/<uuid:meeting_id>/accept")
@login_required
def accept(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Agree to one of the proposed times."""
    try:
        option_id = uuid.UUID(request.form.get("option", ""))
    except ValueError:
        raise RuleViolation("Choose one of the proposed times.", code="option_missing") from None
    with transaction() as session:
        service.accept_meeting(
            session, actor=current_actor(), meeting_id=meeting_id, option_id=option_id, now=clock.now()
        )
    flash(_("Agreed. Both sides get an invitation for their calendars."), "success")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@bp.post("/<uuid:meeting_id>/decline")
@login_required
def decline(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Refuse the proposed times."""
    with transaction() as session:
        service.decline_meeting(
            session,
            actor=current_actor(),
            meeting_id=meeting_id,
            reason=request.form.get("reason", "").strip(),
            now=clock.now(),
        )
    flash(_("Declined. The other side has been told."), "success")
    return redirect(url_for(".show", meeting_id=meeting_id), 303)


@bp.route("/<uuid:meeting_id>/counter", methods=["GET", "POST"])
@login_required
def counter(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Propose other times."""
    actor = current_actor()
    meeting = queries.meeting_page(current_session(), actor=actor, meeting_id=meeting_id)
    if request.method == "GET":
        return _counter(ProposalForm(formdata=None, data=_as_proposed(meeting)), meeting)
    form = ProposalForm()
    if change_rows(form, request.form):
        return _counter(form, meeting)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.counter_meeting(
                    session, actor=actor, meeting_id=meeting_id, command=form.to_command(), now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Proposed. The other side chooses a time, and both calendars are told."), "success")
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    return _counter(form, meeting), 422


def _as_proposed(meeting: MeetingView) -> dict[str, Any]:
    plain = ("topic", "time_zone", "place", "video_url")
    return {name: getattr(meeting, name) for name in plain}


def _counter(form: ProposalForm, meeting: MeetingView) -> str:
    decision = policy.can_act(current_actor(), host_id=meeting.host_id, guest_id=meeting.guest_id)
    return render_template(
        "workspace/meetings/counter.html", form=form, meeting=meeting, decision=decision, labels=labels
    )


@bp.post("/<uuid:meeting_id>/cancel")
@login_required
def cancel(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Call a meeting off, with a reason."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.cancel_meeting(
                    session,
                    actor=current_actor(),
                    meeting_id=meeting_id,
                    reason=form.reason.data or "",
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Cancelled. The other side and both calendars are told."), "success")
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    return _page(meeting_id, reason=form), 422


@bp.post("/<uuid:meeting_id>/outcome")
@login_required
def record(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Say what came of a meeting."""
    form = OutcomeForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.record_outcome(
                    session,
                    actor=current_actor(),
                    meeting_id=meeting_id,
                    command=form.to_command(),
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(
                _("Thank you. The other side does not see your answer; the authority sees it in its figures."),
                "success",
            )
            return redirect(url_for(".show", meeting_id=meeting_id), 303)
    return _page(meeting_id, outcome=form), 422


def _page(meeting_id: uuid.UUID, *, reason: ReasonForm | None = None, outcome: OutcomeForm | None = None) -> str:
    session, actor, now = current_session(), current_actor(), clock.now()
    meeting = queries.meeting_page(session, actor=actor, meeting_id=meeting_id)
    told = queries.own_outcome(session, actor=actor, meeting_id=meeting_id)
    parties = {"host_id": meeting.host_id, "guest_id": meeting.guest_id}
    is_coming = meeting.state in (MeetingState.PROPOSED, MeetingState.SET) and (meeting.starts_at or now) >= now
    owners = [meeting.host_id] if meeting.kind is MeetingKind.PERSONAL else parties.values()
    is_embargoed = is_coming and bool(embargoes(session, owners, now=meeting.starts_at or now))
    return render_template(
        "workspace/meetings/show.html",
        is_embargoed=is_embargoed,
        meeting=meeting,
        told=told,
        reason_form=reason or ReasonForm(formdata=None),
        outcome_form=outcome or _outcome_form(told),
        acting=policy.can_act(actor, **parties),
        answering=policy.can_answer(actor, proposed_by=meeting.proposed_by, state=meeting.state, **parties),
        accepting=policy.can_meet(is_embargoed=is_embargoed),
        recording=policy.can_record(actor, state=meeting.state, starts_at=meeting.starts_at, now=now, **parties),
        has_begun=meeting.starts_at is not None and meeting.starts_at <= now,
        in_zone=rules.in_zone,
        labels=labels,
    )


def _outcome_form(told: queries.OutcomeView | None) -> OutcomeForm:
    if told is None:
        return OutcomeForm(formdata=None)
    stored = {"result": told.result, "next_step": told.next_step, "reasons": [*told.reasons], "note": told.note}
    return OutcomeForm(formdata=None, data={**stored, "rating": str(told.rating or "")})
