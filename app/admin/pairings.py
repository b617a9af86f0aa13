"""The queue of suggested pairings: look, approve, reject, in bulk too."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.core.errors import RuleViolation
from app.db import current_session, transaction
from app.matchmaking import cards, labels, policy, service
from app.matchmaking.forms import RejectForm
from app.matchmaking.queries import queue as queries
from app.matchmaking.workflow import SuggestionState
from app.outbox.service import publish
from app.taxonomy import lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_pairings", __name__, url_prefix="/desk/pairings")
bp.before_request(guard)
VIEW_ARGUMENTS = ("state", "q", "fit", "category", "terminal", "city", "sort")
TRIAGED = {
    "defer": _l("Deferred. It is back in the queue in five working days."),
    "resume": _l("Back in the queue."),
    "pin": _l("Pinned. It stays on top of the queue."),
    "unpin": _l("No longer pinned."),
}


def _filter() -> queries.QueueFilter:
    arguments = request.args
    state = arguments.get("state", "")
    fit = arguments.get("fit", "")
    need = arguments.get("need", "")
    try:
        need_id = uuid.UUID(need) if need else None
    except ValueError:
        need_id = None
    return queries.QueueFilter(
        state=SuggestionState(state) if state in set(SuggestionState) else SuggestionState.SUGGESTED,
        category=arguments.get("category", "")[:8],
        terminal=arguments.get("terminal", "")[:8],
        city=arguments.get("city", "")[:6],
        fit=fit if fit in queries.FITS else "",
        need_id=need_id,
        text=arguments.get("q", "").strip()[:100],
        sort=arguments.get("sort", "score"),
    )


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of the queue."""
    session, actor, wanted = current_session(), current_actor(), _filter()
    page = queries.queue(session, actor=actor, wanted=wanted, page=request.args.get("page", 1, int))
    return render_template(
        "desk/pairings/list.html",
        page=page.map(cards.queue_line),
        wanted=wanted,
        states=queries.state_counts(session),
        categories=queries.category_counts(session),
        run=queries.last_run(session),
        views=queries.views_of(session, actor=actor),
        arguments={name: request.args[name] for name in VIEW_ARGUMENTS if request.args.get(name)},
        decision=policy.can_decide(actor),
        labels=labels,
        lists=lists,
    )


