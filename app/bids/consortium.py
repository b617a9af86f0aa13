"""What a consortium must keep to, and how its members are told in a box and in the bid."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.bids.workflow import MemberState
from app.core import box
from app.core.errors import RuleViolation

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from app.bids.models import BidMember
    from app.challenges.models import Challenge

MAX_PART = 500
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Member:
    """What the box of a member holds; ``share`` is a text of a decimal in per cent, empty when none was agreed."""

    organization_id: str
    name: str
    lead: str
    """Name of the firm that leads."""
    part: str
    share: str = ""
    answered_by: str = ""
    answered_at: str = ""

    @property
    def firm(self) -> uuid.UUID:
        """The id of the firm."""
        return uuid.UUID(self.organization_id)

    @property
    def percent(self) -> Decimal:
        """The share in per cent; none agreed counts nothing."""
        return Decimal(self.share or 0)


def lock(row: BidMember, member: Member) -> None:
    """Put what is known of a member into its row."""
    row.box = box.lock_json(asdict(member), about=_about(row))


def unlock(row: BidMember) -> Member:
    """Return what a row knows of its member."""
    return Member(**box.unlock_json(row.box, about=_about(row)))


def answered(member: Member, person: str, at: dt.datetime) -> Member:
    """Return a member with who answered for it, and when."""
    return replace(member, answered_by=person, answered_at=at.isoformat())


def told(members: Iterable[Member]) -> list[dict[str, Any]]:
    """Return the members as a part of the bid's content; the seal vouches for their consent."""
    ordered = sorted(members, key=lambda one: one.name)
    return [{**asdict(one), "role": "member"} for one in ordered]


def check_size(challenge: Challenge, n_members: int) -> None:
    """Raise RuleViolation when a bid for the challenge may not have so many members beside its lead."""
    if not challenge.is_consortium_allowed:
        raise RuleViolation("This challenge takes bids of single firms only.", code="no_consortium", field="firm")
    programme = challenge.programme
    most = min(challenge.max_members, programme.max_members) if programme else challenge.max_members
    if n_members > most:
        raise RuleViolation(
            "A consortium for this challenge has no room for another member.", code="too_many_members", field="firm"
        )


def check_shares(members: Iterable[Member]) -> None:
    """Raise RuleViolation when shares are no percentages or leave nothing for the lead."""
    shares = [one.percent for one in members]
    if any(not 0 <= share < WHOLE for share in shares):
        raise RuleViolation("A share lies between 0 and 100 per cent.", code="share_range", field="share")
    if sum(shares) >= WHOLE:
        raise RuleViolation("The shares of the members leave nothing for the lead.", code="share_sum", field="share")


def check_consents(states: Iterable[MemberState]) -> None:
    """Raise RuleViolation unless every member has consented."""
    if any(state is not MemberState.CONSENTED for state in states):
        raise RuleViolation(
            "Not every member of the consortium has consented. Wait for their answers, or go on without them.",
            code="consent_missing",
        )


def _about(row: BidMember) -> str:
    return f"bid member {row.id}"
