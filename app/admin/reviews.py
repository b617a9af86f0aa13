"""Reviews at the desk: format checks, panels, progress, scores, ranking, comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.current import current_actor
from app.admin.access import guard
from app.bids import labels as bid_labels
from app.challenges.impartial import can_judge
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands import labels as posting_labels
from app.reviews import labels, policy, service
from app.reviews.comparison import XLSX, workbook
from app.reviews.forms import ChecklistForm, ConcludeForm, DefenceForm, OpinionForm, PanelForm
from app.reviews.queries import desk, pool
from app.reviews.queries.format import check_page
from app.reviews.routes.words import heads, verdict_words
from app.reviews.workflow import FORMAT_WORKFLOW, FormatEvent

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.reviews.queries.desk_views import ReviewPage
    from app.reviews.queries.format import CheckView

bp = Blueprint("desk_reviews", __name__, url_prefix="/desk/reviews")
bp.before_request(guard)
CHECKING = {
    "save": service.save_check,
    "ask": service.ask_correction,
    "prepare": service.prepare_check,
}
SIGNING = {
    "accept": FormatEvent.ACCEPT,
    "reject": FormatEvent.REJECT,
    "send_back": FormatEvent.SEND_BACK,
}


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show the challenges under evaluation, and those that were."""
    page = desk.review_lines(current_session(), actor=current_actor(), page=request.args.get("page", 1, int))
    return render_template("desk/reviews/list.html", page=page, labels=labels, posting_labels=posting_labels)


@bp.get("/<uuid:challenge_id>")
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show one challenge with bids, panel and progress."""
    return _page(challenge_id, ConcludeForm(formdata=None))


@bp.get("/<uuid:challenge_id>/pool")
def panel(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show everybody who could judge, and the form that forms the panel."""
    return _pool(challenge_id, PanelForm(formdata=None))


