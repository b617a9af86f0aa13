"""What is known of the model: figures measured before it was shipped, outcomes of its versions, trials of learning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from app.matchmaking.judgements import last_proposals
from app.matchmaking.labels import FEATURES
from app.matchmaking.models import Pairing, Suggestion
from app.matchmaking.workflow import UNDER_WAY, PairingState, SuggestionState
from matching.card import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask_babel import LazyString
    from sqlalchemy.orm import Session

    from app.matchmaking.models import RankerProposal
    from matching.card import SetFigures

CALIBRATED_ON = "zh_sample"
"""The set whose needs and sheets are most like the portal's own."""
MAX_VERSIONS = 8


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What people decided on the suggestions of one version of the weights."""

    version: str
    approved: int
    rejected: int
    introduced: int
    declined: int
    expired: int


@dataclass(frozen=True, slots=True)
class Weight:
    """One weight before and after learning."""

    name: str | LazyString
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """A trial of learning with its weights side by side, the largest change first."""

    row: RankerProposal
    weights: tuple[Weight, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The shipped figures of every set, and the one whose calibration is drawn."""

    sets: tuple[SetFigures, ...]
    calibrated: SetFigures | None


def measured() -> Measured:
    """Return what was measured when the shipped weights were made."""
    sets = shipped()
    return Measured(sets, next((one for one in sets if one.name == CALIBRATED_ON), None))


def proposals(session: Session) -> list[Proposal]:
    """Return the newest trials of learning, newest first, in one query."""
    return [Proposal(row, _weights(row)) for row in last_proposals(session)]


def _weights(row: RankerProposal) -> tuple[Weight, ...]:
    names = sorted(row.weights, key=lambda name: (-abs(row.weights[name] - row.weights_before.get(name, 0.0)), name))
    return tuple(
        Weight(FEATURES.get(name, name), row.weights_before.get(name, 0.0), row.weights[name]) for name in names
    )


def outcomes(session: Session) -> Sequence[Outcomes]:
    """Return decisions and answers by version of the weights, those with the most first, in two queries."""
    counts: dict[tuple[str, str], int] = {}
    for model in (Suggestion, Pairing):
        rows = session.execute(
            select(model.model_version, model.state, func.count()).group_by(model.model_version, model.state)
        )
        for version, state, n in rows:
            key = (ranker_of(version), str(state))
            counts[key] = counts.get(key, 0) + n
    found = [_outcomes(version, counts) for version in {version for version, _ in counts}]
    decided = [one for one in found if one.approved + one.rejected]
    return sorted(decided, key=lambda one: (-one.approved - one.rejected, one.version))[:MAX_VERSIONS]


def _outcomes(version: str, counts: dict[tuple[str, str], int]) -> Outcomes:
    return Outcomes(
        version,
        approved=counts.get((version, SuggestionState.APPROVED), 0),
        rejected=counts.get((version, SuggestionState.REJECTED), 0),
        introduced=sum(counts.get((version, state), 0) for state in (*UNDER_WAY, PairingState.DROPPED)),
        declined=counts.get((version, PairingState.DECLINED), 0),
        expired=counts.get((version, PairingState.EXPIRED), 0),
    )


def ranker_of(model_version: str) -> str:
    """Return the version of the weights within that of a model (engine+weights.catalogue)."""
    return model_version.partition("+")[2].rpartition(".")[0] or model_version
