"""Frozen views of proposals, notices, objections and awards."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.awards.workflow import OPEN_OBJECTIONS, AwardState, ObjectionState, ProposalState
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from app.awards.commands import Outcome, ProposalKind, Remedy
    from app.awards.models import Objection, Publicity
    from app.demands.workflow import PostingMode


@dataclass(frozen=True, slots=True)
class Competition:
    """The challenge that is decided."""

    id: uuid.UUID
    code: str
    title: str
    owner_id: uuid.UUID
    owner: str
    state: PostingState
    mode: PostingMode
    award_count: int


@dataclass(frozen=True, slots=True)
class RankedBid:
    """A bid in its place; ``score`` out of 100."""

    bid_id: uuid.UUID
    place: int
    firm: str
    project: str
    score: Decimal | None
    is_passing: bool


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What was proposed for one bid."""

    bid_id: uuid.UUID
    place: int
    firm: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with its verdicts."""

    id: uuid.UUID
    round: int
    state: ProposalState
    kind: ProposalKind
    reasons: str
    reason_codes: tuple[str, ...]
    replaces: str
    """Firm whose award ends with it."""
    proposed_by: uuid.UUID
    proposer: str
    proposed_at: dt.datetime
    confirmed_at: dt.datetime | None
    opinion: str
    verdicts: tuple[VerdictView, ...]


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A public notice; ``content`` is what was frozen when it began."""

    id: uuid.UUID
    number: str
    working_days: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    frozen_at: dt.datetime | None
    ended_at: dt.datetime | None
    content: dict[str, Any]

    def is_taking_objections(self, now: dt.datetime) -> bool:
        """Return whether an objection handed in at ``now`` would be in time."""
        return self.ended_at is None and (self.frozen_at or now) < self.ends_at


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection; ``author`` and the contact are empty for readers who may not know who objects."""

    id: uuid.UUID
    challenge_id: uuid.UUID
    challenge_code: str
    challenge_title: str
    organization_id: uuid.UUID
    author: str
    contact_name: str
    contact_phone: str
    about: str
    """Name of the firm it is about; empty: the notice as a whole."""
    ground: str
    text: str
    state: ObjectionState
    remedy: Remedy | None
    decision: str
    proposed_by: uuid.UUID | None
    opinion: str
    """Why a second officer did not confirm; for the desk."""
    received_at: dt.datetime
    accept_by: dt.datetime
    decide_by: dt.datetime
    decided_at: dt.datetime | None
    again_by: dt.datetime | None
    waived_at: dt.datetime | None
    is_reconsideration: bool
    is_asked_again: bool
    is_on_notice: bool
    """Whether the result may still change: its public notice runs or stands still."""
    files: tuple[tuple[uuid.UUID, str], ...]

    def can_be_asked_again(self, now: dt.datetime) -> bool:
        """Return whether its author can ask at ``now`` (aware) to look again."""
        if not self.is_on_notice or self.state is not ObjectionState.DISMISSED or self.is_asked_again:
            return False
        if self.waived_at is not None:
            return False
        return self.again_by is not None and now < self.again_by

    @property
    def due_at(self) -> dt.datetime | None:
        """By when the authority must act; None when it has decided."""
        if self.state not in OPEN_OBJECTIONS:
            return None
        return self.accept_by if self.state is ObjectionState.RECEIVED else self.decide_by


@dataclass(frozen=True, slots=True)
class AwardView:
    """An award."""

    id: uuid.UUID
    number: str
    bid_id: uuid.UUID
    firm: str
    project: str
    state: AwardState
    awarded_at: dt.datetime
    awarded_by: uuid.UUID | None
    end_reason: str
    ended_at: dt.datetime | None
    declined_at: dt.datetime | None
    decline_reason: str


@dataclass(frozen=True, slots=True)
class AwardPage:
    """Everything about one decision, as the desk and the challenge owner see it."""

    competition: Competition
    ranking: tuple[RankedBid, ...]
    proposals: tuple[ProposalView, ...]
    """Newest first."""
    notices: tuple[NoticeView, ...]
    """Newest first."""
    objections: tuple[ObjectionView, ...]
    awards: tuple[AwardView, ...]

    @property
    def open_proposal(self) -> ProposalView | None:
        """The proposal that waits for a second person."""
        return next((one for one in self.proposals if one.state is ProposalState.PROPOSED), None)

    @property
    def running_notice(self) -> NoticeView | None:
        """The notice that is running or stands still."""
        return next((one for one in self.notices if one.ended_at is None), None)

    @property
    def stands(self) -> bool:
        """Whether an award of this competition stands."""
        return any(one.state is AwardState.CONFIRMED for one in self.awards)

    def again_until(self, now: dt.datetime) -> dt.datetime | None:
        """Until when the award waits, at ``now`` (aware), for somebody who may ask to look at a dismissal again."""
        open_ends = [one.again_by for one in self.objections if one.again_by and one.can_be_asked_again(now)]
        return max(open_ends, default=None)

    @property
    def n_open_objections(self) -> int:
        """How many objections wait for a decision."""
        return sum(one.state in OPEN_OBJECTIONS for one in self.objections)


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One competition of the public archive."""

    id: uuid.UUID
    code: str
    title: str
    programme: str
    state: PostingState
    ended_at: dt.datetime | None
    winners: tuple[str, ...]
    reasons: tuple[str, ...]
    """Codes of why there was no award."""


def notice_view(publicity: Publicity) -> NoticeView:
    """Return a notice."""
    return NoticeView(
        id=publicity.id,
        number=publicity.number,
        working_days=publicity.working_days,
        starts_at=publicity.starts_at,
        ends_at=publicity.ends_at,
        frozen_at=publicity.frozen_at,
        ended_at=publicity.ended_at,
        content=publicity.content,
    )


def objection_view(
    objection: Objection, *, about: str, is_asked_again: bool, is_author_shown: bool, is_staff: bool
) -> ObjectionView:
    """Return an objection; challenge, organisation and files must be loaded.

    What one officer has found and no other has confirmed is shown to the desk only: to everybody else it is still
    under investigation.
    """
    is_found = objection.state is ObjectionState.UPHOLDING and not is_staff
    return ObjectionView(
        id=objection.id,
        challenge_id=objection.challenge_id,
        challenge_code=objection.challenge.code or "",
        challenge_title=objection.challenge.title,
        organization_id=objection.organization_id,
        author=objection.organization.legal_name_zh if is_author_shown else "",
        contact_name=objection.contact_name if is_author_shown else "",
        contact_phone=objection.contact_phone if is_author_shown else "",
        about=about,
        ground=objection.ground,
        text=objection.text,
        state=ObjectionState.INVESTIGATING if is_found else objection.state,
        remedy=None if is_found else objection.remedy,
        decision="" if is_found else objection.decision,
        proposed_by=objection.proposed_by if is_staff else None,
        opinion=objection.opinion if is_staff else "",
        received_at=objection.received_at,
        accept_by=objection.accept_by,
        decide_by=objection.decide_by,
        decided_at=objection.decided_at,
        again_by=objection.again_by,
        waived_at=objection.waived_at,
        is_reconsideration=objection.reconsiders_id is not None,
        is_asked_again=is_asked_again,
        is_on_notice=objection.challenge.state is PostingState.PUBLICITY,
        files=tuple((one.file_id, one.file.filename) for one in objection.files),
    )
