"""The open needs, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from app.accounts.current import current_actor
from app.compliance import name_of, requirement_text
from app.db import current_session
from app.demands import labels, names, policy
from app.demands.queries import needs as queries
from app.taxonomy import lists

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("needs", __name__, url_prefix="/needs")
MAX_QUERY = 200
CODES = {
    "terminal": lists.terminal_categories,
    "category": lists.chip_categories,
    "city": lists.cities,
    "grade": lists.quality_grades,
}


def _filter() -> queries.NeedFilter:
    """Return what the address asks for; codes that do not exist ask for nothing."""
    args = request.args
    asked = {name: [codes.current(code) for code in args.getlist(name)] for name, codes in CODES.items()}
    chosen = {name: tuple(code for code in dict.fromkeys(asked[name]) if code in CODES[name]) for name in CODES}
    sort = args.get("sort", "")
    return queries.NeedFilter(
        text=args.get("q", "").strip()[:MAX_QUERY], sort=sort if sort in labels.SORTS else "new", **chosen
    )


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show open needs, narrowed by words and facets."""
    session, actor, wanted = current_session(), current_actor(), _filter()
    return render_template(
        "needs/list.html",
        page=queries.public_needs(session, actor=actor, wanted=wanted, page=request.args.get("page", 1, int)),
        counts=queries.facet_counts(session, wanted=wanted),
        wanted=wanted,
        decision=policy.can_draft(actor),
        codes=CODES,
        labels=labels,
        names=names,
    )


@bp.get("/<uuid:need_id>")
def show(need_id: uuid.UUID) -> ResponseReturnValue:
    """Show one need as far as the reader may see it."""
    session, actor = current_session(), current_actor()
    need = queries.need_page(session, actor=actor, need_id=need_id)
    return render_template(
        "needs/show.html",
        need=need,
        similar=queries.similar_needs(session, actor=actor, need=need),
        labels=labels,
        names=names,
        name_of=name_of,
        requirement_text=requirement_text,
    )
