"""Schedules of events: read, compute without holding anything, and keep the result if nothing changed meanwhile."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.db import current_session, transaction
from app.events import service
from app.events.queries.schedule import plan_of_run
from app.events.scheduling.optimum import solve
from app.events.scheduling.problem import Flaw

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

ATTEMPTS = 3
"""Companies may register while a schedule is computed; then it is computed once more."""


def make_schedule(run_id: uuid.UUID, progress: Callable[[int, int], None], *, actor: Actor = SYSTEM) -> bool:
    """Compute the schedule that a run asks for and keep it; False when there is none, and the run says why."""
    for _ in range(ATTEMPTS):
        plan = plan_of_run(current_session(), run_id=run_id)
        if plan is None:
            return False
        if plan.flaws:
            with transaction() as session:
                service.refuse_schedule(session, run_id=run_id, flaws=plan.flaws, now=clock.now())
            return False
        began = time.monotonic()
        solution = solve(plan.problem, progress)
        with transaction() as session:
            if service.keep_schedule(
                session,
                actor=actor,
                run_id=run_id,
                plan=plan,
                solution=solution,
                seconds=time.monotonic() - began,
                now=clock.now(),
            ):
                return True
    with transaction() as session:
        service.refuse_schedule(session, run_id=run_id, flaws=[Flaw("changed")], now=clock.now())
    return False


def follow_up() -> None:
    """End events that are over, and ask the companies of past meetings what came of them."""
    n_done = -1
    while n_done:
        with transaction() as session:
            n_done = service.finish_events(session, now=clock.now()) + service.ask_follow_ups(session, now=clock.now())
