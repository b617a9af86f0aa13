"""The reviewer's pages: own reviews, declaration, bids under letters, sheets, discussion, own record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands.forms import change_rows
from app.drafts import queries as drafts
from app.drafts.registry import register_form
from app.reviews import labels, service
from app.reviews.comparison import XLSX, workbook
from app.reviews.criteria import ReviewRules
from app.reviews.forms import DeclareForm, ProfileForm, SheetForm, tie_values
from app.reviews.queries import experts, seats
from app.reviews.routes.words import heads, verdict_words
from app.reviews.service.score import FORM
from app.reviews.workflow import SeatState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.drafts.queries import Draft
    from app.reviews.criteria import Criterion
    from app.reviews.queries.seats import EntryView

bp = Blueprint("workspace_reviews", __name__, url_prefix="/workspace/reviews")


def _keeps(session: Session, actor: Actor, subject: str) -> bool:
    return subject != "new" and seats.is_open_sheet(session, actor, subject)


register_form(FORM, _keeps)


@bp.get("/")
@login_required
def list() -> ResponseReturnValue:
    """Show the reader's reviews, those with work first."""
    actor = current_actor()
    lines = seats.my_seats(current_session(), actor=actor)
    return render_template("workspace/reviews/list.html", lines=lines, labels=labels)


@bp.get("/<uuid:seat_id>")
@login_required
def show(seat_id: uuid.UUID) -> ResponseReturnValue:
    """Show the declaration first; after the pledge the bids, and from the discussion on the scores."""
    return _seat(seat_id, DeclareForm(formdata=None))


