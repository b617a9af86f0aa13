"""The evidence of pairings whose need or product has changed since they were proposed, as it is by now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.catalog.models import ChipProduct
from app.demands.models import Need
from app.matchmaking import reasons, sheets
from app.matchmaking.models import Pairing
from matching.compliance import judge_all

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


def has_changed(pairing: Any = Pairing, need: Any = Need, product: Any = ChipProduct) -> ColumnElement[bool]:
    """Return the condition that a need or a product was changed after the pairing had been proposed."""
    return or_(need.updated_at > pairing.proposed_at, product.updated_at > pairing.proposed_at)


def renewed(session: Session, pairing_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """Return the evidence of pairings with the requirements judged anew.

    What only the model can say, such as the words in common, is left as it was. Takes four queries however many
    there are, none for none. A pairing without a product is left out.
    """
    if not pairing_ids:
        return {}
    query = (
        select(Pairing)
        .where(Pairing.id.in_(pairing_ids))
        .options(
            joinedload(Pairing.need).options(selectinload(Need.params), selectinload(Need.categories)),
            joinedload(Pairing.product).selectinload(ChipProduct.params),
        )
        .execution_options(populate_existing=True)
    )
    return {one.id: _renewed(one, one.product) for one in session.scalars(query) if one.product is not None}


def _renewed(pairing: Pairing, product: ChipProduct) -> dict[str, Any]:
    verdicts = judge_all(sheets.to_need(pairing.need), sheets.to_sheet(product))
    missing = [one.key for one in verdicts if one.must and one.status == "unknown"]
    return {**pairing.reasons, "verdicts": list(map(reasons.stored_verdict, verdicts)), "missing": missing}
