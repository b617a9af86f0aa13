"""How pairings get on: from the proposal to mass production, with what each number counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.current import current_actor
from app.admin.access import guard
from app.admin.funnel_links import came_of, links_of
from app.audit import service as audit
from app.awards.queries.pages import DECIDERS
from app.core import clock
from app.core.actor import DEFAULT_LOCALE
from app.core.text import csv_line
from app.db import current_session, transaction
from app.matchmaking import labels, policy
from app.matchmaking.queries import funnel as queries
from app.matchmaking.queries import funnel_list as rows
from app.matchmaking.workflow import PATH, PairingState
from app.taxonomy import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_funnel", __name__, url_prefix="/desk/funnel")
bp.before_request(guard)

DEFINITIONS = {
    PairingState.PROPOSED: _l("Pairings that the authority approved and proposed to both companies."),
    PairingState.INTRODUCED: _l("Both companies accepted; contacts were exchanged."),
    PairingState.NDA_SIGNED: _l("Both companies signed a confidentiality agreement."),
    PairingState.DISCLOSED: _l("The maker disclosed the confidential part of its need."),
    PairingState.SAMPLE_REQUESTED: _l("The maker asked for a sample at least once."),
    PairingState.SAMPLE_SHIPPED: _l("The chip firm shipped a sample at least once."),
    PairingState.EVALUATING: _l("The maker confirmed the arrival of a sample and began to test it."),
    PairingState.DESIGN_IN: _l("Both companies confirmed that the chip is designed into a product."),
    PairingState.PILOT: _l("Both companies confirmed a pilot batch."),
    PairingState.MASS_PRODUCTION: _l("Both companies confirmed mass production."),
}


STAGES = {**labels.PAIRING_STATES, PairingState.PROPOSED: _l("Proposed")}
GROUPINGS = {
    queries.Grouping.CATEGORY: _l("Chip category"),
    queries.Grouping.DEMAND_CITY: _l("City of the maker"),
    queries.Grouping.SUPPLY_CITY: _l("City of the chip firm"),
    queries.Grouping.QUARTER: _l("Quarter of the proposal"),
}


def _filter() -> queries.FunnelFilter:
    by = request.args.get("by", "")
    return queries.FunnelFilter(
        quarter=request.args.get("quarter", "")[:7],
        category=request.args.get("category", "")[:8],
        city=request.args.get("city", "")[:6],
        by=queries.Grouping(by) if by in set(queries.Grouping) else queries.Grouping.CATEGORY,
    )


def _stage() -> PairingState:
    asked = request.args.get("stage", "")
    return PairingState(asked) if asked in PATH else PairingState.PROPOSED


def _name_of(by: queries.Grouping, code: str) -> str:
    if not code:
        return _("unknown")
    locale = str(get_locale() or DEFAULT_LOCALE)
    if by is queries.Grouping.CATEGORY:
        return lists.chip_categories.label(code, locale)
    return code if by is queries.Grouping.QUARTER else lists.cities.label(code, locale)


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show the funnel, narrowed and told apart by quarter, chip category and city."""
    session, wanted = current_session(), _filter()
    funnel = queries.funnel(session, actor=current_actor(), wanted=wanted)
    return render_template(
        "desk/funnel/show.html",
        funnel=funnel,
        groups=[(_name_of(wanted.by, group.code), group) for group in funnel.groups],
        came_of=came_of(session, queries.narrowed(wanted), now=clock.now()),
        quarters=queries.quarters(session),
        wanted=wanted,
        arguments=_arguments(),
        definitions=DEFINITIONS,
        groupings=GROUPINGS,
        stages=STAGES,
        sees_awards=_sees_awards(),
        milestones=queries.MILESTONES,
        labels=labels,
        lists=lists,
    )


@bp.get("/pairings")
def pairings() -> ResponseReturnValue:
    """Show the pairings behind a number, with what else came of them."""
    session, wanted, stage = current_session(), _filter(), _stage()
    page = rows.pairings_at(
        session, actor=current_actor(), wanted=wanted, stage=stage, page=request.args.get("page", 1, int)
    )
    return render_template(
        "desk/funnel/pairings.html",
        page=page,
        links=links_of(session, [row.id for row in page.items], now=clock.now()),
        stage=stage,
        definition=DEFINITIONS[stage],
        sees_awards=_sees_awards(),
        stages=STAGES,
        arguments=_arguments(),
        labels=labels,
    )


def _sees_awards() -> bool:
    return bool(current_actor().roles & DECIDERS)


@bp.get("/pairings.csv")
def export() -> ResponseReturnValue:
    """Send the pairings behind a number as CSV, with the day of every stage; the export is on the trail."""
    actor, wanted, stage = current_actor(), _filter(), _stage()
    policy.can_see_funnel(actor).enforce()
    with transaction() as session:
        audit.record(session, actor, "funnel.export", "funnel", None, stage=stage, **_arguments())
    answer = Response(stream_with_context(_lines(wanted, stage)), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=chipbridge-pairings.csv"
    return answer


def _arguments() -> dict[str, str]:
    return {name: request.args[name][:20] for name in ("quarter", "category", "city", "by") if request.args.get(name)}


def _lines(wanted: queries.FunnelFilter, stage: PairingState) -> Iterator[str]:
    head = (_("Need"), _("Terminal maker"), _("Chip firm"), _("Product"), _("State"), _("Reason of the end"))
    yield "\ufeff" + csv_line([*head, *(str(STAGES[state]) for state in PATH)])
    for row, reached in rows.stream(current_session(), actor=current_actor(), wanted=wanted, stage=stage):
        times = {**reached, PairingState.PROPOSED: row.proposed_at, PairingState.INTRODUCED: row.introduced_at}
        reason = labels.DROP_REASONS.get(row.reason) or labels.DECLINE_REASONS.get(row.reason, row.reason)
        about = (row.need_title, row.demand_name, row.supplier_name, row.part_number)
        days = (times.get(state) for state in PATH)
        dates = [day.astimezone(clock.SHANGHAI).date().isoformat() if day else "" for day in days]
        yield csv_line([*about, str(labels.PAIRING_STATES[row.state]), str(reason), *dates])
