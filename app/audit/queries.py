"""Searching the audit trail."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager

from app.audit.models import AuditEvent
from app.core.paging import Page, paginate
from app.core.sealing import is_readable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

ROWS = 50
EXPORT_BATCH = 1000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """How the trail is narrowed; empty values do not narrow. ``until`` is exclusive."""

    text: str = ""
    action: str = ""
    subject_type: str = ""
    subject_id: uuid.UUID | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def events(session: Session, *, wanted: AuditFilter, page: int) -> Page[AuditEvent]:
    """Return one page of the trail, newest first, in two queries."""
    newest = (AuditEvent.created_at.desc(), AuditEvent.seq.desc())
    return paginate(session, _with_number(wanted).order_by(*newest), number=page, size=ROWS)


def stream(session: Session, *, wanted: AuditFilter) -> Iterator[AuditEvent]:
    """Yield every event of the filter, oldest first, without holding them all."""
    query = _with_number(wanted).order_by(AuditEvent.created_at, AuditEvent.seq)
    yield from session.scalars(query.execution_options(yield_per=EXPORT_BATCH))


def actions(session: Session) -> list[str]:
    """Return the actions that occur, in alphabetical order."""
    query = select(AuditEvent.action).where(*_readable())
    return list(session.scalars(query.distinct().order_by(AuditEvent.action)))


def checks(session: Session, *, limit: int) -> list[AuditEvent]:
    """Return the latest checks of the trail, newest first."""
    query = _narrowed(AuditFilter(action="audit.verify")).order_by(AuditEvent.seq.desc())
    return list(session.scalars(query.limit(limit)))


def _readable() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of rows to be listed: what is in a box is told by another row once it may be."""
    return AuditEvent.box.is_(None), is_readable(AuditEvent.sealed_by)


def _with_number(wanted: AuditFilter) -> Select[tuple[AuditEvent]]:
    return _narrowed(wanted).outerjoin(AuditEvent.link).options(contains_eager(AuditEvent.link))


def _narrowed(wanted: AuditFilter) -> Select[tuple[AuditEvent]]:
    query = select(AuditEvent).where(*_readable())
    if wanted.action:
        query = query.where(AuditEvent.action == wanted.action)
    if wanted.subject_type:
        query = query.where(AuditEvent.subject_type == wanted.subject_type)
    if wanted.subject_id is not None:
        query = query.where(AuditEvent.subject_id == wanted.subject_id)
    if wanted.since is not None:
        query = query.where(AuditEvent.created_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEvent.created_at < wanted.until)
    if wanted.text:
        columns = (AuditEvent.actor_name, AuditEvent.subject_label, AuditEvent.action, AuditEvent.request_id)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return query
