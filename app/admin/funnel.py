"""How pairings get on: from the proposal to mass production, with what each number counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from app.accounts.current import current_actor
from app.admin.access import guard
from app.db import current_session
from app.matchmaking import labels
from app.matchmaking.queries import funnel as queries
from app.matchmaking.workflow import PairingState
from app.taxonomy import lists

if TYPE_CHECKING:
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


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show the funnel, narrowed by quarter, chip category and city."""
    session = current_session()
    wanted = queries.FunnelFilter(
        quarter=request.args.get("quarter", "")[:7],
        category=request.args.get("category", "")[:8],
        city=request.args.get("city", "")[:6],
    )
    return render_template(
        "desk/funnel.html",
        funnel=queries.funnel(session, actor=current_actor(), wanted=wanted),
        quarters=queries.quarters(session),
        wanted=wanted,
        definitions=DEFINITIONS,
        labels=labels,
        lists=lists,
    )
