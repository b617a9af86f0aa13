"""Prices that are sealed apart in a review: what they add to the scores, and which bids they can still decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bids.workflow import IN_REVIEW, PriceState
from app.reviews.criteria import PRICE
from app.reviews.scoring import in_reach, price_points, results, with_prices
from app.reviews.sheets import counting_seats, sheets
from app.reviews.workflow import PanelState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from app.reviews.criteria import ReviewRules
    from app.reviews.models import Review, ReviewEntry, ReviewPanel
    from app.reviews.scoring import Result

PRICED = (PanelState.PRICING, PanelState.RANKED)
"""States in which prices that were sealed apart count and may be seen; before them nobody judges with a price."""


def shows_prices(state: PanelState, rules: ReviewRules) -> bool:
    """Return whether the people of a review may see prices as far as they are open."""
    return not rules.has_price_envelope or state in PRICED


def contenders(panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules) -> list[ReviewEntry]:
    """Return the bids whose price may be opened: under review, not vetoed, and the line within reach."""
    found = results(sheets(panel, reviews, effective=True), rules)
    reach = set(in_reach(list(found.values()), rules, len(counting_seats(panel))))
    return [entry for entry in panel.entries if entry.id in reach and entry.bid.state in IN_REVIEW]


def final_results(
    panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules
) -> Mapping[uuid.UUID, Result[uuid.UUID]]:
    """Return what every bid was given in the end, with the points of its price where that was sealed apart."""
    found = results(sheets(panel, reviews, effective=True), rules)
    if not rules.has_price_envelope or panel.state not in PRICED:
        return found
    return with_prices(found, _points(panel, reviews, rules), PRICE)


def unopened(panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules) -> list[ReviewEntry]:
    """Return the bids that wait for the holders: a price is due and not open."""
    if not rules.has_price_envelope:
        return []
    return [entry for entry in contenders(panel, reviews, rules) if entry.bid.price_state is PriceState.DUE]


def unpriced(panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules) -> frozenset[uuid.UUID]:
    """Return the bids that take no place, because their price was given up or they have ended meanwhile."""
    if not rules.has_price_envelope or panel.state not in PRICED:
        return frozenset()
    found = results(sheets(panel, reviews, effective=True), rules)
    reach = set(in_reach(list(found.values()), rules, len(counting_seats(panel))))
    closed = {entry.id for entry in panel.entries if entry.bid.price_state is not PriceState.OPENED}
    return frozenset(reach & closed)


def _points(panel: ReviewPanel, reviews: Sequence[Review], rules: ReviewRules) -> dict[uuid.UUID, Decimal]:
    """Return the points as they were settled, or as the open prices make them now."""
    if panel.state is PanelState.RANKED:
        return {entry.id: entry.price_points for entry in panel.entries if entry.price_points is not None}
    prices = {
        entry.id: entry.bid.price_total_wan
        for entry in contenders(panel, reviews, rules)
        if entry.bid.price_state is PriceState.OPENED and entry.bid.price_total_wan is not None
    }
    return price_points(prices, rules.price_maximum)
