"""A company hands its need in for review."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.core.clock import SHANGHAI
from app.core.errors import RuleViolation
from app.demands import policy
from app.demands.content import filled
from app.demands.service.edit import check
from app.demands.service.locked import lock_need
from app.demands.workflow import NEED_WORKFLOW, NeedEvent

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.demands.models import Need


def submit_need(session: Session, *, actor: Actor, need_id: uuid.UUID, now: dt.datetime) -> Need:
    """Hand a draft in. Raises NotFound, NotAllowed, Conflict or RuleViolation (something is missing)."""
    need = lock_need(session, actor, need_id)
    policy.can_submit(actor, organization_id=need.organization_id).enforce()
    state = NEED_WORKFLOW.step(need.state, NeedEvent.SUBMIT)
    check(filled(need), complete=True)
    check_dates(need, now)
    need.state, need.submitted_at = state, now
    session.flush()
    audit.record(session, actor, "need.submit", "need", need.id, label=need.title)
    return need


def check_dates(need: Need, now: dt.datetime) -> None:
    """Raise RuleViolation when samples were needed in the past."""
    if need.sample_by is not None and need.sample_by < now.astimezone(SHANGHAI).date():
        raise RuleViolation("This day has passed.", code="past_date", field="sample_by")
