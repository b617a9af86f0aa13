"""The schedule: without conflicts, and as good as can be proven."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, product

import pytest

from app.events.scheduling.optimum import PROVEN_GAP, Solution, solve
from app.events.scheduling.problem import Company, Pair, Pin, Problem, flaws, longest_row
from tests.support.scheduling import event_of

PATIENT = 60
"""Seconds that no search uses up: on a busy machine, too, it ends because nothing better is found."""
EVENTS = [
    pytest.param(event_of(8, n_slots=6, n_tables=8, asks=0.4), id="room for all"),
    pytest.param(event_of(8, n_slots=6, n_tables=3, asks=0.6), id="few tables"),
    pytest.param(event_of(10, n_slots=8, n_tables=6, asks=0.5, absence=0.3), id="absences"),
    pytest.param(event_of(10, n_slots=8, n_tables=10, asks=0.7, absence=0.2, most_in_row=2), id="pauses"),
    pytest.param(event_of(20, n_slots=12, n_tables=10, asks=1.0), id="everybody asks everybody"),
]


def at(*slots: int, most: int = 9, name: str = "company") -> Company:
    """Return a company that has time in these slots only."""
    return Company(name, most, frozenset(slots))


def breaches(problem: Problem, solution: Solution) -> list[str]:
    """Return every rule that a schedule breaks."""
    found, companies = [], problem.companies
    seats = Counter((one, m.slot) for m in solution.meetings for one in (m.host, m.guest))
    tables = Counter((m.table, m.slot) for m in solution.meetings)
    counts = Counter(one for m in solution.meetings for one in (m.host, m.guest))
    found += [f"{one} sits twice" for one, number in seats.items() if number > 1]
    found += [f"{one} is shared" for one, number in tables.items() if number > 1]
    found += [f"no table {m.table}" for m in solution.meetings if not 0 <= m.table < problem.n_tables]
    found += [f"{one} away" for one, slot in seats if slot not in companies[one].free]
    found += [f"{one} too often" for one, number in counts.items() if number > companies[one].most]
    wanted = {(pair.host, pair.guest) for pair in problem.pairs} | {(pin.host, pin.guest) for pin in problem.pins}
    found += [f"{m} unwanted" for m in solution.meetings if (m.host, m.guest) not in wanted]
    pairs = Counter((m.host, m.guest) for m in solution.meetings)
    found += [f"{pair} twice" for pair, number in pairs.items() if number > 1]
    if problem.most_in_row:
        rows = {one: {slot for who, slot in seats if who == one} for one in counts}
        found += [f"{one} rests never" for one, row in rows.items()
                  if longest_row(row, problem.runs) > problem.most_in_row]  # fmt: skip
    return found


def best_by_trying(problem: Problem) -> float:
    """Return the worth of the best schedule of a tiny problem, found by trying every one."""
    slots = [None, *range(problem.n_slots)]
    best = 0.0
    for choice in product(slots, repeat=len(problem.pairs)):
        placed = [(pair, slot) for pair, slot in zip(problem.pairs, choice, strict=True) if slot is not None]
        if _stands(problem, placed):
            best = max(best, sum(pair.weight for pair, _ in placed))
    return best


def _stands(problem: Problem, placed: list[tuple[Pair, int]]) -> bool:
    clash = any(
        a_slot == b_slot and {a.host, a.guest} & {b.host, b.guest}
        for (a, a_slot), (b, b_slot) in combinations(placed, 2)
    )
    away = any(slot not in problem.companies[one].free for pair, slot in placed for one in (pair.host, pair.guest))
    full = any(number > problem.n_tables for number in Counter(slot for _, slot in placed).values())
    counts = Counter(one for pair, _ in placed for one in (pair.host, pair.guest))
    over = any(number > problem.companies[one].most for one, number in counts.items())
    return not (clash or away or full or over)


@pytest.mark.parametrize("problem", EVENTS)
def test_a_schedule_breaks_no_rule(problem: Problem) -> None:
    solution = solve(problem, seconds=PATIENT)

    assert breaches(problem, solution) == []


@pytest.mark.parametrize("problem", EVENTS)
def test_a_schedule_is_proven_to_be_near_the_best(problem: Problem) -> None:
    solution = solve(problem, seconds=PATIENT)

    assert solution.value <= solution.bound
    assert solution.gap <= PROVEN_GAP


@pytest.mark.parametrize("seed", range(6))
def test_a_small_schedule_is_worth_what_trying_everything_finds(seed: int) -> None:
    problem = event_of(3, n_slots=3, n_tables=2, asks=0.45, absence=0.25, seed=seed)
    small = replace(problem, pairs=problem.pairs[:6], blocks=())

    solution = solve(small, seconds=PATIENT)

    assert solution.value == pytest.approx(best_by_trying(small))
    assert breaches(small, solution) == []


def test_the_bound_is_never_below_what_trying_everything_finds() -> None:
    problem = replace(event_of(3, n_slots=2, n_tables=1, asks=0.6, seed=9), blocks=())
    small = replace(problem, pairs=problem.pairs[:6])

    assert solve(small, seconds=PATIENT).bound >= best_by_trying(small) - 1e-9


def test_a_must_wins_over_wishes() -> None:
    problem = Problem([at(0), at(0), at(0)], [Pair(0, 1, 3.0), Pair(0, 2, 8.0)], n_slots=1, n_tables=5)

    assert [(m.host, m.guest) for m in solve(problem).meetings] == [(0, 2)]


def test_two_who_never_have_time_together_do_not_meet() -> None:
    problem = Problem([at(0), at(1)], [Pair(0, 1, 8.0)], n_slots=2, n_tables=1)

    solution = solve(problem)

    assert solution.meetings == ()
    assert solution.bound == 0.0


def test_fixed_meetings_stay_where_they_are() -> None:
    problem = event_of(6, n_slots=6, n_tables=4, asks=0.8)
    pin = Pin(0, 6, slot=3, table=2)

    solution = solve(replace(problem, pins=[pin]), seconds=PATIENT)

    assert (0, 6, 3, 2) in [(m.host, m.guest, m.slot, m.table) for m in solution.meetings]


def test_fixed_meetings_count_for_pauses() -> None:
    companies = [at(0, 1, 2), at(0, 1, 2), at(0, 1, 2), at(0, 1, 2)]
    pairs = [Pair(0, 1, 3.0), Pair(0, 2, 3.0), Pair(0, 3, 3.0)]
    problem = Problem(companies, pairs, 3, 3, pins=[Pin(0, 1, slot=1, table=0)], most_in_row=1)

    solution = solve(problem)

    assert [(m.host, m.guest) for m in solution.meetings] == [(0, 1)]


def test_an_event_without_requests_has_an_empty_schedule() -> None:
    assert solve(Problem([at(0), at(0)], [], n_slots=1, n_tables=1)).meetings == ()


def test_the_same_event_gets_the_same_schedule() -> None:
    problem = event_of(8, n_slots=6, n_tables=4, asks=0.5)

    assert solve(problem).meetings == solve(problem).meetings


def test_a_host_keeps_its_table_while_it_can() -> None:
    problem = Problem([at(0, 1), at(0), at(1)], [Pair(0, 1, 3.0), Pair(0, 2, 3.0)], n_slots=2, n_tables=3)

    assert len({m.table for m in solve(problem).meetings}) == 1


@pytest.mark.parametrize(
    ("pins", "code"),
    [
        ([Pin(0, 2, slot=1, table=0)], "not_free"),
        ([Pin(0, 2, slot=0, table=0), Pin(0, 3, slot=0, table=1)], "twice_in_slot"),
        ([Pin(0, 2, slot=0, table=9)], "no_such_table"),
        ([Pin(0, 2, slot=0, table=0), Pin(1, 3, slot=0, table=0)], "table_twice"),
        ([Pin(1, 2, slot=0, table=0), Pin(1, 3, slot=2, table=0)], "over_limit"),
        ([Pin(0, 2, slot=2, table=0), Pin(0, 3, slot=3, table=0)], "no_pause"),
    ],
)
def test_fixed_meetings_that_contradict_each_other_are_explained(pins: list[Pin], code: str) -> None:
    companies = [at(0, 2, 3), at(0, 2, most=1), at(0, 1, 2), at(0, 2, 3)]
    problem = Problem(companies, [], n_slots=4, n_tables=2, pins=pins, most_in_row=1)

    assert code in [flaw.code for flaw in flaws(problem)]


def test_a_schedule_without_fixed_meetings_has_no_flaw() -> None:
    assert flaws(event_of(5, n_slots=4, n_tables=2, asks=0.5, absence=0.4)) == []


def test_progress_never_goes_back() -> None:
    steps: list[int] = []

    solve(event_of(8, n_slots=6, n_tables=3, asks=0.6), lambda done, total: steps.append(done))

    assert steps == sorted(steps)
    assert steps[-1] == 100
