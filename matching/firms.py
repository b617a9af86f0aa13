"""From products to firms: the best product speaks first, further good ones and a broad catalogue add to it."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING

from matching.explain import explain
from matching.features import Scored, length_of
from matching.rank import probability
from matching.records import Need
from matching.results import FirmMatch

if TYPE_CHECKING:
    from matching.engine import Matcher

#: Weight of further good products (in natural logarithm of votes).
VOTES_WEIGHT = 2.7
#: Weight of a doubling of the firm's catalogue, and how far (in logits) behind the best product of all a product may
#: be and still vote: for short needs, and for long ones, of which a product answers a part.
SIZE_WEIGHTS, VOTE_SCALES = (0.07, 0.3), (1.06, 2.0)


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
    sizes, length = firm_sizes(matcher), length_of(scored.analysis)
    found: list[tuple[float, str, Contributions]] = []
    for firm, own in _places(matcher, scored, barred).items():
        logits = [float(scored.logits[place]) for place in own]
        parts = firm_contributions(logits, float(scored.logits[0]), sizes[firm], length)
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


def firm_contributions(logits: list[float], top: float, size: int, length: float = 0.0) -> Contributions:
    """Return the parts of a firm's logit from those of its candidates, best first; ``top`` is the best of any firm.

    length : 0 for a short need to 1 for a long one.
    """
    size_weight, scale = (short + length * (long - short) for short, long in (SIZE_WEIGHTS, VOTE_SCALES))
    best = logits[0]
    votes = sum(math.exp((logit - top) / scale) for logit in logits)
    alone = math.exp((best - top) / scale)
    return (
        ("best_product", best),
        ("standing", VOTES_WEIGHT * (best - top) / scale),
        ("more_products", VOTES_WEIGHT * math.log(votes / alone)),
        ("catalogue_size", size_weight * math.log2(size)),
    )
