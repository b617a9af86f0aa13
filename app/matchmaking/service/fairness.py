"""How evenly the model shows firms, and what more evenness would cost: figures of one computation."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.matchmaking.models import Suggestion
from app.matchmaking.service.compute import MAX_FIRMS, MIN_SCORE
from app.matchmaking.service.fits import as_matrix, firm_fits
from app.matchmaking.workflow import SuggestionState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from matching.engine import Matcher

SHOWN = (SuggestionState.SUGGESTED, SuggestionState.APPROVED)


def fairness(session: Session, matcher: Matcher, need_ids: Sequence[uuid.UUID]) -> dict[str, Any]:
    """Return the Gini coefficient of the firms' exposure now, and the price of fairness, as JSON values.

    ``gini`` counts the standing and approved suggestions of every firm in the catalogue, never shown ones too;
    ``curve`` says for each cap on how often a firm is shown which share of the total fit is left.
    """
    import numpy as np

    from matching.assign import Rules, gini, price_of_fairness
    from matching.firms import firm_sizes

    fits = firm_fits(session, matcher, need_ids, min_score=MIN_SCORE)
    firms = sorted(filter(None, firm_sizes(matcher)))
    if not fits or not firms:
        return {}
    _, affinity = as_matrix(fits, firms)
    barred = [(int(need), int(firm)) for need, firm in np.argwhere(affinity == 0)]
    curve = price_of_fairness(affinity, Rules(need_max=MAX_FIRMS, barred=barred))
    exposure = _exposure(session)
    return {
        "gini": gini([exposure.get(firm, 0) for firm in firms]),
        "n_firms": len(firms),
        "n_shown": sum(1 for firm in firms if exposure.get(firm)),
        "curve": [asdict(price) for price in curve],
    }


def _exposure(session: Session) -> dict[str, int]:
    """Return how often each firm is shown now."""
    query = select(Suggestion.supplier_id, func.count()).where(Suggestion.state.in_(SHOWN))
    return {str(firm): n for firm, n in session.execute(query.group_by(Suggestion.supplier_id))}
