"""Whether somebody of the authority may decide on a competition: nobody does about a company they are tied to."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.accounts.queries.interests import tied_companies
from app.bids.models import Bid
from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor


def can_judge(session: Session, actor: Actor, challenge: Challenge, now: dt.datetime) -> Decision:
    """Return no for an officer who is tied to the challenge owner, to a bidder, or to a member of a consortium.

    As long as a bid is sealed its firm is nobody's knowledge; the tie counts from the opening on.
    """
    return can_judge_for(session, actor, challenge.id, challenge.organization_id, now)


def can_judge_for(
    session: Session, actor: Actor, challenge_id: uuid.UUID, owner_id: uuid.UUID, now: dt.datetime
) -> Decision:
    """Return what ``can_judge`` does, from ids."""
    tied = tied_companies(session, actor, now) if actor.roles else frozenset()
    if tied and tied & parties(session, challenge_id, owner_id):
        return no(
            "You belong, or lately belonged, to a company of this competition, or have declared an interest in one. "
            "Another officer decides.",
            way_out="desk_interests.list",
        )
    return YES


def parties(session: Session, challenge_id: uuid.UUID, owner_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the challenge owner, the firms of opened bids and the members of their consortia."""
    query = select(Bid.organization_id, Bid.details).where(
        Bid.challenge_id == challenge_id, Bid.organization_id.is_not(None)
    )
    found = {owner_id}
    for organization_id, details in session.execute(query).tuples():
        found.update(filter(None, (organization_id, *_members(details))))
    return frozenset(found)


def _members(details: Mapping[str, Any]) -> Iterator[uuid.UUID | None]:
    for member in details.get("members", ()):
        try:
            yield uuid.UUID(str(member.get("organization_id", "")))
        except (AttributeError, ValueError):
            yield None
