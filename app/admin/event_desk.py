"""Events at the desk: make, announce, schedule, edit by hand, publish, and see what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.core.identifiers import parse_uuid
from app.db import current_session, transaction
from app.demands import names
from app.demands.forms import change_rows
from app.events import board as boards
from app.events import labels, policy, rules, service
from app.events.forms import EventForm, PlaceForm, ReasonForm, initial
from app.events.queries import events as queries
from app.events.queries import schedule
from app.events.workflow import EVENT_WORKFLOW, Role

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.events.placing import Board
    from app.events.queries.views import EventView

bp = Blueprint("desk_events", __name__, url_prefix="/desk/events")
bp.before_request(guard)


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show events by state, and what came of all meetings."""
    session, actor = current_session(), current_actor()
    counts = queries.tab_counts(session, is_desk=True)
    tab = request.args.get("tab", "")
    if tab not in queries.TABS:
        tab = next((name for name in ("coming", "draft", "past") if counts[name]), "coming")
    return render_template(
        "desk/events/list.html",
        page=queries.events(session, tab=tab, page=request.args.get("page", 1, int), is_desk=True),
        counts=counts,
        tab=tab,
        decision=policy.can_manage(actor),
        figures=schedule.figures(session, actor=actor, now=clock.now()),
        labels=labels,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Begin an event."""
    policy.can_manage(current_actor()).enforce()
    return _save(EventForm(), None)


@bp.route("/<uuid:event_id>/edit", methods=["GET", "POST"])
def edit(event_id: uuid.UUID) -> ResponseReturnValue:
    """Change a draft."""
    session, actor = current_session(), current_actor()
    event = queries.event_page(session, actor=actor, event_id=event_id)
    policy.can_change(actor, state=event.state).enforce()
    if request.method == "GET":
        stored = queries.stated(session, actor=actor, event_id=event_id)
        return _form(EventForm(formdata=None, data=initial(stored)), event)
    return _save(EventForm(), event)


def _save(form: EventForm, event: EventView | None) -> ResponseReturnValue:
    if request.method == "GET" or change_rows(form, request.form):
        return _form(form, event)
    status = 422
    if form.validate_on_submit():
        try:
            event_id = _write(form, event)
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            form.take_version(event.version if event else 1)
            status = 409
        else:
            flash(_("Saved. Companies see the event as soon as you announce it."), "success")
            return redirect(url_for(".show", event_id=event_id), 303)
    return _form(form, event), status


def _write(form: EventForm, event: EventView | None) -> uuid.UUID:
    actor, command, now = current_actor(), form.to_command(), clock.now()
    with transaction() as session:
        if event is None:
            return service.create_event(session, actor=actor, command=command, now=now).id
        return service.change_event(session, actor=actor, event_id=event.id, command=command, now=now).id


def _form(form: EventForm, event: EventView | None) -> str:
    return render_template("desk/events/edit.html", form=form, event=event)


@bp.get("/<uuid:event_id>")
def show(event_id: uuid.UUID) -> ResponseReturnValue:
    """Show how an event stands, its schedule's computation and what came of it."""
    return _page(event_id, ReasonForm(formdata=None))


def _page(event_id: uuid.UUID, form: ReasonForm) -> str:
    session, actor, now = current_session(), current_actor(), clock.now()
    event = queries.event_page(session, actor=actor, event_id=event_id)
    n_meetings = schedule.meeting_count(session, event_id=event_id)
    n_embargoed = boards.count_embargoed(session, event_id)
    return render_template(
        "desk/events/show.html",
        event=event,
        events=EVENT_WORKFLOW.events(event.state),
        page=queries.participants(session, event_id=event_id, page=request.args.get("page", 1, int)),
        requests=queries.request_counts(session, event_id=event_id),
        run=schedule.last_run(session, event_id=event_id),
        n_meetings=n_meetings,
        managing=policy.can_manage(actor),
        changing=policy.can_change(actor, state=event.state),
        computing=policy.can_compute(actor, state=event.state),
        publishing=policy.can_publish(
            actor,
            state=event.state,
            registers_until=event.registers_until,
            n_meetings=n_meetings,
            n_embargoed=n_embargoed,
            now=now,
        ),
        n_embargoed=n_embargoed,
        figures=schedule.figures(session, actor=actor, now=now, event_id=event_id),
        form=form,
        labels=labels,
        names=names,
    )


@bp.post("/<uuid:event_id>/open")
def open(event_id: uuid.UUID) -> ResponseReturnValue:
    """Announce the event to everybody."""
    with transaction() as session:
        service.open_event(session, actor=current_actor(), event_id=event_id, now=clock.now())
    flash(_("Announced. Companies can register in the time you have set."), "success")
    return redirect(url_for(".show", event_id=event_id), 303)


@bp.post("/<uuid:event_id>/cancel")
def cancel(event_id: uuid.UUID) -> ResponseReturnValue:
    """Call the event off, with a reason."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.cancel_event(
                    session,
                    actor=current_actor(),
                    event_id=event_id,
                    reason=form.reason.data or "",
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("The event is cancelled. Everybody who registered is told."), "success")
            return redirect(url_for(".show", event_id=event_id), 303)
    return _page(event_id, form), 422


@bp.post("/<uuid:event_id>/compute")
def compute(event_id: uuid.UUID) -> ResponseReturnValue:
    """Queue the computation of the schedule."""
    with transaction() as session:
        service.request_schedule(session, actor=current_actor(), event_id=event_id, now=clock.now())
    flash(_("The schedule is being computed."), "success")
    return redirect(url_for(".show", event_id=event_id, _anchor="schedule"), 303)


@bp.post("/<uuid:event_id>/publish")
def publish(event_id: uuid.UUID) -> ResponseReturnValue:
    """Invite the companies of every meeting."""
    with transaction() as session:
        n = service.publish_schedule(session, actor=current_actor(), event_id=event_id, now=clock.now())
    flash(
        ngettext(
            "Published: the companies of %(num)s meeting are invited.",
            "Published: the companies of %(num)s meetings are invited.",
            n,
        ),
        "success",
    )
    return redirect(url_for(".show", event_id=event_id), 303)


@bp.route("/<uuid:event_id>/schedule", methods=["GET", "POST"])
def edit_schedule(event_id: uuid.UUID) -> ResponseReturnValue:
    """Show the schedule as a grid, and put meetings into it by hand."""
    if request.method == "GET":
        return _schedule(event_id, PlaceForm(formdata=None, data=request.args.to_dict()))
    form = PlaceForm()
    _fill(event_id, form)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.place_meeting(
                    session, actor=current_actor(), event_id=event_id, command=form.to_command(), now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("The meeting stands and is fixed: a new computation leaves it there."), "success")
            return redirect(_back(event_id), 303)
    return _schedule(event_id, form), 422


def _fill(event_id: uuid.UUID, form: PlaceForm) -> None:
    session, actor = current_session(), current_actor()
    event = queries.event_page(session, actor=actor, event_id=event_id)
    board = boards.load_board(session, event, event.slots)
    _offer(form, event, board)


def _offer(form: PlaceForm, event: EventView, board: Board) -> None:
    sides = {
        role: sorted(((one, guest.name) for one, guest in board.participants.items() if guest.role is role), key=_name)
        for role in Role
    }
    form.offer(event, sides[Role.EXHIBITOR], sides[Role.VISITOR])


def _name(pair: tuple[uuid.UUID, str]) -> str:
    return pair[1]


def _company() -> uuid.UUID | None:
    """Return the company whose meetings alone are shown, if any."""
    return parse_uuid(request.args.get("company"))


def _back(event_id: uuid.UUID) -> str:
    return url_for(".edit_schedule", event_id=event_id, company=_company())


def _schedule(event_id: uuid.UUID, form: PlaceForm) -> str:
    session, actor, company = current_session(), current_actor(), _company()
    event = queries.event_page(session, actor=actor, event_id=event_id)
    board = boards.load_board(session, event, event.slots)
    _offer(form, event, board)
    return render_template(
        "desk/events/schedule.html",
        event=event,
        grid=schedule.grid(board, event.slots, event.tables, boards.pinned(session, event_id), company=company),
        companies=sorted(((one, guest.name) for one, guest in board.participants.items()), key=_name),
        company=company,
        computing=policy.can_compute(actor, state=event.state),
        form=form,
        in_zone=rules.in_zone,
        labels=labels,
    )


@bp.post("/<uuid:event_id>/meetings/<uuid:meeting_id>/drop")
def drop(event_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Take a meeting out of the schedule."""
    with transaction() as session:
        service.drop_meeting(session, actor=current_actor(), event_id=event_id, meeting_id=meeting_id, now=clock.now())
    flash(_("The meeting is out of the schedule."), "success")
    return redirect(_back(event_id), 303)


@bp.post("/<uuid:event_id>/meetings/<uuid:meeting_id>/pin")
def pin(event_id: uuid.UUID, meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Fix a meeting where it stands, or set it free."""
    is_pinned = request.form.get("pin") == "1"
    with transaction() as session:
        service.pin_meeting(
            session,
            actor=current_actor(),
            event_id=event_id,
            meeting_id=meeting_id,
            is_pinned=is_pinned,
            now=clock.now(),
        )
    told = _("Fixed: a new computation leaves the meeting there.")
    flash(told if is_pinned else _("Free: a new computation may move the meeting."), "success")
    return redirect(_back(event_id), 303)
