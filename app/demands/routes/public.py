"""The open needs, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from app.accounts.current import current_actor
from app.db import current_session
from app.demands import labels, names
from app.demands.queries import needs as queries

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("needs", __name__, url_prefix="/needs")
MAX_QUERY = 200


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show open needs, narrowed by words and facets."""
    args = request.args
    wanted = queries.NeedFilter(
        text=args.get("q", "")[:MAX_QUERY],
        sort=args.get("sort", "new"),
        **{name: tuple(args.getlist(name)[:30]) for name in queries.FACETS},
    )
    session, actor = current_session(), current_actor()
    return render_template(
        "needs/list.html",
        page=queries.public_needs(session, actor=actor, wanted=wanted, page=args.get("page", 1, int)),
        counts=queries.facet_counts(session),
        wanted=wanted,
        names=names,
    )


@bp.get("/<uuid:need_id>")
def show(need_id: uuid.UUID) -> ResponseReturnValue:
    """Show one need as far as the reader may see it."""
    need = queries.need_page(current_session(), actor=current_actor(), need_id=need_id)
    return render_template("needs/show.html", need=need, labels=labels, names=names)
