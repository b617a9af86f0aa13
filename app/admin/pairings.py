"""The queue of suggested pairings, and the decision on one of them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.matchmaking import cards, labels, policy, reasons, service
from app.matchmaking.forms import RejectForm
from app.matchmaking.queries import configurations
from app.matchmaking.queries import queue as queries
from app.matchmaking.workflow import SuggestionState
from app.outbox.service import publish
from app.taxonomy import lists

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from app.core.errors import DomainError

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
        in_use=configurations.in_use(session),
        views=queries.views_of(session, actor=actor),
        arguments={name: request.args[name] for name in VIEW_ARGUMENTS if request.args.get(name)},
        decision=policy.can_decide(actor),
        labels=labels,
        lists=lists,
    )


@bp.get("/<uuid:suggestion_id>")
def show(suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Show one suggestion with its evidence and the two decisions."""
    return card_page(suggestion_id, RejectForm())


def card_page(suggestion_id: uuid.UUID, form: RejectForm, refused: DomainError | None = None) -> str:
    """Return the page of a suggestion as it stands; ``refused`` is why the last act was not done."""
    session, actor = current_session(), current_actor()
    suggestion = queries.suggestion_for_desk(session, actor=actor, suggestion_id=suggestion_id)
    return render_template(
        "desk/pairings/show.html",
        suggestion=suggestion,
        card=cards.suggestion_card(suggestion),
        others=queries.other_firms(session, suggestion=suggestion),
        next_id=queries.next_waiting(session, after=suggestion),
        decided_by=queries.decided_by(session, suggestion),
        decision=policy.can_decide(actor),
        form=form,
        refused=refused,
        labels=labels,
        score_text=reasons.score_text,
    )


@bp.post("/<uuid:suggestion_id>/approve")
def approve(suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Propose the pairing to both companies; say what happened if somebody was faster."""
    try:
        with transaction() as session:
            pairing = service.approve_suggestion(
                session, actor=current_actor(), suggestion_id=suggestion_id, now=clock.now()
            )
            title = pairing.need.title
    except (Conflict, RuleViolation) as error:
        return card_page(suggestion_id, RejectForm(formdata=None), error), error.status
    flash(
        _("Approved: “%(title)s”. Both companies find the pairing in their list and their next digest.", title=title),
        "success",
    )
    return redirect(next_page(), 303)


@bp.post("/<uuid:suggestion_id>/reject")
def reject(suggestion_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the pairing from both companies, with a reason."""
    form = RejectForm()
    if not form.validate_on_submit():
        return card_page(suggestion_id, form), 422
    actor, command = current_actor(), form.to_command()
    try:
        with transaction() as session:
            service.reject_suggestion(
                session, actor=actor, suggestion_id=suggestion_id, command=command, now=clock.now()
            )
    except Conflict as error:
        return card_page(suggestion_id, form, error), error.status
    except RuleViolation as error:
        form.show(error)
        return card_page(suggestion_id, form), error.status
    flash(_("Rejected. Neither company learns of it."), "success")
    return redirect(next_page(), 303)


@bp.post("/<uuid:suggestion_id>/<any(defer, resume, pin, unpin):event>")
def triage(suggestion_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Set a suggestion aside for a while, bring it back, keep it on top, or no longer."""
    try:
        _triage(suggestion_id, event)
    except Conflict as error:
        return card_page(suggestion_id, RejectForm(formdata=None), error), error.status
    flash(str(TRIAGED[event]), "success")
    return redirect(next_page(), 303)


def _triage(suggestion_id: uuid.UUID, event: str) -> None:
    actor = current_actor()
    with transaction() as session:
        if event == "defer":
            service.defer_suggestion(session, actor=actor, suggestion_id=suggestion_id, now=clock.now())
        elif event == "resume":
            service.resume_suggestion(session, actor=actor, suggestion_id=suggestion_id)
        else:
            service.pin_suggestion(session, actor=actor, suggestion_id=suggestion_id, is_pinned=event == "pin")


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
    return redirect(next_page(), 303)


def next_page() -> str:
    """Return the local page to go on with: where the person came from, else the queue."""
    target = request.form.get("next", "")
    is_local = target.startswith("/desk/pairings/") and "\\" not in target
    return target if is_local else url_for("desk_pairings.list")
