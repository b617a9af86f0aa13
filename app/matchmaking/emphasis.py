"""How much each kind of evidence counts in a configuration, beside the weights in use."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matching.rank import Ranker


class EvidenceGroup(StrEnum):
    """What kinds of evidence the model weighs."""

    TEXT = "text"
    MEANING = "meaning"
    NUMBERS = "numbers"
    TRACK_RECORD = "track_record"
    GUARDS = "guards"


USUAL = 100
"""Per cent: as much as before."""
GROUPS = {
    EvidenceGroup.TEXT: (
        "words", "words_rel", "head", "head_rel", "title", "title_rel", "phrases_rel", "pieces", "pieces_rel",
    ),
    EvidenceGroup.MEANING: ("concepts", "category"),
    EvidenceGroup.NUMBERS: ("quantities", "intervals", "wishes"),
    EvidenceGroup.TRACK_RECORD: ("history", "history_category", "maturity"),
    EvidenceGroup.GUARDS: ("met", "faultless", "violated", "narrow", "bare", "stuffing"),
}  # fmt: skip
BOUNDS = {EvidenceGroup.GUARDS: (50, 300)}
"""What keeps must requirements in force, and heaped words down, is never weaker than half."""
FREE = (0, 300)


def bounds(name: str) -> tuple[int, int]:
    """Return the least and the largest per cent of a feature."""
    return next((limits for group, limits in BOUNDS.items() if name in GROUPS[group]), FREE)


def changed(emphasis: Mapping[str, int]) -> dict[str, int]:
    """Return what is not as usual, in order of name."""
    return {name: percent for name, percent in sorted(emphasis.items()) if percent != USUAL}


def faults(emphasis: Mapping[str, int]) -> Iterator[str]:
    """Yield the features that are unknown or out of their bounds."""
    known = {name for names in GROUPS.values() for name in names}
    for name, percent in emphasis.items():
        low, high = bounds(name)
        if name not in known or not low <= percent <= high:
            yield name


def emphasised(ranker: Ranker, emphasis: Mapping[str, int]) -> Ranker:
    """Return a ranker whose weights are multiplied by the emphasis; what speaks for a pair keeps its total.

    So scores stay on their scale, and the least fit of a configuration means the same.
    """
    from matching.rank import Ranker

    percents = changed(emphasis)
    if not percents:
        return ranker
    weights = {name: weight * percents.get(name, USUAL) / USUAL for name, weight in ranker.weights.items()}
    before, after = _for(ranker.weights), _for(weights)
    scale = before / after if after else 1.0
    weights = {name: weight * scale if weight > 0 else weight for name, weight in weights.items()}
    return Ranker(weights, ranker.intercept, f"{ranker.version}~{crc32(json.dumps(percents).encode()):08x}")


def shares(ranker: Ranker) -> dict[str, float]:
    """Return which part of all that speaks for a pair, or against it, each feature has; in [0, 1]."""
    for_, against = _for(ranker.weights), -sum(min(0.0, weight) for weight in ranker.weights.values())
    return {name: abs(weight) / ((for_ if weight > 0 else against) or 1.0) for name, weight in ranker.weights.items()}


def _for(weights: Mapping[str, float]) -> float:
    return sum(max(0.0, weight) for weight in weights.values())
