"""Which firms are worth showing for each need, and how well they fit: what an assignment chooses from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.matchmaking import sheets

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from app.demands.models import Need
    from matching.engine import Matcher

POOL = 30
"""How many firms of each need may take a place."""
BATCH = 25


class Fit(NamedTuple):
    """How well a firm fits a need, in [0, 1]."""

    firm: float
    """Of the firm with all its products: what decides who comes first."""
    product: float
    """Of its best product: what the queue shows."""


Fits = dict["uuid.UUID", dict[str, Fit]]


def firm_fits(
    session: Session,
    matcher: Matcher,
    need_ids: Sequence[uuid.UUID],
    *,
    min_score: float,
    barred: Mapping[uuid.UUID, set[str]] | None = None,
) -> Fits:
    """Return for each open need the firms whose best product reaches the least score, best first.

    A company is never proposed to itself, nor to those that ``barred`` names for the owner of the need.
    """
    found: Fits = {}
    for start in range(0, len(need_ids), BATCH):
        for need in sheets.load_needs(session, need_ids[start : start + BATCH]):
            without = {str(need.organization_id), *(barred or {}).get(need.organization_id, ())}
            found[need.id] = _fits(matcher, need, frozenset(without), min_score)
        session.expunge_all()
    return found


def _fits(matcher: Matcher, need: Need, without: frozenset[str], min_score: float) -> dict[str, Fit]:
    from matching.firms import score_firms
    from matching.rank import probability

    ranked = score_firms(matcher, matcher.score(sheets.to_need(need)), without)[:POOL]
    found = {firm: Fit(probability(logit), probability(dict(parts)["best_product"])) for logit, firm, parts in ranked}
    return {firm: fit for firm, fit in found.items() if fit.product >= min_score}


def as_matrix(fits: Fits, firms: Sequence[str]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the fits of firms and of their best products, needs by firms; 0 where a firm is not worth showing."""
    import numpy as np

    place = {firm: number for number, firm in enumerate(firms)}
    of_firms, of_products = np.zeros((2, len(fits), len(firms)))
    for row, found in enumerate(fits.values()):
        for firm, fit in found.items():
            of_firms[row, place[firm]], of_products[row, place[firm]] = fit
    return of_firms, of_products
