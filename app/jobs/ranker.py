"""Learning from decisions: compute first, then one short transaction that keeps, and perhaps adopts, the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.db import current_session, transaction
from app.jobs.matching import model_dir
from app.matchmaking import engine, service
from app.matchmaking.judgements import last_proposals

if TYPE_CHECKING:
    from app.matchmaking.models import RankerProposal


def refit_ranker(*, actor: Actor = SYSTEM) -> RankerProposal | None:
    """Learn from all judgements; None when nobody asked and nothing has been judged since the last trial."""
    matcher = engine.current_matcher(current_session(), model_dir())
    before = service.ranker_for(current_session())
    groups = service.judged_groups(current_session(), matcher)
    if actor.is_system and not _has_news(sum(len(group.grades) for group in groups)):
        return None
    trial = service.propose_ranker(groups, before)
    with transaction() as session:
        return service.store_proposal(session, actor=actor, before=before, groups=groups, trial=trial, now=clock.now())


def _has_news(n_judgements: int) -> bool:
    known = next(iter(last_proposals(current_session(), 1)), None)
    return n_judgements != (known.n_judgements if known else 0)
