"""Bids as their firm sees them."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.bids.content import project_name
from app.bids.frame import Frame, frame_of
from app.bids.price import CLOSED
from app.bids.workflow import BidState
from app.core.clock import SHANGHAI

if TYPE_CHECKING:
    from app.bids.commands import SaveBid
    from app.bids.document import Annex, Content
    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.compliance import MatrixView
    from app.demands.workflow import PostingState


@dataclass(frozen=True, slots=True)
class Posed:
    """A challenge as somebody who bids needs it; ``owner`` is empty when its name is not shown."""

    id: uuid.UUID
    code: str
    title: str
    owner: str
    owner_id: uuid.UUID
    edition: int
    reward_total_wan: Decimal | None
    term_months: int | None
    question_deadline_at: dt.datetime | None
    bid_deadline_at: dt.datetime | None
    is_open: bool
    state: PostingState


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A challenge that takes bids, with the firm's own bid where there is one."""

    challenge: Posed
    bid_id: uuid.UUID | None
    state: BidState | None


@dataclass(frozen=True, slots=True)
class BidLine:
    """One bid in the firm's list."""

    id: uuid.UUID
    challenge: Posed
    state: BidState
    project_name: str
    receipt_code: str
    sealed_at: dt.datetime | None
    updated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody whom the programme allows it has read a sealed bid."""

    reader: str
    role: str
    read_at: dt.datetime


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file of an unopened bid with its content."""

    file: Annex
    content: bytes


@dataclass(frozen=True, slots=True)
class ViewedBid:
    """A sealed bid in the eyes of somebody whom the programme lets read it."""

    id: uuid.UUID
    firm: str
    commitment: str
    sealed_at: dt.datetime | None
    frame: Frame
    content: SaveBid
    files: tuple[Annex, ...]
    matrix: MatrixView
    product: str = ""
    opened_at: None = None
    is_price_sealed: bool = False
    is_price_locked: bool = False
    is_own: bool = False
    """Files are handed out to the firm itself only."""


@dataclass(frozen=True, slots=True)
class BidView:
    """One bid with what its challenge asks, and its content as far as the reader can open it."""

    id: uuid.UUID
    version: int
    organization_id: uuid.UUID
    organization_name: str
    state: BidState
    challenge: Posed
    challenge_edition: int
    frame: Frame
    content: SaveBid | None
    """Empty while the bid is locked, and once it is destroyed."""
    files: tuple[Annex, ...]
    product: str
    receipt_code: str
    sealed_at: dt.datetime | None
    opened_at: dt.datetime | None
    content_hash: str
    updated_at: dt.datetime
    price_hash: str
    """The commitment to the price where that is sealed apart."""
    is_price_sealed: bool
    """Whether nobody but the firm can read the price yet."""
    is_price_locked: bool
    """Whether the reopening code would show a price that ``content`` lacks."""
    price_error: str
    is_locked: bool
    """Whether its reopening code would show the content."""
    is_outdated: bool
    """Whether it lapses at the deadline unless the firm confirms it for the newest edition."""
    is_own: bool = True
    viewer_role: str = ""
    """Whom the programme lets read sealed bids."""
    end_reason: str = ""
    ending: str = ""
    """Why it ended after the deadline, in the words of its firm or of the authority."""
    opening_error: str = ""
    readings: tuple[Reading, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def sealed_at_exact(self) -> str:
        """When it was sealed, to the millisecond with the offset of Shanghai; empty for a draft."""
        if self.sealed_at is None:
            return ""
        return self.sealed_at.astimezone(SHANGHAI).isoformat(timespec="milliseconds")

    @property
    def is_late(self) -> bool:
        """Whether nothing can be changed any more."""
        return not self.challenge.is_open


def posed(challenge: Challenge, now: dt.datetime) -> Posed:
    """Return a challenge for bidders; its organisation must be loaded."""
    return Posed(
        id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        owner=challenge.organization.legal_name_zh if challenge.is_owner_shown else "",
        owner_id=challenge.organization_id,
        edition=challenge.edition,
        reward_total_wan=challenge.reward_total_wan,
        term_months=challenge.term_months,
        question_deadline_at=challenge.question_deadline_at,
        bid_deadline_at=challenge.bid_deadline_at,
        is_open=challenge.is_open(now),
        state=challenge.state,
    )


def bid_line(bid: Bid, now: dt.datetime) -> BidLine:
    """Return one line of the list; challenge and its organisation must be loaded."""
    return BidLine(
        id=bid.id,
        challenge=posed(bid.challenge, now),
        state=bid.state,
        project_name=project_name(bid),
        receipt_code=bid.receipt_code or "",
        sealed_at=bid.sealed_at,
        updated_at=bid.updated_at,
    )


def bid_view(
    bid: Bid,
    content: Content | None,
    *,
    firm: tuple[uuid.UUID, str],
    product: str,
    readings: tuple[Reading, ...],
    now: dt.datetime,
) -> BidView:
    """Return one bid of the firm ``(id, name)``; the challenge must be loaded with everything that hangs on it."""
    challenge = bid.challenge
    return BidView(
        id=bid.id,
        version=bid.version,
        organization_id=firm[0],
        organization_name=firm[1],
        state=bid.state,
        challenge=posed(challenge, now),
        challenge_edition=bid.challenge_edition,
        frame=frame_of(challenge),
        content=content.command if content else None,
        files=content.files if content else (),
        product=product,
        receipt_code=bid.receipt_code or "",
        sealed_at=bid.sealed_at,
        opened_at=bid.opened_at,
        content_hash=bid.content_hash,
        updated_at=bid.updated_at,
        price_hash=bid.price_hash,
        is_price_sealed=bid.price_state in CLOSED,
        is_price_locked=bid.price_state in CLOSED and (content is None or content.command.price_total_wan is None),
        price_error=bid.price_error,
        is_locked=content is None and bid.ciphertext is not None,
        is_outdated=bid.state is BidState.SEALED and bid.challenge_edition < challenge.reconfirm_from_edition,
        viewer_role=challenge.programme.pre_deadline_viewer if challenge.programme else "",
        end_reason=bid.end_reason,
        opening_error=bid.opening_error,
        readings=readings,
        details=content.details if content else {},
    )
