"""An administrator decides on what the model suggests."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app.audit import service as audit
from app.core.calendar import add_working_days
from app.core.errors import Conflict, RuleViolation
from app.core.locking import lock_one
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.matchmaking import freshness, policy
from app.matchmaking.labels import REJECT_REASONS
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import SUGGESTION_WORKFLOW, SuggestionEvent, SuggestionState
from app.outbox.service import publish

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import RejectSuggestion

REPLY_WORKING_DAYS = 10
MAX_BULK = 200
DECIDED = (SuggestionState.APPROVED, SuggestionState.REJECTED)


def approve_suggestion(session: Session, *, actor: Actor, suggestion_id: uuid.UUID, now: dt.datetime) -> Pairing:
    """Propose the pairing to both companies.

    Raises NotFound, NotAllowed, Conflict (decided already) or RuleViolation (the need is no longer open).
    """
    policy.can_decide(actor).enforce()
    suggestion = lock_suggestion(session, suggestion_id)
    if suggestion.need.state is not PostingState.PUBLISHED:
        raise RuleViolation("The need is no longer open.", code="need_not_open")
    suggestion.state = SUGGESTION_WORKFLOW.step(suggestion.state, SuggestionEvent.APPROVE)
    suggestion.decided_by, suggestion.decided_at, suggestion.deferred_until = actor.user_id, now, None
    pairing = Pairing(
        suggestion_id=suggestion.id,
        need=suggestion.need,
        demand_id=suggestion.need.organization_id,
        supplier_id=suggestion.supplier_id,
        product_id=suggestion.product_id,
        score=suggestion.score,
        reasons=freshness.at_approval(session, suggestion),
        model_version=suggestion.model_version,
        approved_by=actor.user_id,
        proposed_at=now,
        reply_by=add_working_days(now, REPLY_WORKING_DAYS),
    )
    session.add(pairing)
    session.flush()
    record_decision(session, actor, "suggestion.approve", suggestion, pairing_id=str(pairing.id))
    publish(session, "pairing.proposed", now=now, key=f"pairing.proposed:{pairing.id}", pairing_id=str(pairing.id))
    return pairing


def reject_suggestion(
    session: Session, *, actor: Actor, suggestion_id: uuid.UUID, command: RejectSuggestion, now: dt.datetime
) -> Suggestion:
    """Keep the pairing from both companies. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    policy.can_decide(actor).enforce()
    if command.reason_code not in REJECT_REASONS:
        raise RuleViolation("Choose a reason.", code="reason_missing", field="reason_code")
    if command.reason_code == "other" and not command.reason:
        raise RuleViolation("Say the reason in a few words.", code="reason_missing", field="reason")
    suggestion = lock_suggestion(session, suggestion_id)
    suggestion.state = SUGGESTION_WORKFLOW.step(suggestion.state, SuggestionEvent.REJECT)
    suggestion.decided_by, suggestion.decided_at, suggestion.deferred_until = actor.user_id, now, None
    suggestion.reason_code, suggestion.reason = command.reason_code, command.reason
    session.flush()
    record_decision(session, actor, "suggestion.reject", suggestion, reason_code=command.reason_code)
    return suggestion


def approve_many(
    session: Session, *, actor: Actor, suggestion_ids: Sequence[uuid.UUID], now: dt.datetime
) -> list[Pairing]:
    """Approve all of them or none; a suggestion decided meanwhile raises Conflict."""
    _check_bulk(suggestion_ids)
    lock_needs(session, suggestion_ids)
    return [
        approve_suggestion(session, actor=actor, suggestion_id=suggestion_id, now=now)
        for suggestion_id in sorted(suggestion_ids)
    ]


def reject_many(
    session: Session,
    *,
    actor: Actor,
    suggestion_ids: Sequence[uuid.UUID],
    command: RejectSuggestion,
    now: dt.datetime,
) -> list[Suggestion]:
    """Reject all of them with one reason, or none; a suggestion decided meanwhile raises Conflict."""
    _check_bulk(suggestion_ids)
    lock_needs(session, suggestion_ids)
    return [
        reject_suggestion(session, actor=actor, suggestion_id=suggestion_id, command=command, now=now)
        for suggestion_id in sorted(suggestion_ids)
    ]


def _check_bulk(suggestion_ids: Sequence[uuid.UUID]) -> None:
    if not suggestion_ids:
        raise RuleViolation("Select at least one pairing.", code="nothing_selected")
    if len(suggestion_ids) > MAX_BULK:
        raise RuleViolation("Select at most 200 pairings at a time.", code="too_many")


def lock_needs(session: Session, suggestion_ids: Sequence[uuid.UUID]) -> None:
    """Lock the needs first, in order of id, as a recomputation does: whoever locks in another order may deadlock."""
    decided = select(Suggestion.need_id).where(Suggestion.id.in_(suggestion_ids))
    session.execute(select(Need.id).where(Need.id.in_(decided)).order_by(Need.id).with_for_update())


def lock_suggestion(session: Session, suggestion_id: uuid.UUID) -> Suggestion:
    """Load a suggestion and its need FOR UPDATE: a second officer, or a recomputation, must wait.

    Raises NotFound, or Conflict when it is decided or withdrawn.
    """
    lock_needs(session, [suggestion_id])
    query = (
        select(Suggestion)
        .join(Suggestion.need)
        .options(contains_eager(Suggestion.need), joinedload(Suggestion.supplier, innerjoin=True))
        .options(joinedload(Suggestion.product, innerjoin=True))
        .where(Suggestion.id == suggestion_id)
    )
    suggestion = lock_one(session, query, of=[Suggestion], missing="There is no such suggestion.")
    if suggestion.state is SuggestionState.WITHDRAWN:
        raise Conflict("The model no longer suggests this pairing.", code="withdrawn")
    if suggestion.state in DECIDED:
        raise Conflict("Somebody has already decided on this pairing. Reload the queue.", code="already_decided")
    return suggestion


def record_decision(session: Session, actor: Actor, action: str, suggestion: Suggestion, **details: object) -> None:
    """Put a decision on the trail, with what the model said of the pair."""
    label = f"{suggestion.need.title} ↔ {suggestion.supplier.legal_name_zh}"
    audit.record(
        session,
        actor,
        action,
        "suggestion",
        suggestion.id,
        label=label,
        score=round(suggestion.score, 4),
        model_version=suggestion.model_version,
        **details,
    )