@bp.post("/<uuid:seat_id>/<any(pledge, recuse):event>")
@login_required
def declare(seat_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Pledge, or declare a conflict."""
    form = DeclareForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                command = form.to_command(has_conflict=event == "recuse")
                seat = service.declare(
                    session, actor=current_actor(), seat_id=seat_id, command=command, now=clock.now()
                )
                is_active = seat.state is SeatState.ACTIVE
        except RuleViolation as error:
            form.show(error)
        else:
            _tell_declared(is_active=is_active)
            return redirect(url_for(".show", seat_id=seat_id), 303)
    return _seat(seat_id, form), 422


@bp.post("/<uuid:seat_id>/decline")
@login_required
def decline(seat_id: uuid.UUID) -> ResponseReturnValue:
    """Give the seat back."""
    reason = request.form.get("reason", "").strip()[:500]
    with transaction() as session:
        service.decline(session, actor=current_actor(), seat_id=seat_id, reason=reason, now=clock.now())
    flash(_("You have given the seat back. Thank you for telling us in time."), "success")
    return redirect(url_for(".list"), 303)


@bp.get("/<uuid:seat_id>/bids/<uuid:entry_id>")
@login_required
def judge(seat_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    """Show one bid with the reader's sheet; the look goes on record."""
    actor = current_actor()
    view = seats.entry_page(current_session(), actor=actor, seat_id=seat_id, entry_id=entry_id)
    kept = drafts.find(current_session(), actor, FORM, str(entry_id)) if view.is_open else None
    form = SheetForm(formdata=kept.values) if kept else SheetForm.of(view.sheet, view.criteria)
    _note(seat_id, entry_id, "bid")
    return _entry(view, form, kept)


@bp.post("/<uuid:seat_id>/bids/<uuid:entry_id>")
@login_required
def save(seat_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the sheet or, when the button says so, hand it in for good."""
    actor, form, is_final = current_actor(), SheetForm(), "submit" in request.form
    view = seats.entry_page(current_session(), actor=actor, seat_id=seat_id, entry_id=entry_id)
    rules = ReviewRules(view.criteria)
    status = 422
    if form.validate_on_submit() and form.is_right(rules, complete=is_final):
        write = service.submit_review if is_final else service.save_review
        command, now = form.to_command(), clock.now()
        try:
            with transaction() as session:
                write(session, actor=actor, seat_id=seat_id, entry_id=entry_id, command=command, now=now)
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            return _saved(view, is_final=is_final)
    return _entry(view, form), status


@bp.get("/<uuid:seat_id>/comparison")
@login_required
def comparison(seat_id: uuid.UUID) -> ResponseReturnValue:
    """Show all bids side by side; the look goes on record."""
    line, matrix = seats.comparison_page(current_session(), actor=current_actor(), seat_id=seat_id)
    _note(seat_id, None, "comparison")
    return render_template("workspace/reviews/comparison.html", line=line, matrix=matrix)


@bp.get("/<uuid:seat_id>/comparison.xlsx")
@login_required
def export(seat_id: uuid.UUID) -> ResponseReturnValue:
    """Send the comparison as a workbook; that goes on record, too."""
    line, matrix = seats.comparison_page(current_session(), actor=current_actor(), seat_id=seat_id)
    _note(seat_id, None, "export")
    answer = make_response(workbook(matrix, heads(), verdict_words(), line.title))
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = "attachment; filename=chipbridge-comparison.xlsx"
    return answer


@bp.route("/profile", methods=["GET", "POST"])
@login_required
def profile() -> ResponseReturnValue:
    """Let experts keep their record right."""
    actor = current_actor()
    line, content = experts.own_profile(current_session(), actor=actor)
    ties = [tie_values(tie) for tie in content.ties]
    form = ProfileForm(expertise=content.expertise, is_available=content.is_available, ties=ties,
                       version=content.version)  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if change_rows(form, request.form):
            status = 200
        elif form.validate_on_submit():
            try:
                with transaction() as session:
                    service.save_own_profile(session, actor=actor, command=form.to_own(), now=clock.now())
            except RuleViolation as error:
                form.show(error)
            except Conflict as error:
                form.show(error)
                status = 409
            else:
                flash(_("Your record is confirmed as of today."), "success")
                return redirect(url_for(".profile"), 303)
    return render_template("workspace/reviews/profile.html", line=line, form=form, labels=labels), status


def _tell_declared(*, is_active: bool) -> None:
    if is_active:
        flash(_("Thank you. You can read the bids now; every look is on record."), "success")
    else:
        flash(_("You are recused. Somebody else is drawn by lot; you have seen nothing and owe nothing."), "info")


def _seat(seat_id: uuid.UUID, form: DeclareForm) -> str:
    view = seats.seat_page(current_session(), actor=current_actor(), seat_id=seat_id)
    return render_template(
        "workspace/reviews/show.html", view=view, form=form, labels=labels, criterion_name=labels.criterion_name
    )


def _entry(view: EntryView, form: SheetForm, kept: Draft | None = None) -> str:
    return render_template(
        "workspace/reviews/judge.html",
        view=view,
        form=form,
        draft=kept,
        rows=_rows(form, view.criteria),
        labels=labels,
        criterion_name=labels.criterion_name,
        watermark=_watermark(),
    )


def _rows(form: SheetForm, criteria: Sequence[Criterion]) -> Sequence[tuple[Criterion, object]]:
    return [*zip(criteria, (entry.form for entry in form.scores.entries), strict=False)]


def _watermark() -> str:
    """Return who reads, and when: it stands behind the page, so that a photograph tells whose it is."""
    actor = current_actor()
    return f"{actor.name} {clock.now().astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def _note(seat_id: uuid.UUID, entry_id: uuid.UUID | None, page: str) -> None:
    with transaction() as session:
        service.note_view(
            session, actor=current_actor(), seat_id=seat_id, entry_id=entry_id, page=page, now=clock.now()
        )


def _saved(view: EntryView, *, is_final: bool) -> ResponseReturnValue:
    if not is_final:
        flash(_("Kept. Hand the sheet in when it is final."), "success")
        return redirect(url_for(".judge", seat_id=view.seat.id, entry_id=view.entry_id), 303)
    flash(_("The sheet about bid %(label)s is handed in and locked.", label=view.label), "success")
    if view.next_entry_id is None:
        return redirect(url_for(".show", seat_id=view.seat.id), 303)
    return redirect(url_for(".judge", seat_id=view.seat.id, entry_id=view.next_entry_id), 303)
