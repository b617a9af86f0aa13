"""Which firms are worth showing for each need, and how well they fit: what an assignment chooses from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.matchmaking import sheets

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.demands.models import Need
    from matching.engine import Matcher

POOL = 30
"""How many firms of each need may take a place."""
BATCH = 25
Fits = dict["uuid.UUID", dict[str, float]]


def firm_fits(
    session: Session,
    matcher: Matcher,
    need_ids: Sequence[uuid.UUID],
    *,
    min_score: float,
    barred: Mapping[uuid.UUID, set[str]] | None = None,
) -> Fits:
    """Return for each open need the firms whose best product reaches the least score, each with the firm's fit.

    A company is never proposed to itself, nor to those that ``barred`` names for the owner of the need.
    """
    found: Fits = {}
    for start in range(0, len(need_ids), BATCH):
        for need in sheets.load_needs(session, need_ids[start : start + BATCH]):
            without = {str(need.organization_id), *(barred or {}).get(need.organization_id, ())}
            found[need.id] = _fits(matcher, need, frozenset(without), min_score)
        session.expunge_all()
    return found


def _fits(matcher: Matcher, need: Need, without: frozenset[str], min_score: float) -> dict[str, float]:
    from matching.firms import score_firms
    from matching.rank import probability

    ranked = score_firms(matcher, matcher.score(sheets.to_need(need)), without)[:POOL]
    return {
        firm: probability(logit)
        for logit, firm, parts in ranked
        if probability(dict(parts)["best_product"]) >= min_score
    }
