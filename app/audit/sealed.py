"""Events that nobody may connect with a competition: what is stored of them, and how it is told later."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.audit.chain import add
from app.audit.models import AuditEvent
from app.core import box
from app.core.sealing import is_readable

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

IDS = ("actor_id", "organization_id", "subject_id")
TOLD = (*IDS, "actor_name", "capacity", "action", "subject_type", "subject_label", "details", "request_id", "ip")
EMPTY: dict[str, Any] = {**dict.fromkeys(IDS), **dict.fromkeys(TOLD[len(IDS) :], ""), "details": {}, "action": "sealed"}
BATCH = 200


def sealed(event: AuditEvent, sealed_by: uuid.UUID) -> AuditEvent:
    """Return the event with everything it tells in its box."""
    told = {name: getattr(event, name) for name in TOLD}
    told |= {name: told[name] and str(told[name]) for name in IDS}
    return AuditEvent(**EMPTY, sealed_by=sealed_by, box=box.lock_json(told, about=_about(sealed_by)))


def opened(event: AuditEvent) -> dict[str, Any]:
    """Return what the box of an event says, by column. Raises BoxError."""
    told: dict[str, Any] = box.unlock_json(event.box or b"", about=_about(event.sealed_by))
    return {**told, **{name: told[name] and uuid.UUID(told[name]) for name in IDS}}


def disclose(session: Session) -> int:
    """Tell in clear text what is no longer sealed, a batch at a time and each event once; return how many."""
    told = aliased(AuditEvent)
    query = (
        sa.select(AuditEvent)
        .outerjoin(told, told.discloses == AuditEvent.seq)
        .where(AuditEvent.box.is_not(None), is_readable(AuditEvent.sealed_by), told.seq.is_(None))
        .order_by(AuditEvent.seq)
        .limit(BATCH)
    )
    events = session.scalars(query).all()
    for event in events:
        again = opened(event)
        add(session, AuditEvent(**again, sealed_by=event.sealed_by, created_at=event.created_at, discloses=event.seq))
    session.flush()
    return len(events)


def _about(sealed_by: uuid.UUID | None) -> str:
    return f"audit_events:{sealed_by}"