@bp.get("/<uuid:suggestion_id>")
def show(suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Show one suggestion with its evidence and the two decisions."""
    return _page(suggestion_id, RejectForm())


def _page(suggestion_id: uuid.UUID, form: RejectForm) -> str:
    session, actor = current_session(), current_actor()
    suggestion = queries.suggestion_for_desk(session, actor=actor, suggestion_id=suggestion_id)
    return render_template(
        "desk/pairings/show.html",
        suggestion=suggestion,
        card=cards.suggestion_card(suggestion),
        others=queries.other_firms(session, suggestion=suggestion),
        next_id=queries.next_waiting(session, after=suggestion),
        decision=policy.can_decide(actor),
        form=form,
        labels=labels,
    )


@bp.post("/<uuid:suggestion_id>/approve")
def approve(suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Propose the pairing to both companies."""
    with transaction() as session:
        pairing = service.approve_suggestion(
            session, actor=current_actor(), suggestion_id=suggestion_id, now=clock.now()
        )
        title = pairing.need.title
    flash(
        _("Approved: “%(title)s”. Both companies find the pairing in their list and their next digest.", title=title),
        "success",
    )
    return redirect(_next(), 303)


@bp.post("/<uuid:suggestion_id>/reject")
def reject(suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the pairing from both companies, with a reason."""
    form = RejectForm()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.reject_suggestion(
                    session,
                    actor=current_actor(),
                    suggestion_id=suggestion_id,
                    command=form.to_command(),
                    now=clock.now(),
                )
        except RuleViolation as error:
            form.show(error)
        else:
            flash(_("Rejected. Neither company learns of it."), "success")
            return redirect(_next(), 303)
    return _page(suggestion_id, form), 422


@bp.post("/<uuid:suggestion_id>/<any(defer, resume, pin, unpin):event>")
def triage(suggestion_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Set a suggestion aside for a while, bring it back, keep it on top, or no longer."""
    actor = current_actor()
    with transaction() as session:
        if event == "defer":
            service.defer_suggestion(session, actor=actor, suggestion_id=suggestion_id, now=clock.now())
        elif event == "resume":
            service.resume_suggestion(session, actor=actor, suggestion_id=suggestion_id)
        else:
            service.pin_suggestion(session, actor=actor, suggestion_id=suggestion_id, is_pinned=event == "pin")
    flash(str(TRIAGED[event]), "success")
    return redirect(_next(), 303)


@bp.post("/<uuid:suggestion_id>/exclude")
def exclude(suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Suggest the two companies to each other for no need any more."""
    with transaction() as session:
        service.exclude_pair(
            session,
            actor=current_actor(),
            suggestion_id=suggestion_id,
            reason=request.form.get("reason", "").strip()[:500],
            now=clock.now(),
        )
    flash(_("These two companies are suggested to each other no more."), "success")
    return redirect(_next(), 303)


@bp.get("/excluded")
def excluded() -> ResponseReturnValue:
    """Show the pairs of companies that are left out."""
    actor = current_actor()
    return render_template(
        "desk/pairings/excluded.html",
        page=queries.exclusions(current_session(), actor=actor, page=request.args.get("page", 1, int)),
        decision=policy.can_decide(actor),
    )


@bp.post("/excluded/<uuid:exclusion_id>/lift")
def lift(exclusion_id: uuid.UUID) -> ResponseReturnValue:
    """Let two companies be suggested to each other again."""
    with transaction() as session:
        service.lift_exclusion(session, actor=current_actor(), exclusion_id=exclusion_id)
    flash(_("The two may be suggested to each other again, from the next computation on."), "success")
    return redirect(url_for(".excluded"), 303)


@bp.post("/views")
def save_view() -> ResponseReturnValue:
    """Keep the filter of the queue under a name."""
    arguments: dict[str, Any] = {
        name: request.form.get(name, "")[:100] for name in VIEW_ARGUMENTS if request.form.get(name)
    }
    try:
        with transaction() as session:
            name = request.form.get("name", "").strip()
            service.save_view(session, actor=current_actor(), name=name, arguments=arguments, now=clock.now())
    except RuleViolation as error:
        flash(_(error.message), "error")
    else:
        flash(_("Saved. You find this view above the queue."), "success")
    return redirect(url_for(".list", **arguments), 303)


@bp.post("/views/<uuid:view_id>/remove")
def remove_view(view_id: uuid.UUID) -> ResponseReturnValue:
    """Forget a saved view."""
    with transaction() as session:
        service.remove_view(session, actor=current_actor(), view_id=view_id)
    flash(_("The view is removed."), "success")
    return redirect(url_for(".list"), 303)


@bp.post("/preview")
def preview() -> ResponseReturnValue:
    """Show who would be shown to whom before a bulk decision is taken."""
    ids = _selected()
    if not ids:
        flash(_("Select at least one pairing."), "error")
        return redirect(_next(), 303)
    return _preview(ids, RejectForm(formdata=None)), 200


def _preview(ids: Sequence[uuid.UUID], form: RejectForm) -> str:
    rows = queries.rows_by_id(current_session(), actor=current_actor(), ids=ids)
    return render_template(
        "desk/pairings/preview.html",
        lines=[cards.queue_line(row) for row in rows],
        n_gone=len(ids) - len(rows),
        companies=cards.who_sees_whom(rows),
        decision=policy.can_decide(current_actor()),
        form=form,
        next=request.form.get("next", ""),
    )


@bp.post("/approve")
def approve_many() -> ResponseReturnValue:
    """Approve everything that was previewed, or nothing."""
    ids = _selected()
    with transaction() as session:
        done = service.approve_many(session, actor=current_actor(), suggestion_ids=ids, now=clock.now())
        n = len(done)
    flash(ngettext("%(num)s pairing approved.", "%(num)s pairings approved.", n), "success")
    return redirect(_next(), 303)


@bp.post("/reject")
def reject_many() -> ResponseReturnValue:
    """Reject everything that was previewed with one reason, or nothing."""
    ids, form = _selected(), RejectForm()
    if not form.validate_on_submit():
        return _preview(ids, form), 422
    try:
        with transaction() as session:
            done = service.reject_many(
                session,
                actor=current_actor(),
                suggestion_ids=ids,
                command=form.to_command(),
                now=clock.now(),
            )
            n = len(done)
    except RuleViolation as error:
        form.show(error)
        return _preview(ids, form), 422
    flash(ngettext("%(num)s pairing rejected.", "%(num)s pairings rejected.", n), "success")
    return redirect(_next(), 303)


@bp.post("/recompute")
def recompute() -> ResponseReturnValue:
    """Ask for a new computation of all suggestions; its progress is on the page of jobs."""
    actor = current_actor()
    policy.can_recompute(actor).enforce()
    with transaction() as session:
        publish(
            session,
            "matching.recompute",
            now=clock.now(),
            key="matching.recompute",
            trigger="on_demand",
            requested_by=str(actor.user_id),
        )
    flash(_("The computation has been queued. Its progress is shown under Jobs."), "success")
    return redirect(_next(), 303)


def _selected() -> Sequence[uuid.UUID]:
    try:
        return sorted({uuid.UUID(value) for value in request.form.getlist("ids")})
    except ValueError:
        raise RuleViolation("The selection could not be read. Load the page again.", code="selection") from None


def _next() -> str:
    """Return the local page to go on with: where the person came from, else the queue."""
    target = request.form.get("next", "")
    is_local = target.startswith("/desk/pairings/") and "\\" not in target
    return target if is_local else url_for("desk_pairings.list")
