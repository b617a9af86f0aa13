"""How long the schedule of a large event takes and how near it is to the best: ``python -m tests.bench.events``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median

from app.events.scheduling.optimum import solve
from tests.support.scheduling import event_of

SECONDS, GAP = 10.0, 0.01
"""What is to be reached for 60 × 60 companies, 20 slots and 30 tables."""
SEEDS = (1, 2, 3)


@dataclass(frozen=True)
class Case:
    """One kind of event of 60 × 60 companies and 20 slots."""

    label: str
    asks: float
    absence: float = 0.0
    most_in_row: int = 0
    n_tables: int = 30


CASES = (
    Case("everybody asks 9 of 60, always there", 0.15),
    Case("the same, away in 1 slot of 10", 0.15, 0.1),
    Case("the same, away in 3 slots of 10", 0.15, 0.3),
    Case("the same, at most 4 in a row", 0.15, 0.3, 4),
    Case("the same, 60 tables", 0.15, 0.3, 4, 60),
    Case("away half of the time, at most 3 in a row", 0.15, 0.5, 3),
    Case("everybody asks everybody, away in 2 slots of 10", 1.0, 0.2),
    Case("the same, at most 4 in a row", 1.0, 0.2, 4),
)


def main() -> None:
    """Print one line of a Markdown table for each case: the middle of three events."""
    print("| Event | Tables | Wanted pairs | Meetings | Seconds, median | Seconds, worst | Gap proven, worst |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for case in CASES:
        print(_line(case))


def _line(case: Case) -> str:
    times, gaps, pairs, meetings = [], [], [], []
    for seed in SEEDS:
        problem = event_of(
            60,
            n_slots=20,
            n_tables=case.n_tables,
            asks=case.asks,
            absence=case.absence,
            most_in_row=case.most_in_row,
            seed=seed,
        )
        began = time.perf_counter()
        solution = solve(problem)
        times.append(time.perf_counter() - began)
        gaps.append(solution.gap)
        pairs.append(len(problem.pairs))
        meetings.append(len(solution.meetings))
    is_reached = max(times) <= SECONDS and max(gaps) <= GAP
    mark = "" if is_reached else " **missed**"
    return (
        f"| {case.label} | {case.n_tables} | {median(pairs):.0f} | {median(meetings):.0f} "
        f"| {median(times):.1f} | {max(times):.1f} | {100 * max(gaps):.3f} %{mark} |"
    )


if __name__ == "__main__":
    main()
