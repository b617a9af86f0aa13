"""What the model found becomes suggestions; what people have decided stays."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.audit import service as audit
from app.core.locking import lock_one
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.matchmaking.models import Exclusion, MatchRun, Suggestion
from app.matchmaking.workflow import SUGGESTION_WORKFLOW, WAITING, SuggestionEvent, SuggestionState

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import Candidate

UNDECIDED = (*WAITING, SuggestionState.WITHDRAWN)


def store_suggestions(
    session: Session,
    *,
    need_id: uuid.UUID,
    candidates: Sequence[Candidate],
    model_version: str,
    now: dt.datetime,
) -> int:
    """Replace the undecided suggestions of a need by these; return how many stand.

    Approved and rejected suggestions are left as they were decided, pinned ones stay, excluded pairs are left out.
    """
    need = lock_one(session, select(Need).where(Need.id == need_id), of=[Need], missing="There is no such need.")
    known = {
        suggestion.supplier_id: suggestion
        for suggestion in session.scalars(
            select(Suggestion).where(Suggestion.need_id == need_id).execution_options(populate_existing=True)
        )
    }
    is_open = need.state is PostingState.PUBLISHED
    excluded = _excluded(session, need.organization_id)
    good = [candidate for candidate in candidates if is_open and candidate.supplier_id not in excluded]
    wanted = {candidate.supplier_id: candidate for candidate in good}
    for supplier_id, candidate in wanted.items():
        suggestion = known.get(supplier_id)
        if suggestion is None:
            suggestion = Suggestion(need_id=need_id, supplier_id=supplier_id, state=SUGGESTION_WORKFLOW.initial)
            session.add(suggestion)
        elif suggestion.state not in UNDECIDED:
            continue
        elif suggestion.state is SuggestionState.WITHDRAWN:
            suggestion.state = SUGGESTION_WORKFLOW.step(suggestion.state, SuggestionEvent.RENEW)
        _fill(suggestion, candidate, model_version, now)
    for supplier_id, suggestion in known.items():
        is_kept = supplier_id in wanted or (suggestion.is_pinned and is_open)
        if suggestion.state in WAITING and not is_kept:
            suggestion.deferred_until = None
            suggestion.state = SUGGESTION_WORKFLOW.step(suggestion.state, SuggestionEvent.WITHDRAW)
    session.flush()
    return len(wanted)


def _excluded(session: Session, demand_id: uuid.UUID) -> frozenset[uuid.UUID]:
    return frozenset(session.scalars(select(Exclusion.supplier_id).where(Exclusion.demand_id == demand_id)))


def _fill(suggestion: Suggestion, candidate: Candidate, model_version: str, now: dt.datetime) -> None:
    suggestion.product_id = candidate.product_id
    suggestion.score = candidate.score
    suggestion.rank = candidate.rank
    suggestion.n_musts = candidate.n_musts
    suggestion.n_musts_met = candidate.n_musts_met
    suggestion.n_musts_violated = candidate.n_musts_violated
    suggestion.n_musts_unknown = candidate.n_musts_unknown
    suggestion.reasons = candidate.reasons
    suggestion.model_version = model_version
    suggestion.computed_at = now


def record_run(  # noqa: PLR0913 - the columns of one row
    session: Session,
    *,
    actor: Actor,
    trigger: str,
    model_version: str,
    n_needs: int,
    n_products: int,
    n_suggestions: int,
    figures: dict[str, Any],
    started_at: dt.datetime,
    now: dt.datetime,
) -> MatchRun:
    """Keep that all suggestions were computed, by which model and at whose request; ``figures`` are JSON values."""
    run = MatchRun(
        id=uuid.uuid4(),
        model_version=model_version,
        trigger=trigger,
        started_at=started_at,
        finished_at=now,
        n_needs=n_needs,
        n_products=n_products,
        n_suggestions=n_suggestions,
        figures=figures,
        requested_by=actor.user_id,
    )
    session.add(run)
    audit.record(
        session,
        actor,
        "matching.compute",
        "match_run",
        run.id,
        label=model_version,
        trigger=trigger,
        n_needs=n_needs,
        n_products=n_products,
        n_suggestions=n_suggestions,
    )
    return run
