"""The challenges, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from app.accounts.current import current_actor
from app.challenges import labels, queries, service
from app.challenges.policy import can_answer_autopsy
from app.challenges.queries import process
from app.compliance import name_of, requirement_text
from app.core import clock
from app.db import current_session, transaction
from app.demands import labels as need_labels
from app.demands import names
from app.demands.policy import can_draft
from app.demands.workflow import PostingState
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("challenges", __name__, url_prefix="/challenges")


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show challenges, those open for bids first."""
    actor, wanted = current_actor(), queries.read_filter(request.args)
    found = queries.public_challenges(
        current_session(), actor=actor, wanted=wanted, page=request.args.get("page", 1, int), now=clock.now()
    )
    return render_template(
        "challenges/list.html",
        found=found,
        wanted=wanted,
        decision=can_draft(actor),
        codes=queries.CODES,
        lists=lists,
        labels=labels,
        need_labels=need_labels,
        names=names,
    )


@bp.get("/<uuid:challenge_id>")
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show one challenge as far as the reader may see it."""
    session, actor, now = current_session(), current_actor(), clock.now()
    challenge = queries.challenge_page(session, actor=actor, challenge_id=challenge_id, now=now)
    may_answer = can_answer_autopsy(actor, organization_id=challenge.need.organization_id)
    return render_template(
        "challenges/show.html",
        challenge=challenge,
        history=process.history(session, challenge_id),
        asks_autopsy=bool(may_answer) and challenge.code and challenge.need.state is not PostingState.CANCELLED,
        autopsy_reasons=labels.AUTOPSY_REASONS,
        **sheet_names(),
    )


@bp.get("/<uuid:challenge_id>/editions/<int:number>.json")
def edition(challenge_id: uuid.UUID, number: int) -> ResponseReturnValue:
    """Send an edition byte for byte as its hash was taken of."""
    session, actor = current_session(), current_actor()
    challenge = queries.challenge_page(session, actor=actor, challenge_id=challenge_id, now=clock.now())
    document, digest = process.edition_file(session, challenge_id, number)
    answer = Response(document, mimetype="application/json")
    answer.headers["Content-Disposition"] = f"attachment; filename={challenge.code}-edition-{number}.json"
    answer.headers["X-Content-SHA256"] = digest
    return answer


@bp.post("/<uuid:challenge_id>/autopsy")
@login_required
def autopsy(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Keep why the reader's firm does not bid."""
    with transaction() as session:
        service.answer_autopsy(
            session,
            actor=current_actor(),
            challenge_id=challenge_id,
            reason_code=request.form.get("reason", ""),
            now=clock.now(),
        )
    flash(_("Thank you. Owner and authority read the numbers after the deadline, and no names."), "success")
    return redirect(url_for(".show", challenge_id=challenge_id), 303)


def sheet_names() -> dict[str, object]:
    """Return what the sheet of a challenge needs to name things."""
    return {
        "labels": labels,
        "need_labels": need_labels,
        "lists": lists,
        "names": names,
        "name_of": name_of,
        "requirement_text": requirement_text,
    }
