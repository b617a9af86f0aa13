"""Letting everybody know what the desk changed: every process, rows that named a merged category, the index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from sqlalchemy import select

from app.catalog.content import reindex_category
from app.catalog.models import ChipProduct
from app.core import clock
from app.db import current_session, transaction
from app.matchmaking.service import load_knowledge, return_used
from app.matchmaking.service.taxonomy import move
from app.taxonomy import knowledge

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH = 200


def apply_taxonomy(code: str, progress: Callable[[int, int], None]) -> None:
    """Publish what the desk taught; with a category, index the products of it and below it again."""
    folder = current_app.extensions["chipbridge_settings"].model_dir
    taught = load_knowledge(current_session())
    knowledge.publish(folder, taught)
    if taught.changes.withdrawn:
        with transaction() as session:
            is_used = bool(return_used(session, now=clock.now()))  # saved while forms still offered it
        if is_used:
            knowledge.publish(folder, load_knowledge(current_session()))
    for old, into in taught.changes.merged.items():
        with transaction() as session:
            move(session, old, into)  # what was saved with the old code while forms still offered it
    if code:
        _reindex(code, progress)


def _reindex(code: str, progress: Callable[[int, int], None]) -> None:
    query = select(ChipProduct.id).where(ChipProduct.category.startswith(code)).order_by(ChipProduct.id)
    ids = list(current_session().scalars(query))
    for start in range(0, len(ids), BATCH):
        with transaction() as session:
            reindex_category(session, ids[start : start + BATCH])
        current_session().expunge_all()
        progress(min(start + BATCH, len(ids)), len(ids))
