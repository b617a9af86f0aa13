"""What the model answers for a need, as candidates: reads and computes only, so that no lock is held meanwhile."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import false, func, or_, select

from app.catalog.models import ChipProduct
from app.demands.models import Need, NeedCategory
from app.demands.workflow import PostingState
from app.matchmaking import reasons, sheets
from app.matchmaking.commands import Candidate
from app.matchmaking.models import Suggestion
from app.matchmaking.workflow import WAITING, SuggestionState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from matching.engine import Matcher
    from matching.results import FirmMatch

MAX_FIRMS = 6
"""How many firms are suggested for one need."""
MIN_SCORE = 0.03
"""Below this chance a firm is not worth an officer's look: its best product is of another kind or misses the musts."""


def candidates(
    session: Session,
    matcher: Matcher,
    need_ids: Sequence[uuid.UUID],
    *,
    max_firms: int = MAX_FIRMS,
    min_score: float = MIN_SCORE,
    barred: Collection[uuid.UUID] = (),
) -> dict[uuid.UUID, list[Candidate]]:
    """Return the firms the model proposes for each need, best first; none for a need that is not open.

    A company is never proposed to itself, and nobody who is ``barred``.
    """
    without = [str(firm) for firm in barred]
    found: dict[uuid.UUID, list[Candidate]] = {need_id: [] for need_id in need_ids}
    for need in sheets.load_needs(session, need_ids):
        matches = matcher.firms(sheets.to_need(need), max_firms, exclude_firms=[str(need.organization_id), *without])
        good = [match for match in matches if match.evidence[0].score >= min_score]
        found[need.id] = [candidate(match, rank) for rank, match in enumerate(good, start=1)]
    return found


def firms_at_cap(session: Session, cap: int, *, besides: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return the firms that stand or were approved for ``cap`` open needs, not counting those ``besides``."""
    counted = (SuggestionState.APPROVED, *WAITING)
    query = (
        select(Suggestion.supplier_id)
        .join(Need, Need.id == Suggestion.need_id)
        .where(
            Need.state == PostingState.PUBLISHED,
            Suggestion.state.in_(counted),
            Suggestion.need_id.not_in(list(besides)),
        )
        .group_by(Suggestion.supplier_id)
        .having(func.count() >= cap)
    )
    return frozenset(session.scalars(query))


def open_need_ids(session: Session) -> list[uuid.UUID]:
    """Return the needs and challenges that are open, in order of id."""
    return list(session.scalars(select(Need.id).where(Need.state == PostingState.PUBLISHED).order_by(Need.id)))


def needs_touched_by(session: Session, product_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Return the open needs whose suggestions a changed product may change.

    Those are the needs of its class of chips, and those for which it, or another product of its firm, stands now.
    """
    products = session.execute(
        select(ChipProduct.category, ChipProduct.organization_id).where(ChipProduct.id.in_(list(product_ids)))
    ).all()
    classes = {category[:3] for category, _ in products if category}
    firms = {firm for _, firm in products}
    is_of_class = (NeedCategory.code.startswith(code) for code in classes)
    of_class = select(NeedCategory.need_id).where(or_(false(), *is_of_class))
    of_firm = select(Suggestion.need_id).where(
        Suggestion.supplier_id.in_(firms), Suggestion.state == SuggestionState.SUGGESTED
    )
    touched = or_(Need.id.in_(of_class), Need.id.in_(of_firm))
    query = select(Need.id).where(Need.state == PostingState.PUBLISHED, touched)
    return list(session.scalars(query.order_by(Need.id)))


def candidate(match: FirmMatch, rank: int) -> Candidate:
    """Return a firm as a candidate for the place ``rank`` of a need."""
    best = match.evidence[0]
    musts = [verdict.status for verdict in best.verdicts if verdict.must]
    return Candidate(
        supplier_id=uuid.UUID(match.firm),
        product_id=uuid.UUID(best.sheet_id),
        score=best.score,
        rank=rank,
        n_musts=len(musts),
        n_musts_met=musts.count("met"),
        n_musts_violated=musts.count("violated"),
        n_musts_unknown=len(musts) - musts.count("met") - musts.count("violated"),
        reasons=reasons.stored(match),
    )
