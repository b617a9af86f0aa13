"""Several people at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sqlalchemy.exc import IntegrityError

from app.core.errors import DomainError
from app.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask
    from sqlalchemy.orm import Session

T = TypeVar("T")
Refusal: TypeAlias = DomainError | IntegrityError
"""A page that says no; what the database refuses becomes a page of status 409."""
MEET_SECONDS, WAIT_SECONDS = 10, 30


def together(app: Flask, *works: Callable[[], T]) -> list[T | Refusal]:
    """Do every piece of work in a thread and context of its own, all begun together; return results and refusals."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T | Refusal:
        with app.app_context():
            start.wait(MEET_SECONDS)
            try:
                return work()
            except (DomainError, IntegrityError) as refusal:
                return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(run, work) for work in works]
        return [one.result(WAIT_SECONDS) for one in running]


def at_once(app: Flask, *acts: Callable[[Session], object]) -> list[Refusal | None]:
    """Run every act in a transaction of its own, all begun together; return how each was refused."""

    def work_of(act: Callable[[Session], object]) -> Callable[[], None]:
        def work() -> None:
            with transaction() as session:
                act(session)

        return work

    return together(app, *map(work_of, acts))


def outcomes(refused: Iterable[Refusal | None]) -> list[str]:
    """Return what became of everybody in alphabetical order: the name of the refusal, or ``done``."""
    return sorted(type(one).__name__ if one else "done" for one in refused)
