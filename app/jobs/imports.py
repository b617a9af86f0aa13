"""Reading large files of products: the file first, then one transaction."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts.models import User
from app.catalog import service
from app.catalog.importing.judge import TakeOver
from app.catalog.importing.stored import read_stored
from app.catalog.importing.survey import Mapping
from app.catalog.queries import imports as queries
from app.core import clock
from app.core.errors import NotAllowed
from app.db import current_session, transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.catalog.importing.reader import Reading
    from app.catalog.queries.imports import ImportView
    from app.core.actor import Actor
    from app.outbox.models import Job


def check_import(job: Job, import_id: uuid.UUID, progress: Callable[[int, int], None]) -> None:
    """Check a file under the mapping that the job carries. Raises UnreadableFile or a refusal of the service."""
    actor = _actor(job)
    found = queries.import_view(current_session(), actor=actor, import_id=import_id)
    mapping = Mapping.from_json(job.payload["mapping"])
    reading = _read(actor, found, mapping, progress)
    report = service.judged(current_session(), actor=actor, reading=reading)
    with transaction() as session:
        service.check_import(
            session,
            actor=actor,
            import_id=import_id,
            mapping=mapping,
            report=report,
            now=clock.now(),
            job_id=job.id,
        )


def commit_import(job: Job, import_id: uuid.UUID, progress: Callable[[int, int], None]) -> None:
    """Take a file over as the job says. Raises UnreadableFile or a refusal of the service."""
    actor = _actor(job)
    found = queries.import_view(current_session(), actor=actor, import_id=import_id)
    reading = _read(actor, found, found.mapping, progress)
    with transaction() as session:
        service.commit_import(
            session,
            actor=actor,
            import_id=import_id,
            reading=reading,
            mapping=found.mapping,
            choice=TakeOver(**job.payload["choice"]),
            now=clock.now(),
            job_id=job.id,
        )


def _read(actor: Actor, found: ImportView, mapping: Mapping, progress: Callable[[int, int], None]) -> Reading:
    firm = queries.own_firm(current_session(), actor=actor)
    return read_stored(found.file, found.survey, mapping, uscc=firm.uscc, progress=progress)


def _actor(job: Job) -> Actor:
    """Return the person who asked for the job, with the rights that they have now."""
    query = select(User).where(User.id == job.requested_by, User.active)
    user = current_session().scalars(query).unique().one_or_none()
    if user is None:
        raise NotAllowed("The person who asked for this has left the portal.", code="requester_gone")
    return user.as_actor()