@bp.post("/<uuid:challenge_id>/pool")
def form_panel(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Form the panel."""
    form = PanelForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.form_panel(
                    session, actor=current_actor(), challenge_id=challenge_id, command=form.to_command(),
                    now=clock.now(),
                )  # fmt: skip
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("The panel is proposed. Nobody has been told yet: look at it, then invite."), "success")
            return redirect(url_for(".show", challenge_id=challenge_id), 303)
    return _pool(challenge_id, form), 422


@bp.post("/panels/<uuid:panel_id>/<any(call, meet, fill):event>")
def lead(panel_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Invite the panel, open the discussion, or fill vacant seats."""
    actor, now = current_actor(), clock.now()
    with transaction() as session:
        if event == "call":
            service.call_panel(session, actor=actor, panel_id=panel_id, now=now)
            text = _("The reviewers are invited. They see nothing before they have declared and pledged.")
        elif event == "meet":
            service.open_meeting(session, actor=actor, panel_id=panel_id, now=now)
            text = _("The scores are on the table. What was handed in alone stays as it is.")
        else:
            n = service.fill_seats(session, actor=actor, panel_id=panel_id, now=now)
            text = ngettext("%(num)s seat was filled by lot.", "%(num)s seats were filled by lot.", n)
    flash(text, "success")
    return redirect(_back(), 303)


@bp.post("/seats/<uuid:seat_id>/replace")
def replace(seat_id: uuid.UUID) -> ResponseReturnValue:
    """Take a seat away and draw somebody else."""
    reason = request.form.get("reason", "").strip()[:500]
    with transaction() as session:
        fresh = service.replace_seat(session, actor=current_actor(), seat_id=seat_id, reason=reason, now=clock.now())
        is_filled = fresh is not None
    if is_filled:
        flash(_("Somebody else was drawn by lot; the seed is on the trail."), "success")
    else:
        flash(_("Nobody is free. Register experts, then fill the vacant seat."), "warning")
    return redirect(_back(), 303)


@bp.post("/<uuid:challenge_id>/<any(close, rank):event>/<uuid:panel_id>")
def rank(challenge_id: uuid.UUID, event: str, panel_id: uuid.UUID) -> ResponseReturnValue:
    """Settle the ranking with its minutes; where prices are sealed apart, close the technical scores before it."""
    form = ConcludeForm()
    conclude = service.close_scores if event == "close" else service.rank_bids
    if form.validate_on_submit():
        try:
            with transaction() as session:
                conclude(session, actor=current_actor(), panel_id=panel_id, command=form.to_command(), now=clock.now())
        except RuleViolation as error:
            form.show(error)
        else:
            closed = _("The technical scores are final. Now the holders release their keys to the prices.")
            flash(closed if event == "close" else _("The ranking is settled."), "success")
            return redirect(url_for(".show", challenge_id=challenge_id), 303)
    return _page(challenge_id, form), 422


@bp.get("/bids/<uuid:bid_id>/format")
def check(bid_id: uuid.UUID) -> ResponseReturnValue:
    """Show the checklist of one bid."""
    view = check_page(current_session(), actor=current_actor(), bid_id=bid_id)
    return _check(view, ChecklistForm.of(view.items, view.version), OpinionForm(formdata=None))


@bp.post("/bids/<uuid:bid_id>/format/<any(save, ask, prepare):event>")
def write_check(bid_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Keep the checklist, ask for a correction, or hand it to the authority."""
    actor, form, status = current_actor(), ChecklistForm(), 422
    policy.can_check_format(actor).enforce()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                CHECKING[event](session, actor=actor, bid_id=bid_id, command=form.to_command(), now=clock.now())
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            _tell_checked(event)
            return redirect(url_for(".check", bid_id=bid_id), 303)
    view = check_page(current_session(), actor=actor, bid_id=bid_id)
    return _check(view, form, OpinionForm(formdata=None)), status


@bp.post("/bids/<uuid:bid_id>/format/<any(accept, reject, send_back, reinstate):event>")
def sign(bid_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Decide on a prepared checklist, or take a rejected bid back."""
    actor, form = current_actor(), OpinionForm()
    view = check_page(current_session(), actor=actor, bid_id=bid_id)
    if form.validate_on_submit():
        opinion = form.opinion.data or ""
        try:
            with transaction() as session:
                if event == "reinstate":
                    service.reinstate_bid(session, actor=actor, bid_id=bid_id, reason=opinion, now=clock.now())
                else:
                    service.sign_check(
                        session, actor=actor, bid_id=bid_id, event=SIGNING[event], opinion=opinion, now=clock.now()
                    )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Signed."), "success")
            return redirect(url_for(".show", challenge_id=view.challenge_id), 303)
    return _check(view, ChecklistForm.of(view.items, view.version), form), 422


@bp.post("/<uuid:challenge_id>/entries/<uuid:entry_id>/defence")
def defence(challenge_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    """Set the hour of a defence."""
    form = DefenceForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.set_defence(
                    session, actor=current_actor(), entry_id=entry_id, command=form.to_command(), now=clock.now()
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("The hour is set; the firm is told."), "success")
            return redirect(url_for(".show", challenge_id=challenge_id, _anchor="bids"), 303)
    return _page(challenge_id, ConcludeForm(formdata=None), form), 422


@bp.post("/<uuid:challenge_id>/entries/<uuid:entry_id>/defended")
def defended(challenge_id: uuid.UUID, entry_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a defence has taken place."""
    with transaction() as session:
        service.mark_defended(session, actor=current_actor(), entry_id=entry_id, now=clock.now())
    flash(_("Noted."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id, _anchor="bids"), 303)


@bp.get("/<uuid:challenge_id>/comparison")
def comparison(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show the opened bids side by side."""
    challenge, matrix = desk.desk_comparison(current_session(), actor=current_actor(), challenge_id=challenge_id)
    return render_template("desk/reviews/comparison.html", challenge=challenge, matrix=matrix)


@bp.get("/<uuid:challenge_id>/comparison.xlsx")
def export(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Send the comparison as a workbook."""
    challenge, matrix = desk.desk_comparison(current_session(), actor=current_actor(), challenge_id=challenge_id)
    answer = make_response(workbook(matrix, heads(), verdict_words(), challenge.code or challenge.title))
    answer.mimetype = XLSX
    answer.headers["Content-Disposition"] = "attachment; filename=chipbridge-comparison.xlsx"
    return answer


def _page(challenge_id: uuid.UUID, form: ConcludeForm, defence_form: DefenceForm | None = None) -> str:
    session, actor, now = current_session(), current_actor(), clock.now()
    page = desk.review_page(session, actor=actor, challenge_id=challenge_id, now=now)
    impartial = can_judge(session, actor, challenge_id, now)
    _fill(form, page)
    return render_template(
        "desk/reviews/show.html",
        page=page,
        form=form,
        rows={row.entry_id.data: row for row in (entry.form for entry in form.rows.entries)},
        defence_form=defence_form or DefenceForm(formdata=None),
        lead=policy.can_lead(actor) and impartial,
        schedule=policy.can_schedule(actor) and impartial,
        sees_bids=policy.sees_bids(actor),
        labels=labels,
        bid_labels=bid_labels,
        posting_labels=posting_labels,
        criterion_name=labels.criterion_name,
    )


def _fill(form: ConcludeForm, page: ReviewPage) -> None:
    """Give the form one row for each bid on the table."""
    told = {entry.form.entry_id.data for entry in form.rows.entries}
    for row in page.table.rows if page.table else ():
        if str(row.entry_id) not in told:
            form.rows.append_entry({"entry_id": str(row.entry_id), "note": row.discussion})


def _pool(challenge_id: uuid.UUID, form: PanelForm) -> str:
    session, actor, now = current_session(), current_actor(), clock.now()
    page = pool.pool_page(session, actor=actor, challenge_id=challenge_id, now=now)
    if form.size.data is None and not form.errors:
        form.size.data = page.panel_min
    return render_template(
        "desk/reviews/pool.html",
        page=page,
        form=form,
        decision=policy.can_lead(actor) and can_judge(session, actor, challenge_id, now),
        labels=labels,
        criterion_name=labels.criterion_name,
    )


def _check(view: CheckView, form: ChecklistForm, opinion: OpinionForm) -> str:
    actor = current_actor()
    impartial = can_judge(current_session(), actor, view.challenge_id, clock.now())
    return render_template(
        "desk/reviews/format.html",
        view=view,
        form=form,
        rows=[entry.form for entry in form.items.entries],
        opinion=opinion,
        events=FORMAT_WORKFLOW.events(view.state),
        check=policy.can_check_format(actor) and impartial,
        sign=policy.can_sign_format(actor, prepared_by=view.prepared_by) and impartial,
        sees_bids=policy.sees_bids(actor),
        labels=labels,
        bid_labels=bid_labels,
    )


def _tell_checked(event: str) -> None:
    if event == "ask":
        flash(_("The firm has three working days to correct the bid; it is told."), "success")
    elif event == "prepare":
        flash(_("Handed to the authority. A second person signs."), "success")
    else:
        flash(_("Kept."), "success")


def _back() -> str:
    """Return the local page to go on with: where the person came from, else the list."""
    target = request.form.get("next", "")
    is_local = target.startswith("/desk/reviews/") and "\\" not in target
    return target if is_local else url_for("desk_reviews.list")
