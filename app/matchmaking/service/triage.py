"""The desk sets suggestions aside: for a while, on top, or for good."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import and_, select

from app.audit import service as audit
from app.core.actor import SYSTEM
from app.core.calendar import add_working_days
from app.core.errors import Conflict, NotFound, RuleViolation
from app.core.locking import lock_one
from app.demands.models import Need
from app.matchmaking import policy
from app.matchmaking.commands import RejectSuggestion
from app.matchmaking.models import Exclusion, QueueView, Suggestion
from app.matchmaking.service.decide import lock_needs, lock_suggestion, record_decision, reject_suggestion
from app.matchmaking.workflow import SUGGESTION_WORKFLOW, WAITING, SuggestionEvent, SuggestionState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

DEFER_DAYS = 5
"""Working days after which a deferred suggestion is back in the queue."""
MAX_VIEWS = 20


def defer_suggestion(session: Session, *, actor: Actor, suggestion_id: uuid.UUID, now: dt.datetime) -> Suggestion:
    """Take a suggestion out of the queue for five working days. Raises NotFound, NotAllowed or Conflict."""
    policy.can_decide(actor).enforce()
    until = add_working_days(now, DEFER_DAYS)
    suggestion = lock_suggestion(session, suggestion_id)
    suggestion.state = SUGGESTION_WORKFLOW.step(suggestion.state, SuggestionEvent.DEFER)
    suggestion.deferred_until = until
    record_decision(session, actor, "suggestion.defer", suggestion)
    return suggestion


def resume_suggestion(session: Session, *, actor: Actor, suggestion_id: uuid.UUID) -> Suggestion:
    """Bring a deferred suggestion back before its day. Raises NotFound, NotAllowed or Conflict."""
    policy.can_decide(actor).enforce()
    suggestion = lock_suggestion(session, suggestion_id)
    suggestion.state = SUGGESTION_WORKFLOW.step(suggestion.state, SuggestionEvent.RESUME)
    suggestion.deferred_until = None
    record_decision(session, actor, "suggestion.resume", suggestion)
    return suggestion


def resume_due(session: Session, *, now: dt.datetime, limit: int = 500) -> int:
    """Bring back the suggestions whose day has come; return how many."""
    query = (
        select(Suggestion)
        .where(Suggestion.state == SuggestionState.DEFERRED, Suggestion.deferred_until <= now)
        .order_by(Suggestion.need_id, Suggestion.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    for suggestion in found:
        suggestion.state = SUGGESTION_WORKFLOW.step(suggestion.state, SuggestionEvent.RESUME)
        suggestion.deferred_until = None
        audit.record(session, SYSTEM, "suggestion.resume", "suggestion", suggestion.id)
    return len(found)


def pin_suggestion(session: Session, *, actor: Actor, suggestion_id: uuid.UUID, is_pinned: bool) -> Suggestion:
    """Keep a waiting suggestion on top of the queue, or no longer. Raises NotFound, NotAllowed or Conflict."""
    policy.can_decide(actor).enforce()
    suggestion = lock_suggestion(session, suggestion_id)
    if suggestion.state not in WAITING:
        raise Conflict("This pairing has been decided.", code="already_decided")
    suggestion.is_pinned = is_pinned
    record_decision(session, actor, "suggestion.pin" if is_pinned else "suggestion.unpin", suggestion)
    return suggestion


def exclude_pair(
    session: Session, *, actor: Actor, suggestion_id: uuid.UUID, reason: str, now: dt.datetime
) -> Exclusion:
    """Suggest these two companies to each other for no need any more; what waits between them is rejected.

    Raises NotFound, NotAllowed, Conflict (decided already) or RuleViolation (no reason).
    """
    policy.can_decide(actor).enforce()
    if not reason:
        raise RuleViolation("Say the reason in a few words.", code="reason_missing", field="reason")
    command = RejectSuggestion("conflict", reason)
    lock_needs(session, [suggestion_id, *_waiting_beside(session, suggestion_id)])
    first = reject_suggestion(session, actor=actor, suggestion_id=suggestion_id, command=command, now=now)
    exclusion = Exclusion(
        id=uuid.uuid4(),
        demand_id=first.need.organization_id,
        supplier_id=first.supplier_id,
        reason=reason,
        created_by=actor.user_id,
        created_at=now,
    )
    session.add(exclusion)
    session.flush()
    for other in _waiting_beside(session, suggestion_id):
        reject_suggestion(session, actor=actor, suggestion_id=other, command=command, now=now)
    audit.record(session, actor, "pair.exclude", "pair", exclusion.id, label=first.supplier.legal_name_zh)
    return exclusion


def lift_exclusion(session: Session, *, actor: Actor, exclusion_id: uuid.UUID) -> None:
    """Let two companies be suggested to each other again. Raises NotFound or NotAllowed."""
    policy.can_decide(actor).enforce()
    query = select(Exclusion).where(Exclusion.id == exclusion_id)
    exclusion = lock_one(session, query, of=[Exclusion], missing="There is no such exclusion.")
    audit.record(session, actor, "pair.include", "pair", exclusion.id)
    session.delete(exclusion)


def save_view(
    session: Session, *, actor: Actor, name: str, arguments: Mapping[str, str], now: dt.datetime
) -> QueueView:
    """Keep a filter of the queue under a name; the same name is kept anew. Raises NotAllowed or RuleViolation."""
    policy.can_see_queue(actor).enforce()
    if not name:
        raise RuleViolation("Give the view a name.", code="name_missing", field="name")
    own = session.scalars(select(QueueView).where(QueueView.user_id == actor.user_id)).all()
    view = next((one for one in own if one.name == name[:40]), None)
    if view is None:
        if len(own) >= MAX_VIEWS:
            raise RuleViolation("Keep at most 20 views. Remove one first.", code="too_many_views", field="name")
        view = QueueView(id=uuid.uuid4(), user_id=actor.user_id, name=name[:40], created_at=now, arguments={})
        session.add(view)
    view.arguments = dict(arguments)
    session.flush()
    audit.record(session, actor, "queue_view.save", "queue_view", view.id, label=view.name)
    return view


def remove_view(session: Session, *, actor: Actor, view_id: uuid.UUID) -> None:
    """Forget an own view. Raises NotFound."""
    view = session.scalars(
        select(QueueView).where(QueueView.id == view_id, QueueView.user_id == actor.user_id)
    ).one_or_none()
    if view is None:
        raise NotFound("There is no such view.", code="view_not_found")
    audit.record(session, actor, "queue_view.remove", "queue_view", view.id, label=view.name)
    session.delete(view)


def _waiting_beside(session: Session, suggestion_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the other waiting suggestions between the two companies of one."""
    this = (
        select(Suggestion.supplier_id, Need.organization_id).join(Suggestion.need).where(Suggestion.id == suggestion_id)
    )
    parties = this.subquery()
    query = (
        select(Suggestion.id)
        .join(Suggestion.need)
        .join(
            parties,
            and_(parties.c.supplier_id == Suggestion.supplier_id, parties.c.organization_id == Need.organization_id),
        )
        .where(Suggestion.state.in_(WAITING), Suggestion.id != suggestion_id)
        .order_by(Suggestion.need_id, Suggestion.id)
    )
    return list(session.scalars(query))
