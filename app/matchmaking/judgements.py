"""What people decided on suggestions, as grades that a model can learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.demands.models import Need
from app.matchmaking.models import Pairing, RankerProposal, Suggestion
from app.matchmaking.workflow import UNDER_WAY, SuggestionState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

APPROVED, ACCEPTED, INTRODUCED = 1, 2, 3
TELLING = ("wrong_category", "param_gap")
"""Reasons of a refusal that speak of the pairing itself; all others speak of people, prices or timing."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A product judged for a need: 0 refused, 1 approved, 2 accepted by a company, 3 introduced."""

    need_id: uuid.UUID
    product_id: uuid.UUID
    grade: int


def judgements(session: Session) -> list[Judgement]:
    """Return every judgement that speaks of the pairing, in order of need, in one query."""
    rows = session.execute(
        select(Suggestion, Pairing)
        .outerjoin(Pairing, Pairing.suggestion_id == Suggestion.id)
        .where(
            or_(
                Suggestion.state == SuggestionState.APPROVED,
                (Suggestion.state == SuggestionState.REJECTED) & Suggestion.reason_code.in_(TELLING),
            )
        )
        .order_by(Suggestion.need_id, Suggestion.supplier_id)
    ).tuples()
    return [Judgement(one.need_id, one.product_id, _grade(one, pairing)) for one, pairing in rows]


def _grade(suggestion: Suggestion, pairing: Pairing | None) -> int:
    if suggestion.state is SuggestionState.REJECTED:
        return 0
    if pairing is None:
        return APPROVED
    if pairing.state in UNDER_WAY:
        return INTRODUCED
    if pairing.decline_reason in TELLING:
        return 0
    return ACCEPTED if pairing.demand_accepted_at or pairing.supply_accepted_at else APPROVED


def judged_needs(session: Session, need_ids: Sequence[uuid.UUID]) -> list[Need]:
    """Return needs in whatever state, with all that matching reads, in order of id."""
    query = (
        select(Need)
        .where(Need.id.in_(list(need_ids)))
        .options(selectinload(Need.params), selectinload(Need.categories))
        .order_by(Need.id)
    )
    return list(session.scalars(query).unique())


def ranker_in_use(session: Session, shipped: str) -> RankerProposal | None:
    """Return the adopted weights that stand, if they grew from the weights shipped now."""
    query = select(RankerProposal).where(RankerProposal.is_adopted, RankerProposal.shipped_version == shipped)
    return session.scalars(query.order_by(RankerProposal.created_at.desc(), RankerProposal.id).limit(1)).one_or_none()


def last_proposals(session: Session, n: int = 5) -> Sequence[RankerProposal]:
    """Return the newest trials of learning, newest first."""
    query = select(RankerProposal).order_by(RankerProposal.created_at.desc(), RankerProposal.id)
    return session.scalars(query.limit(n)).all()
