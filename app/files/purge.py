"""Forgetting content that nothing points to: of uploads that were discarded, or never became part of anything."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.files import storage
from app.files.models import StoredFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

GRACE = dt.timedelta(days=2)
"""Content this young may belong to a transaction that is not over yet."""

Pointers = Callable[[], sa.Select[tuple[str]]]
_POINTERS: list[Pointers] = [lambda: sa.select(StoredFile.sha256)]


def register_pointers(pointers: Pointers) -> None:
    """Let ``pointers`` select the hashes of further content that is in use."""
    _POINTERS.append(pointers)


def purge(session: Session, *, now: dt.datetime) -> int:
    """Delete every content older than ``GRACE`` that no row points to; return how many. Changes no row."""
    n_gone = 0
    for batch in storage.older_than(now - GRACE):
        unused = batch - _in_use(session, batch)
        n_gone += storage.remove(unused, before=now - GRACE)
    log.info("content purged", extra={"n_removed": n_gone})
    return n_gone


def _in_use(session: Session, hashes: Iterable[str]) -> set[str]:
    wanted = list(hashes)
    found: set[str] = set()
    for pointers in _POINTERS:
        used = pointers().subquery()
        column = next(iter(used.c))
        found |= set(session.scalars(sa.select(column).where(column.in_(wanted))))
    return found
