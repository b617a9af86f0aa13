"""The open needs, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from app.accounts.current import current_actor
from app.compliance import name_of, requirement_text
from app.db import current_session
from app.demands import labels, names, policy
from app.demands.queries import needs as queries

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("needs", __name__, url_prefix="/needs")


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show open needs, narrowed by words and facets."""
    session, actor, wanted = current_session(), current_actor(), queries.read_filter(request.args)
    return render_template(
        "needs/list.html",
        page=queries.public_needs(session, actor=actor, wanted=wanted, page=request.args.get("page", 1, int)),
        counts=queries.facet_counts(session, wanted=wanted),
        wanted=wanted,
        decision=policy.can_draft(actor),
        codes=queries.CODES,
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
