"""The authority publishes a need or returns it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.core.errors import Conflict, RuleViolation
from app.demands import policy
from app.demands.service.locked import lock_need
from app.demands.workflow import NEED_WORKFLOW, NeedEvent
from app.outbox.service import publish
from app.search.service import index_document

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.demands.commands import ReviewPosting
    from app.demands.models import Need

MAX_OPINION = 1000


def publish_need(
    session: Session, *, actor: Actor, need_id: uuid.UUID, command: ReviewPosting, now: dt.datetime
) -> Need:
    """Show a submitted need to everybody. Raises NotFound, NotAllowed, RuleViolation, Conflict (decided already)."""
    need = _decide(session, actor, need_id, command, NeedEvent.PUBLISH)
    need.published_at = now
    session.flush()
    index_document(session, "need", need.id, search_text(need))
    _tell(session, actor, need, "need.publish", "need.published", now)
    publish(session, "need.changed", now=now, key=f"need.changed:{need.id}", need_id=str(need.id))
    return need


def return_need(
    session: Session, *, actor: Actor, need_id: uuid.UUID, command: ReviewPosting, now: dt.datetime
) -> Need:
    """Send a submitted need back with an opinion. Raises NotFound, NotAllowed, RuleViolation, Conflict."""
    need = _decide(session, actor, need_id, command, NeedEvent.RETURN)
    need.n_returns += 1
    session.flush()
    _tell(session, actor, need, "need.return", "need.returned", now)
    return need


def check_opinion(opinion: str) -> None:
    """Raise RuleViolation unless the authority has said why."""
    if not opinion:
        raise RuleViolation("State your opinion; the company reads it.", code="opinion_missing", field="opinion")
    if len(opinion) > MAX_OPINION:
        raise RuleViolation("Keep the opinion below 1000 characters.", code="opinion_long", field="opinion")


def check_read_version(posting: Need, version: int | None) -> None:
    """Raise Conflict when the company has handed in another text than the one that was read."""
    if version is not None and posting.version != version:
        raise Conflict("This posting has changed since you opened it. Read it again before you decide.", code="stale")


def search_text(need: Need) -> str:
    """Return what anybody may find a need by: its public part only, without a name that is not shown."""
    parts = [need.title, need.end_product, need.subsystem, need.use_description, *need.qual_standards]
    if need.is_owner_shown:
        parts.append(need.organization.legal_name_zh)
    return "\n".join(filter(None, parts))


def _decide(session: Session, actor: Actor, need_id: uuid.UUID, command: ReviewPosting, event: NeedEvent) -> Need:
    policy.can_review(actor).enforce()
    check_opinion(command.opinion)
    need = lock_need(session, actor, need_id)
    state = NEED_WORKFLOW.step(need.state, event)
    check_read_version(need, command.version)
    need.state = state
    need.review_opinion = command.opinion
    return need


def _tell(session: Session, actor: Actor, need: Need, action: str, kind: str, now: dt.datetime) -> None:
    audit.record(session, actor, action, "need", need.id, label=need.title, opinion=need.review_opinion)
    publish(session, kind, now=now, key=f"{kind}:{need.id}", need_id=str(need.id))
