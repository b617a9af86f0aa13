"""The challenges, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from app.accounts.current import current_actor
from app.challenges import labels, queries
from app.compliance import name_of, requirement_text
from app.core import clock
from app.db import current_session
from app.demands import labels as need_labels
from app.demands import names
from app.demands.policy import can_draft
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("challenges", __name__, url_prefix="/challenges")
MAX_QUERY = 200
CODES = {
    "mode": lists.posting_modes,
    "terminal": lists.terminal_categories,
    "category": lists.chip_categories,
    "city": lists.cities,
}


def _filter() -> queries.ChallengeFilter:
    """Return what the address asks for; what does not exist asks for nothing."""
    args = request.args
    chosen = {name: tuple(code for code in args.getlist(name) if code in codes) for name, codes in CODES.items()}
    tab, sort = args.get("tab", ""), args.get("sort", "")
    return queries.ChallengeFilter(
        text=args.get("q", "").strip()[:MAX_QUERY],
        tab=tab if tab in labels.TABS else "open",
        sort=sort if sort in labels.SORTS else "deadline",
        **chosen,
    )


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show challenges, those open for bids first."""
    actor, wanted = current_actor(), _filter()
    found = queries.public_challenges(
        current_session(), actor=actor, wanted=wanted, page=request.args.get("page", 1, int), now=clock.now()
    )
    return render_template(
        "challenges/list.html",
        found=found,
        wanted=wanted,
        decision=can_draft(actor),
        codes=CODES,
        lists=lists,
        labels=labels,
        need_labels=need_labels,
        names=names,
    )


@bp.get("/<uuid:challenge_id>")
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show one challenge as far as the reader may see it."""
    challenge = queries.challenge_page(
        current_session(), actor=current_actor(), challenge_id=challenge_id, now=clock.now()
    )
    return render_template("challenges/show.html", challenge=challenge, **sheet_names())


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
