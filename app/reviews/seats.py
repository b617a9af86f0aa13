"""The seats of a panel: who holds one, and whom it lacks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.reviews.criteria import ReviewRules
from app.reviews.models import Expert
from app.reviews.workflow import HELD, ReviewMethod

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.reviews.models import ReviewPanel


def lacking(session: Session, panel: ReviewPanel) -> Counter[str]:
    """Return how many experts of each side, and of any (empty), a panel lacks."""
    return lacking_of(panel, held_experts(session, panel))


def lacking_of(panel: ReviewPanel, held: Sequence[Expert]) -> Counter[str]:
    """Return what a panel lacks beside the experts who hold its seats."""
    sides = Counter(side for expert in held for side in expert.sides)
    rules = ReviewRules.restored(panel.rules)
    missing = Counter({"": panel.size - len(held)})
    if panel.method is ReviewMethod.PANEL:
        missing.update({side: least - sides[side] for side, least in rules.composition.items()})
    return +missing


def held_experts(session: Session, panel: ReviewPanel) -> Sequence[Expert]:
    """Return the experts who hold a seat."""
    ids = [seat.expert_id for seat in panel.seats if seat.state in HELD and seat.expert_id is not None]
    return session.scalars(select(Expert).where(Expert.id.in_(ids))).all()
