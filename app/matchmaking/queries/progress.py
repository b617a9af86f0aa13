"""The steps of a pairing, and who looked at what is under its agreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.matchmaking.models import PairingStep

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

MAX_VIEWS = 50


@dataclass(frozen=True, slots=True)
class View:
    """Somebody looked at the confidential part."""

    at: dt.datetime
    name: str
    side: str


def steps_of(session: Session, pairing_id: uuid.UUID) -> Sequence[PairingStep]:
    """Return the steps of a pairing, oldest first, in one query."""
    query = select(PairingStep).where(PairingStep.pairing_id == pairing_id)
    return session.scalars(query.order_by(PairingStep.at, PairingStep.id)).all()


def views_of(session: Session, pairing_id: uuid.UUID) -> list[View]:
    """Return who looked at the confidential part, newest first, in one query."""
    query = (
        select(AuditEvent.created_at, AuditEvent.actor_name, AuditEvent.details)
        .where(
            AuditEvent.action == "pairing.view_confidential",
            AuditEvent.subject_type == "pairing",
            AuditEvent.subject_id == pairing_id,
        )
        .order_by(AuditEvent.seq.desc())
        .limit(MAX_VIEWS)
    )
    return [View(at, name, details.get("side", "")) for at, name, details in session.execute(query)]
