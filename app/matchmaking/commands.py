"""What people, and the model, ask of this slice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from app.matchmaking.workflow import PairingEvent


@dataclass(frozen=True, slots=True)
class RejectSuggestion:
    """Why a suggestion is not shown to the companies."""

    reason_code: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeclinePairing:
    """Why a company does not want a pairing."""

    reason_code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class TakeStep:
    """A step of one side; ``details`` are the JSON values that its form asked for."""

    event: PairingEvent
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportMessage:
    """Why a message is improper."""

    reason_code: str
    text: str = ""


SMALL = ("medium", "small", "micro")
"""Size classes of companies that count as small and medium firms."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The rules of a run; ``min_firms``, ``cap`` and ``small_percent`` of 0 do not bind."""

    max_firms: int = 6
    """Firms shown for one need."""
    min_firms: int = 0
    """Firms shown for one need at least, where so many fit."""
    min_percent: int = 3
    """Fit in per cent below which a firm is not shown."""
    cap: int = 0
    """Needs for which one firm is shown."""
    has_newcomer_slot: bool = False
    """Whether every firm that was never in a pairing is shown for one need at least."""
    small_percent: int = 0
    """Places in per cent that small and medium firms have at least."""
    weights: str = "in_use"
    """``in_use`` or ``shipped``."""
    emphasis: Mapping[str, int] = field(default_factory=dict)
    """Feature -> per cent of its weight; 100 for those that are not named."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm that the model proposes for a need; ``score`` in [0, 1], ``rank`` from 1."""

    supplier_id: uuid.UUID
    product_id: uuid.UUID
    score: float
    rank: int
    n_musts: int
    n_musts_met: int
    n_musts_violated: int
    n_musts_unknown: int
    reasons: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SaveLexiconEntry:
    """Words to teach the model; ``code`` is a category or "". ``version`` is that of the entry being changed."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    code: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class AddCategory:
    """A new category of the second level; ``keys`` are the parameters it is specified by, none for its parent's."""

    parent: str
    zh: str
    en: str
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenameCategory:
    """Names of a category in both languages; both empty: those that ship. ``version`` is that of the change, if any.

    ``keys`` are the parameters that an added one is specified by.
    """

    zh: str
    en: str
    version: int | None = None
    keys: tuple[str, ...] = ()
