"""From products to firms: the best product speaks first, further good ones and a broad catalogue add to it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching.explain import explain
from matching.features import Scored, length_of
from matching.rank import FEATURES, probability
from matching.records import Need
from matching.results import FirmMatch

if TYPE_CHECKING:
    from matching.engine import Matcher

#: Weight of further good products (in natural logarithm of votes), and how far (in logits) behind the best product of
#: all a product may be and still vote.
VOTES_WEIGHT, VOTE_SCALE = 2.0, 1.2
#: Weight of a doubling of the firm's catalogue: for short needs, and for long ones, of which a product answers a part.
SIZE_WEIGHTS = (0.07, 0.2)
#: Weight of a word that a firm's candidates hold more often than candidates do; up to how many logits all may add.
WORDS_WEIGHT, WORDS_CAP = 0.09, 2.0
#: How sharply a firm's share of the candidates with a word counts, and how many more have it in its usual share: few
#: candidates tell little.
SHARPNESS, USUAL = 3.0, 3.0
#: A long need tells of a field of work, and a firm is asked for what it can do there. These tell one product from the
#: next, so they do not speak for its firm then; nor does a category that is only guessed.
OF_ONE_PRODUCT, GUESSED = ("title", "title_rel", "quantities", "intervals"), "category"
#: The share of its evidence that a firm's logit claims, and what is taken off for all alike; the order stays.
TRUST, RESERVE = 0.5, 0.75


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
    sizes, length, spoken = firm_sizes(matcher), length_of(scored.analysis), voices(matcher, scored)
    top = float(spoken.max()) if len(spoken) else 0.0
    words = word_shares(matcher, scored)
    found: list[tuple[float, str, Contributions]] = []
    for firm, own in _places(matcher, scored, barred).items():
        product, voice = float(scored.logits[own[0]]), spoken[own].tolist()
        parts = firm_contributions(product, voice, top, sizes[firm], length, words[firm])
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


def voices(matcher: Matcher, scored: Scored) -> NDArray[np.float64]:
    """Return the logits with which candidates speak for their firms; of a short need those of the products."""
    silent = OF_ONE_PRODUCT if scored.is_confirmed else (*OF_ONE_PRODUCT, GUESSED)
    shares = np.where(np.isin(FEATURES, silent), 1 - length_of(scored.analysis), 1.0)
    return matcher.ranker_.logits(scored.features * shares)


def word_shares(matcher: Matcher, scored: Scored) -> dict[str, float]:
    """Return how much each firm's candidates together hold the need's words more often than all candidates do.

    A firm has a share of the candidates with a word, and one of all in that language. Where it has the first above the
    second the word speaks for it, else against it: a need answered in parts is answered by sheets that share its words.
    """
    firms = matcher.catalogue_.firms
    codes, owners = np.unique(firms.codes[scored.rows], return_inverse=True)
    names = [firms.names[code] for code in codes.tolist()]
    owned = (owners == np.arange(len(codes))[:, None]).astype(np.float64)
    totals = np.zeros(len(names))
    for same in (True, False):
        side, weights = scored.same_language == same, scored.query.for_row(same)
        if not side.any():
            continue
        held = matcher.views_.indexes["words"].held(scored.rows[side], list(weights)).astype(np.float64)
        usual = owned[:, side].mean(axis=1, keepdims=True)
        shares = (owned[:, side] @ held + USUAL * usual) / (held.sum(axis=0) + USUAL)
        gains = np.log1p(SHARPNESS * shares) - np.log1p(SHARPNESS * usual)
        totals += gains @ np.array(list(weights.values()), np.float64)
    return dict(zip(names, np.minimum(WORDS_WEIGHT * totals, WORDS_CAP).tolist(), strict=True))


def firm_contributions(
    product: float, spoken: Sequence[float], top: float, size: int, length: float = 0.0, words: float = 0.0
) -> Contributions:
    """Return the parts of a firm's logit.

    product : the logit of its best product; spoken : see ``voices``, of its candidates; top : the highest of any firm;
    length : 0 for a short need to 1 for a long one; words : see ``word_shares``.
    """
    size_weight = SIZE_WEIGHTS[0] + length * (SIZE_WEIGHTS[1] - SIZE_WEIGHTS[0])
    best = max(spoken)
    alone = (best - top) / VOTE_SCALE
    votes = math.log(sum(math.exp((voice - top) / VOTE_SCALE) for voice in spoken))
    return (
        ("best_product", product),
        ("standing", TRUST * (best + VOTES_WEIGHT * alone) - RESERVE - product),
        ("more_products", TRUST * VOTES_WEIGHT * (votes - alone)),
        ("words_together", TRUST * words),
        ("catalogue_size", TRUST * size_weight * math.log2(size)),
    )
