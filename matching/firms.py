"""From products to firms: the best product speaks first, further good ones and a broad catalogue add to it."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING

from matching.explain import explain
from matching.features import Scored
from matching.rank import probability
from matching.records import Need
from matching.results import FirmMatch

if TYPE_CHECKING:
    from matching.engine import Matcher

#: Weight of further good products (in natural logarithm of votes), of a doubling of the firm's catalogue, and how far
#: (in logits) behind the best product of all a product may be and still vote.
VOTES_WEIGHT, SIZE_WEIGHT, VOTE_SCALE = 2.7, 0.07, 1.06


def roll_up(matcher: Matcher, need: Need, scored: Scored, k: int, barred: Collection[str]) -> list[FirmMatch]:
    """Return the k best firms of a scored list, best first, ties by firm."""
    places = _places(matcher, scored, barred)
    sizes = firm_sizes(matcher)
    return [
        FirmMatch(
            need.id,
            firm,
            probability(logit),
            parts,
            tuple(explain(matcher, need, scored, place) for place in places[firm][: matcher.firm_products]),
            sizes[firm],
        )
        for logit, firm, parts in score_firms(matcher, scored, barred)[:k]
    ]


Contributions = tuple[tuple[str, float], ...]


def score_firms(matcher: Matcher, scored: Scored, barred: Collection[str]) -> list[tuple[float, str, Contributions]]:
    """Return (logit, firm, its parts) of every firm among the candidates, best first, ties by firm."""
    sizes = firm_sizes(matcher)
    found: list[tuple[float, str, Contributions]] = []
    for firm, own in _places(matcher, scored, barred).items():
        parts = firm_contributions([float(scored.logits[place]) for place in own], float(scored.logits[0]), sizes[firm])
        found.append((sum(value for _, value in parts), firm, parts))
    return sorted(found, key=lambda entry: (-entry[0], entry[1]))


def _places(matcher: Matcher, scored: Scored, barred: Collection[str]) -> dict[str, list[int]]:
    """Return where each firm's sheets stand in the scored list, best first."""
    places: dict[str, list[int]] = {}
    for place, firm in enumerate(matcher.catalogue_.firms_of(scored.rows)):
        if firm and firm not in barred:
            places.setdefault(firm, []).append(place)
    return places


def firm_sizes(matcher: Matcher) -> dict[str, int]:
    """Return how many living sheets each firm has."""
    return matcher.catalogue_.firm_sizes()


def firm_contributions(logits: list[float], top: float, size: int) -> Contributions:
    """Return the parts of a firm's logit from those of its candidates, best first; ``top`` is the best of any firm."""
    best = logits[0]
    votes = sum(math.exp((logit - top) / VOTE_SCALE) for logit in logits)
    alone = math.exp((best - top) / VOTE_SCALE)
    return (
        ("best_product", best),
        ("standing", VOTES_WEIGHT * (best - top) / VOTE_SCALE),
        ("more_products", VOTES_WEIGHT * math.log(votes / alone)),
        ("catalogue_size", SIZE_WEIGHT * math.log2(size)),
    )
