"""The evidence of suggestions and pairings whose need or product was changed since, as it is by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.catalog.models import ChipProduct
from app.demands.models import Need
from app.matchmaking import reasons, sheets
from app.matchmaking.models import Pairing
from matching.compliance import judge_all

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from app.matchmaking.models import Suggestion


def has_changed(pairing: Any = Pairing, need: Any = Need, product: Any = ChipProduct) -> ColumnElement[bool]:
    """Return the condition that a need or a product was changed after the pairing had been proposed."""
    return or_(need.updated_at > pairing.proposed_at, product.updated_at > pairing.proposed_at)


def of_today(
    need: Need, product: ChipProduct | None, evidence: Mapping[str, Any], *, since: dt.datetime
) -> dict[str, Any] | None:
    """Return evidence with the requirements judged anew; None when neither side was changed after ``since``.

    What only the model can say, such as the words in common, is left as it was. Need and product have their
    parameters loaded.
    """
    if product is None or not _is_newer(need, product, since):
        return None
    verdicts = judge_all(sheets.to_need(need), sheets.to_sheet(product))
    open_keys = {one.key for one in verdicts if one.status != "met"}
    return {
        **evidence,
        "verdicts": list(map(reasons.stored_verdict, verdicts)),
        "missing": [one.key for one in verdicts if one.must and one.status == "unknown"],
        "counterfactuals": [one for one in evidence.get("counterfactuals", ()) if one["key"] in open_keys],
    }


def renewed(session: Session, pairings: Collection[Any]) -> dict[uuid.UUID, dict[str, Any]]:
    """Return the evidence of those pairings, or rows of such, whose need or product was changed since the proposal.

    Takes five queries however many there are, none for none. A pairing without a product is left out.
    """
    if not pairings:
        return {}
    needs = _needs(session, {one.need_id for one in pairings})
    products = _products(session, {one.product_id for one in pairings})
    found = {
        one.id: of_today(needs[one.need_id], products.get(one.product_id), one.reasons, since=one.proposed_at)
        for one in pairings
    }
    return {pairing_id: evidence for pairing_id, evidence in found.items() if evidence is not None}


def _is_newer(need: Need, product: ChipProduct, since: dt.datetime) -> bool:
    return max(need.updated_at, product.updated_at) > since


def _needs(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Any]:
    return _whole(session, Need, ids, Need.params, Need.categories)


def _products(session: Session, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Any]:
    return _whole(session, ChipProduct, ids, ChipProduct.params)


def _whole(session: Session, model: Any, ids: Collection[uuid.UUID], *parts: Any) -> dict[uuid.UUID, Any]:
    query = select(model).where(model.id.in_(ids)).options(*map(selectinload, parts))
    return {one.id: one for one in session.scalars(query.execution_options(populate_existing=True))}


def of_pairing(pairing: Pairing) -> dict[str, Any] | None:
    """Return the evidence of a pairing with all parts loaded as it is today; None when it is as it was proposed."""
    return of_today(pairing.need, pairing.product, pairing.reasons, since=pairing.proposed_at)


def is_changed(pairing: Pairing) -> bool:
    """Tell whether the need or the product of a pairing (both loaded) was changed after it had been proposed."""
    return pairing.product is not None and _is_newer(pairing.need, pairing.product, pairing.proposed_at)


def at_approval(session: Session, suggestion: Suggestion) -> dict[str, Any]:
    """Return the evidence of a suggestion (need and product loaded) as it is when the pairing is proposed."""
    need, product = suggestion.need, suggestion.product
    if _is_newer(need, product, suggestion.computed_at):
        need, product = _needs(session, {need.id})[need.id], _products(session, {product.id})[product.id]
    return of_today(need, product, suggestion.reasons, since=suggestion.computed_at) or suggestion.reasons
