"""Writing the audit trail."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.audit.chain import add
from app.audit.models import AuditEvent
from app.audit.sealed import sealed

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.audit.verify import Verdict
    from app.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change came from."""

    request_id: str = ""
    ip: str = ""


NOWHERE = Origin()
ORIGIN: ContextVar[Origin] = ContextVar("audit_origin", default=NOWHERE)
"""Set by the web layer for each request and by the worker for each job."""


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: uuid.UUID | None,
    *,
    label: str = "",
    **details: Any,
) -> None:
    """Add one row about a change to the running transaction.

    ``action`` is ``noun.verb`` (``need.publish``); ``details`` must be JSON and free of sealed content,
    prices and personal data beyond what the decision needs.
    """
    add(session, _event(actor, action, subject_type, subject_id, label, details))


def record_sealed(
    session: Session,
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: uuid.UUID | None,
    *,
    sealed_by: uuid.UUID | None,
    label: str = "",
    **details: Any,
) -> None:
    """Add one row that tells nothing while the competition ``sealed_by`` is sealed; None: no competition."""
    event = _event(actor, action, subject_type, subject_id, label, details)
    add(session, sealed(event, sealed_by) if sealed_by else event)


def record_check(session: Session, actor: Actor, verdict: Verdict) -> None:
    """Put on the trail that it was checked, and what was found."""
    found: dict[str, Any] = {"events": verdict.n_events, "days": verdict.n_days}
    if not verdict.is_whole:
        found |= {"fault": verdict.fault, "where": verdict.where}
    record(session, actor, "audit.verify", "audit", None, **found)


def record_reading(session: Session, actor: Actor, *, page: str, asked: dict[str, Any]) -> None:
    """Put on the trail that somebody looked at a page of the desk, and what they asked it for."""
    record(session, actor, "desk.read", "page", None, label=page, **asked)


def _event(
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: uuid.UUID | None,
    label: str,
    details: dict[str, Any],
) -> AuditEvent:
    origin = ORIGIN.get()
    return AuditEvent(
        actor_id=actor.user_id,
        actor_name=actor.name[:120],
        capacity=_capacity(actor),
        organization_id=actor.organization_id,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        subject_label=label[:200],
        details=details,
        request_id=origin.request_id,
        ip=origin.ip,
    )


def _capacity(actor: Actor) -> str:
    if actor.is_system:
        return "system"
    if actor.roles:
        return min(actor.roles)
    return actor.member_role or "person"
