"""The queue of needs and challenges that were handed in: read, publish, return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.challenges import labels as challenge_labels
from app.challenges import service as challenges
from app.challenges.queries import pages
from app.challenges.queries.views import ChallengeView
from app.challenges.rules import window_days
from app.compliance import name_of, requirement_text
from app.core import clock
from app.core.errors import Conflict, RuleViolation
from app.db import current_session, transaction
from app.demands import labels, names, policy
from app.demands import service as demands
from app.demands.forms import ReviewForm
from app.demands.queries import desk as queries
from app.demands.queries.needs import need_page
from app.demands.rules import review_due
from app.demands.workflow import PostingState
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.demands.commands import ReviewPosting
    from app.demands.queries.views import NeedView

bp = Blueprint("desk_postings", __name__, url_prefix="/desk/postings")
bp.before_request(guard)
MAX_QUERY = 100


def _filter() -> queries.QueueFilter:
    arguments = request.args
    kind, city, category = (arguments.get(name, "") for name in ("kind", "city", "category"))
    return queries.QueueFilter(
        kind=kind if kind in queries.KINDS else "",
        city=city if city in lists.cities else "",
        category=category if category in lists.chip_categories else "",
        text=arguments.get("q", "").strip()[:MAX_QUERY],
    )


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of what waits, oldest first."""
    session, actor, wanted = current_session(), current_actor(), _filter()
    return render_template(
        "desk/postings/list.html",
        page=queries.queue(session, actor=actor, wanted=wanted, page=request.args.get("page", 1, int)),
        counts=queries.kind_counts(session),
        wanted=wanted,
        decision=policy.can_review(actor),
        labels=labels,
        lists=lists,
        names=names,
    )


@bp.get("/<uuid:posting_id>")
def show(posting_id: uuid.UUID) -> ResponseReturnValue:
    """Show one posting with all that the reader may see, and the two decisions.

    A challenge whose programme lays a longer path is decided step by step elsewhere.
    """
    posting = _posting(posting_id)
    programme = posting.programme if isinstance(posting, ChallengeView) else None
    if programme is not None and (programme.requires_recommendation or programme.requires_appraisal):
        return redirect(url_for("desk_challenges.show", challenge_id=posting_id), 303)
    return _page(posting)


@bp.post("/<uuid:posting_id>/<any(publish, return):event>")
def decide(posting_id: uuid.UUID, event: str) -> ResponseReturnValue:
    """Publish a posting or send it back; what was typed stays when somebody else was faster."""
    form, actor = ReviewForm(), current_actor()
    policy.can_review(actor).enforce()
    kind, status = queries.kind_of(current_session(), actor=actor, posting_id=posting_id), 422
    if form.validate_on_submit():
        try:
            _decide(kind, event, posting_id, form.to_command())
        except RuleViolation as error:
            form.show(error)
        except Conflict as error:
            form.show(error)
            status = 409
        else:
            _tell(event)
            return redirect(_next(posting_id), 303)
    return _page(_posting(posting_id), form), status


def _decide(kind: str, event: str, posting_id: uuid.UUID, command: ReviewPosting) -> None:
    given: dict[str, Any] = {"actor": current_actor(), "command": command, "now": clock.now()}
    with transaction() as session:
        if kind == "challenge":
            review = challenges.publish_challenge if event == "publish" else challenges.return_challenge
            review(session, challenge_id=posting_id, **given)
        else:
            judge = demands.publish_need if event == "publish" else demands.return_need
            judge(session, need_id=posting_id, **given)


def _tell(event: str) -> None:
    if event == "publish":
        flash(_("Published. The company has been told; matching has begun."), "success")
    else:
        flash(_("Returned. The company reads your opinion and can revise the text."), "success")


def _next(posting_id: uuid.UUID) -> str:
    """Return where the next posting is decided, or the empty queue."""
    next_id = queries.next_waiting(current_session(), after=posting_id)
    return url_for(".show", posting_id=next_id) if next_id else url_for(".list")


def _posting(posting_id: uuid.UUID) -> NeedView | ChallengeView:
    session, actor = current_session(), current_actor()
    if queries.kind_of(session, actor=actor, posting_id=posting_id) == "challenge":
        return pages.challenge_page(session, actor=actor, challenge_id=posting_id, now=clock.now())
    return need_page(session, actor=actor, need_id=posting_id)


def _page(posting: NeedView | ChallengeView, form: ReviewForm | None = None) -> str:
    challenge = posting if isinstance(posting, ChallengeView) else None
    need = posting.need if isinstance(posting, ChallengeView) else posting
    form = form or ReviewForm(formdata=None)
    form.take_version(need.version)
    return render_template(
        "desk/postings/show.html",
        need=need,
        challenge=challenge,
        days_left=_days_left(challenge),
        is_waiting=need.state is PostingState.SUBMITTED,
        due_at=review_due(need.submitted_at) if need.submitted_at else None,
        next_id=queries.next_waiting(current_session(), after=need.id),
        decision=policy.can_review(current_actor()),
        form=form,
        labels=labels,
        challenge_labels=challenge_labels,
        names=names,
        name_of=name_of,
        requirement_text=requirement_text,
    )


def _days_left(challenge: ChallengeView | None) -> int | None:
    """Return how many days bidders would have, were the challenge published now."""
    if challenge is None or challenge.bid_deadline_at is None:
        return None
    return window_days(clock.now(), challenge.bid_deadline_at)
