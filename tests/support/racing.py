"""Several people at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from app.core.errors import DomainError
from app.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session


def at_once(app: Flask, *acts: Callable[[Session], object]) -> list[DomainError | None]:
    """Run every act in a transaction of its own, all begun together; return how each was refused."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> DomainError | None:
        with app.app_context():
            start.wait(10)
            try:
                with transaction() as session:
                    act(session)
            except DomainError as error:
                return error
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        running = [pool.submit(run, act) for act in acts]
        return [one.result(30) for one in running]
