"""A company ends its need."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.demands import policy
from app.demands.service.locked import lock_need
from app.demands.workflow import NEED_WORKFLOW, NeedEvent, PostingState
from app.outbox.service import publish
from app.search.service import remove_document

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.demands.models import Need


def close_need(session: Session, *, actor: Actor, need_id: uuid.UUID, now: dt.datetime) -> Need:
    """End a published need: it stays readable but is no longer matched. Raises NotFound, NotAllowed, Conflict."""
    return _end(session, actor, need_id, NeedEvent.CLOSE, now)


def cancel_need(session: Session, *, actor: Actor, need_id: uuid.UUID, now: dt.datetime) -> Need:
    """Take a need back for good. Raises NotFound, NotAllowed, Conflict."""
    return _end(session, actor, need_id, NeedEvent.CANCEL, now)


def _end(session: Session, actor: Actor, need_id: uuid.UUID, event: NeedEvent, now: dt.datetime) -> Need:
    need = lock_need(session, actor, need_id)
    policy.can_end(actor, organization_id=need.organization_id).enforce()
    before, need.state = need.state, NEED_WORKFLOW.step(need.state, event)
    need.closed_at = now
    session.flush()
    audit.record(session, actor, f"need.{event}", "need", need.id, label=need.title, before=before)
    if before is PostingState.PUBLISHED:
        remove_document(session, "need", need.id)
        publish(session, "need.changed", now=now, key=f"need.changed:{need.id}", need_id=str(need.id))
    return need
