"""Learn the model's weights from people's decisions; adopt them only if they would have ranked better."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.matchmaking import judgements, sheets
from app.matchmaking.models import RankerProposal
from app.matchmaking.workflow import RankerOutcome
from app.outbox.service import publish
from matching.rank import Ranker

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.demands.models import Need
    from matching.engine import Matcher
    from matching.learn import Group
    from matching.refit import Trial

MIN_NEEDS = 30
"""Needs with approved and refused pairings, below which nothing is learnt."""
BATCH = 200


def ranker_for(session: Session) -> Ranker:
    """Return the weights to rank with: the adopted ones, or those shipped with the engine."""
    shipped = Ranker.default()
    adopted = judgements.ranker_in_use(session, shipped.version)
    return Ranker(adopted.weights, adopted.intercept, adopted.version) if adopted else shipped


def judged_groups(session: Session, matcher: Matcher) -> list[Group]:
    """Return the judged products of every need with their features; products that are gone are left out."""
    grades: dict[uuid.UUID, dict[str, int]] = {}
    for judgement in judgements.judgements(session):
        grades.setdefault(judgement.need_id, {})[str(judgement.product_id)] = judgement.grade
    ids, found = sorted(grades), []
    for start in range(0, len(ids), BATCH):
        for need in judgements.judged_needs(session, ids[start : start + BATCH]):
            group = _group(matcher, need, grades[need.id])
            if group is not None:
                found.append(group)
        session.expunge_all()
    return found


def _group(matcher: Matcher, need: Need, grades: Mapping[str, int]) -> Group | None:
    import numpy as np

    from matching.features import score_need
    from matching.learn import Group

    rows = [matcher.catalogue_.rows[key] for key in grades if key in matcher.catalogue_.rows]
    if not rows:
        return None
    scored = score_need(matcher, sheets.to_need(need), only=rows)
    return Group(scored.features, np.array([grades[sheet.id] for sheet in scored.sheets], np.float64))


def propose_ranker(groups: Sequence[Group], ranker: Ranker, *, min_needs: int = MIN_NEEDS) -> Trial | None:
    """Learn near the weights in use and measure on needs left out; None with fewer than ``min_needs`` to learn from."""
    from matching.refit import try_weights, usable

    return try_weights(groups, ranker, min_needs=min_needs) if len(usable(groups)) >= min_needs else None


def store_proposal(
    session: Session, *, actor: Actor, before: Ranker, groups: Sequence[Group], trial: Trial | None, now: dt.datetime
) -> RankerProposal:
    """Keep what was learnt; better weights are adopted, and a computation with them is queued in the same step."""
    from matching.refit import usable

    is_adopted = trial is not None and trial.is_better
    learnt = trial.ranker if trial else before
    proposal = RankerProposal(
        id=uuid.uuid4(),
        version=learnt.version,
        base_version=before.version,
        shipped_version=Ranker.default().version,
        created_at=now,
        is_adopted=is_adopted,
        outcome=_outcome(trial),
        n_needs=len(usable(groups)),
        n_judgements=sum(len(group.grades) for group in groups),
        quality_before=trial.before if trial else None,
        quality_after=trial.after if trial else None,
        gain=trial.gain if trial else None,
        gain_low=trial.low if trial else None,
        gain_high=trial.high if trial else None,
        weights=dict(learnt.weights),
        weights_before=dict(before.weights),
        intercept=learnt.intercept,
        requested_by=actor.user_id,
    )
    session.add(proposal)
    session.flush()
    action = "ranker.adopt" if is_adopted else "ranker.propose"
    audit.record(session, actor, action, "ranker_proposal", proposal.id, label=proposal.version, **_figures(proposal))
    if is_adopted:
        publish(session, "matching.recompute", now=now, key="matching.recompute", trigger="ranker")
    return proposal


def _outcome(trial: Trial | None) -> RankerOutcome:
    if trial is None:
        return RankerOutcome.TOO_FEW
    return RankerOutcome.BETTER if trial.is_better else RankerOutcome.NOT_BETTER


def _figures(proposal: RankerProposal) -> dict[str, object]:
    names = ("outcome", "n_needs", "n_judgements", "gain", "gain_low", "gain_high", "base_version")
    return {name: getattr(proposal, name) for name in names}
