"""How the model's scores and people's decisions agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, or_, select

from app.matchmaking.models import MatchRun, Pairing, Suggestion
from app.matchmaking.workflow import UNDER_WAY, PairingState, SuggestionState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

INTRODUCED = (*UNDER_WAY, PairingState.DROPPED)
BANDS = ((0.9, 1.0), (0.7, 0.9), (0.5, 0.7), (0.3, 0.5), (0.0, 0.3))
"""Score bands, best first: from, to; the lower end belongs to the band."""


@dataclass(frozen=True, slots=True)
class Band:
    """What became of the suggestions whose score lies in ``[low, high)``."""

    low: float
    high: float
    waiting: int
    approved: int
    rejected: int
    introduced: int
    declined: int
    expired: int
    open: int
    """Approved, and not yet answered by both companies."""

    @property
    def approval(self) -> float | None:
        """Approved among decided, in [0, 1]; None before the first decision."""
        decided = self.approved + self.rejected
        return self.approved / decided if decided else None

    @property
    def acceptance(self) -> float | None:
        """Introduced among answered or expired, in [0, 1]; None before the first end."""
        ended = self.introduced + self.declined + self.expired
        return self.introduced / ended if ended else None


def bands(session: Session) -> list[Band]:
    """Return decisions of the authority and answers of companies by score band, in two queries."""
    suggestions = _counts(session, Suggestion.score, Suggestion.state)
    pairings = _counts(session, Pairing.score, Pairing.state)
    return [
        Band(
            low=low,
            high=high,
            waiting=suggestions.get((place, SuggestionState.SUGGESTED), 0),
            approved=suggestions.get((place, SuggestionState.APPROVED), 0),
            rejected=suggestions.get((place, SuggestionState.REJECTED), 0),
            introduced=sum(pairings.get((place, state), 0) for state in INTRODUCED),
            declined=pairings.get((place, PairingState.DECLINED), 0),
            expired=pairings.get((place, PairingState.EXPIRED), 0),
            open=pairings.get((place, PairingState.PROPOSED), 0),
        )
        for place, (low, high) in enumerate(BANDS)
    ]


def last_runs(session: Session, n: int = 10) -> Sequence[MatchRun]:
    """Return the newest computations, newest first."""
    return session.scalars(select(MatchRun).order_by(MatchRun.started_at.desc()).limit(n)).all()


def _counts(
    session: Session, score: InstrumentedAttribute[float], state: InstrumentedAttribute[Any]
) -> dict[tuple[int, str], int]:
    place = case(*((_within(score, *band), place) for place, band in enumerate(BANDS)))
    rows = session.execute(select(place, state, func.count()).group_by(place, state))
    return {(place, state): n for place, state, n in rows}


def _within(score: InstrumentedAttribute[float], low: float, high: float) -> ColumnElement[bool]:
    below = or_(score < high, score == 1.0) if high == 1.0 else score < high
    return and_(score >= low, below)
