"""Experts for challenges: how well their own words suit, by the model that suits chips, and who is chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.matchmaking import sheets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.demands.models import Need

SOFT = 5.0
"""Log-odds are divided by this: people describe themselves more loosely than data sheets do."""


@dataclass(frozen=True, slots=True)
class Expertise:
    """What an expert says of themselves."""

    id: str
    text: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who may be given a seat: how well they suit, how many panels they may still join, of which groups."""

    id: str
    fit: float
    room: int
    groups: frozenset[str] = frozenset()
    is_barred: bool = False
    is_seated: bool = False


@dataclass(frozen=True, slots=True)
class Shortage:
    """``missing`` experts of ``group`` (empty: of any kind); ``free`` is how many could join at all."""

    group: str
    missing: int
    free: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """The ids of the best panel, best fit first; or, without ids, what it lacks."""

    ids: tuple[str, ...] = ()
    shortages: tuple[Shortage, ...] = field(default=())


def expert_fits(session: Session, experts: Sequence[Expertise], need: Need) -> Mapping[str, float]:
    """Return for each expert how well their words suit a need, between 0 and 1; its parts must be loaded.

    Only order and distance mean something: the model is calibrated on chips.
    """
    from matching.engine import Matcher
    from matching.records import Sheet

    if not experts:
        return {}
    told = [
        Sheet(id=f"{expert.id}:{category}", text=expert.text, firm=expert.id, category=category, lang="zh")
        for expert in experts
        for category in expert.categories or ("",)
    ]
    matcher = Matcher(candidates=max(10, len(told)), lexicon=sheets.load_lexicon(session)).fit(told)
    found = dict(matcher.rank_firms(sheets.to_need(need), len(experts)))
    return {expert.id: _softened(found.get(expert.id, 0.0)) for expert in experts}


def choose_panel(seats: Sequence[Seat], *, size: int, composition: Mapping[str, int], seed: int) -> Chosen:
    """Return the panel of ``size`` with the largest sum of fits that has ``composition`` experts of each group."""
    import numpy as np

    from matching.panels import Group, NoPanel, Wanted, choose

    groups = [
        Group(name, frozenset(place for place, seat in enumerate(seats) if name in seat.groups), least)
        for name, least in composition.items()
    ]
    wanted = Wanted(
        [size],
        [seat.room for seat in seats],
        barred=[(0, place) for place, seat in enumerate(seats) if seat.is_barred and not seat.is_seated],
        seated=[(0, place) for place, seat in enumerate(seats) if seat.is_seated],
        groups=groups,
    )
    try:
        places = choose(np.array([[seat.fit for seat in seats]], np.float64), wanted, seed=seed)[0]
    except NoPanel as refusal:
        return Chosen(shortages=tuple(Shortage(lack.group, lack.missing, lack.free) for lack in refusal.lacks))
    best = sorted((seats[place] for place in places), key=lambda seat: (-seat.fit, seat.id))
    return Chosen(tuple(seat.id for seat in best))


def _softened(probability: float) -> float:
    bounded = min(max(probability, 1e-12), 1 - 1e-12)
    return 1 / (1 + math.exp(-math.log(bounded / (1 - bounded)) / SOFT))
