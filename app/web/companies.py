"""The directory of verified companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, render_template, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from app.accounts.current import current_actor
from app.catalog import labels as product_labels
from app.core import clock
from app.db import current_session
from app.taxonomy import lists
from app.web import directory
from app.web.context import url_with

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from flask_babel.speaklater import LazyString

    from app.core.paging import Page

bp = Blueprint("companies", __name__, url_prefix="/companies")
MAX_QUERY = 200
MAX_CHOICES = 30
FACETS = {
    "side": (_l("Side"), lists.capacities),
    "chip": (_l("Chip categories"), lists.chip_categories),
    "terminal": (_l("Terminal categories"), lists.terminal_categories),
    "city": (_l("City"), lists.cities),
}
Option = tuple[str, str, int, bool]


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show verified companies, narrowed by words and facets."""
    args, session = request.args, current_session()
    wanted = directory.DirectoryFilter(
        text=args.get("q", "").strip()[:MAX_QUERY],
        sort=args.get("sort", "newest"),
        **{name: tuple(args.getlist(name)[:MAX_CHOICES]) for name in directory.FACETS},
    )
    return render_template(
        "companies/list.html",
        page=directory.company_list(session, wanted=wanted, page=args.get("page", 1, int)),
        facets=_facets(wanted, directory.facet_counts(session, wanted)),
        narrowed=_narrowed(wanted),
        wanted=wanted,
        today=clock.today(),
        lists=lists,
    )


@bp.get("/<uuid:organization_id>")
def show(organization_id: uuid.UUID) -> ResponseReturnValue:
    """Show one company with what it offers and asks for under its name."""
    session, actor, today = current_session(), current_actor(), clock.today()
    page = directory.company_page(session, actor=actor, organization_id=organization_id)
    tab = request.args.get("tab", "")
    if tab not in page.counts:
        tab = next((name for name, number in page.counts.items() if number), "products")
    number = request.args.get("page", 1, int)
    items: Page[Any]
    if tab == "products":
        items = directory.products_of(session, organization_id, page=number, today=today)
    else:
        items = directory.postings_of(session, organization_id, tab.removesuffix("s"), page=number)
    return render_template(
        "companies/show.html",
        page=page,
        tab=tab,
        items=items,
        today=today,
        lists=lists,
        product_labels=product_labels,
    )


def _facets(
    wanted: directory.DirectoryFilter, counts: dict[str, dict[str, int]]
) -> Sequence[tuple[LazyString, str, Sequence[Option]]]:
    """Return legend, name and options of each facet; values that no company has are left out unless chosen."""
    locale = str(get_locale())
    found = []
    for name, (legend, codes) in FACETS.items():
        chosen, numbers = getattr(wanted, name), counts[name]
        shown = [code for code in codes.codes if code in numbers or code in chosen]
        options = [(code, codes.label(code, locale), numbers.get(code, 0), code in chosen) for code in shown]
        found.append((legend, name, options))
    return found


def _narrowed(wanted: directory.DirectoryFilter) -> Sequence[tuple[str, str]]:
    """Return what the list is narrowed by, each with the address without it."""
    locale, chips = str(get_locale()), []
    if wanted.text:
        chips.append((wanted.text, url_with(q=None, page=None)))
    for name, (_legend, codes) in FACETS.items():
        chosen = getattr(wanted, name)
        for code in chosen:
            rest = [other for other in chosen if other != code]
            chips.append((codes.label(code, locale), url_with(**{name: rest or None}, page=None)))
    return chips
