"""Events that only exist as a problem of the solver."""

from __future__ import annotations

import random

from app.events.rules import weight
from app.events.scheduling.problem import Company, Pair, Problem
from app.events.workflow import Wish


def event_of(
    n_each: int,
    *,
    n_slots: int,
    n_tables: int,
    asks: float,
    absence: float = 0.0,
    most_in_row: int = 0,
    seed: int = 1,
) -> Problem:
    """Return an event of two sides of ``n_each`` companies.

    Everybody asks each company of the other side with the chance ``asks`` (a quarter of the requests are musts)
    and has no time in each slot with the chance ``absence``. The slots lie in two halves with a long break between.
    """
    random_ = random.Random(seed)
    half = n_slots // 2
    companies = [
        Company(
            f"company {number}",
            random_.randint(6, n_slots) if n_slots > 6 else n_slots,
            frozenset(slot for slot in range(n_slots) if random_.random() >= absence) or frozenset({0}),
        )
        for number in range(2 * n_each)
    ]
    pairs = []
    for host in range(n_each):
        for guest in range(n_each, 2 * n_each):
            worth = weight(_wish(random_, asks), _wish(random_, asks), random_.random())
            if worth:
                pairs.append(Pair(host, guest, worth))
    blocks = (tuple(range(half)), tuple(range(half, n_slots)))
    return Problem(companies, pairs, n_slots, n_tables, blocks=blocks, most_in_row=most_in_row)


def _wish(random_: random.Random, asks: float) -> Wish | None:
    if random_.random() >= asks:
        return None
    return Wish.MUST if random_.random() < 0.25 else Wish.LIKE
