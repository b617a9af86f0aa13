"""The catalogue, for everybody."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.catalog import codes, labels, queries
from app.catalog.queries import filters
from app.catalog.routes import narrowing, side_by_side
from app.core import clock
from app.core.identifiers import parse_uuid
from app.db import current_session
from app.taxonomy import lists

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from app.catalog.queries import Picked
    from app.catalog.queries.filters import Wanted

bp = Blueprint("products", __name__, url_prefix="/products")
PICKS = "compared"
VIEWS = ("cards", "table")


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show published products, narrowed by words, facets and parameters."""
    wanted = filters.read_wanted(request.args)
    if "op" in request.args or wanted.q != request.args.get("q", "").strip()[: filters.MAX_QUERY]:
        # Conditions that somebody filled in or typed become part of an address that can be kept and taken apart.
        return redirect(_address(wanted))
    db, view = current_session(), _view()
    listing = queries.product_listing(db, wanted=wanted, page=request.args.get("page", 1, int), today=clock.today())
    return render_template(
        "products/list.html",
        listing=listing,
        wanted=wanted,
        facets={name: narrowing.options(name, listing.counts[name], wanted.chosen(name))
                for name in filters.FACETS if name != "category"},
        categories=narrowing.categories(listing.counts["category"], wanted.chosen("category")),
        chips=narrowing.chips(wanted, listing.firm_name),
        ignored=[(narrowing.sentence(one), reason) for one, reason in listing.unreadable.items()],
        columns=narrowing.columns(wanted) if view == "table" else (),
        view=view,
        picks=_picks(),
        filters=filters,
        **_words(),
    )  # fmt: skip


@bp.get("/<uuid:product_id>")
def show(product_id: uuid.UUID) -> ResponseReturnValue:
    """Show one product as far as the reader may see it."""
    actor = current_actor()
    product = queries.product_sheet(current_session(), actor=actor, product_id=product_id, today=clock.today())
    return render_template(
        "products/show.html",
        product=product,
        similar=queries.similar_products(current_session(), product_id),
        is_own=actor.belongs_to(product.firm_id),
        picks=_picks(),
        **_words(),
    )


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """Show up to four products side by side."""
    asked = [found for text in request.args.getlist("id") if (found := parse_uuid(text))]
    comparison = queries.compare(current_session(), actor=current_actor(), ids=asked, today=clock.today())
    only_differences = request.args.get("only") == "differences"
    return render_template(
        "products/compare.html",
        products=comparison.products,
        groups=side_by_side.groups(comparison, only_differences=only_differences),
        n_missing=len(dict.fromkeys(asked)) - len(comparison.products),
        only_differences=only_differences,
        most=queries.MOST,
        **_words(),
    )


@bp.post("/compare/picks")
def pick() -> ResponseReturnValue:
    """Put a product beside those chosen for comparison, take one out, or all."""
    kept = [one.id for one in _picks()]
    added, dropped = parse_uuid(request.form.get("add", "")), parse_uuid(request.form.get("drop", ""))
    if "clear" in request.form:
        kept = []
    elif dropped in kept:
        kept.remove(dropped)
    elif added and added not in kept and len(kept) >= queries.MOST:
        flash(_("Four products at most can be compared. Take one out first."), "warning")
    elif added and added not in kept:
        kept.append(added)
    session[PICKS] = [str(one) for one in kept]
    return redirect(_own_path(request.form.get("next", "")), 303)


def _picks() -> Sequence[Picked]:
    chosen = [found for text in session.get(PICKS, ()) if (found := parse_uuid(text))]
    return queries.picked(current_session(), chosen)


def _address(wanted: Wanted) -> str:
    values: dict[str, Any] = {name: [*chosen] for name, chosen in wanted.facets.items()}
    values |= {"q": wanted.q or None, "firm": wanted.firm, "param": [one.address for one in wanted.conditions]}
    view = _view()
    return url_for(".list", **values, sort=wanted.sort, view=view if view != VIEWS[0] else None)


def _view() -> str:
    view = request.args.get("view", "")
    return view if view in VIEWS else VIEWS[0]


def _words() -> dict[str, Any]:
    """Return what gives codes their names in templates."""
    return {"labels": labels, "lists": lists, "codes": codes}


def _own_path(target: str) -> str:
    """Return the path if it is one of the catalogue, else the list."""
    is_own = target.startswith("/products/") and "\\" not in target and "//" not in target
    return target if is_own else url_for(".list")
