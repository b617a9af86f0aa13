"""Reviews as the pages of the desk show them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.bids.workflow import BidState
from app.demands.workflow import PostingState
from app.reviews.criteria import ReviewRules
from app.reviews.queries.scores import ScoreTable
from app.reviews.scoring import Outcome
from app.reviews.signs import Shared
from app.reviews.workflow import HELD, FormatState, PanelState, ReviewMethod, SeatState


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One challenge in the list."""

    challenge_id: uuid.UUID
    code: str
    title: str
    owner: str
    state: PostingState
    n_bids: int
    n_unchecked: int
    panel_state: PanelState | None
    due_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class BidRow:
    """One opened bid: its form, its letter, its hour of defence, its place."""

    bid_id: uuid.UUID
    entry_id: uuid.UUID | None
    label: str
    firm: str
    state: BidState
    check_state: FormatState
    defence_at: dt.datetime | None
    defence_minutes: int | None
    defence_place: str
    outcome: Outcome | None
    place: int | None
    mean: Decimal | None


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat as the desk sees it."""

    id: uuid.UUID
    name: str
    is_owner: bool
    sides: tuple[str, ...]
    state: SeatState
    drawn: Mapping[str, Any]
    reason: str
    grounds: tuple[str, ...]
    n_done: int
    conflicts: tuple[str, ...]
    """Grounds that have come up since the seat was given."""
    is_replaced: bool

    @property
    def is_held(self) -> bool:
        """Whether somebody sits there."""
        return self.state in HELD


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel with its seats and how far it is."""

    id: uuid.UUID
    round: int
    state: PanelState
    method: ReviewMethod
    size: int
    seed: int
    due_at: dt.datetime | None
    rules: ReviewRules
    seats: tuple[SeatRow, ...]
    lacks: Mapping[str, int]
    n_missing: int
    n_sheets: int
    minutes: str
    ranked_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody has looked at a bid."""

    name: str
    label: str
    page: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One challenge under evaluation."""

    challenge_id: uuid.UUID
    code: str
    title: str
    owner: str
    state: PostingState
    bids: tuple[BidRow, ...]
    panel: PanelView | None
    table: ScoreTable | None
    signs: tuple[Shared, ...]
    looks: tuple[Look, ...]
    firms: Mapping[uuid.UUID, str]

    @property
    def n_unchecked(self) -> int:
        """How many bids wait for the decision on their form."""
        return sum(bid.state is BidState.OPENED for bid in self.bids)

    @property
    def is_under_evaluation(self) -> bool:
        """Whether anything may still be changed."""
        return self.state is PostingState.EVALUATING
