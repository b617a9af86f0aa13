"""Whether somebody of the authority may decide on a competition: nobody does about a company they are tied to."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts.queries.interests import tied_companies
from app.challenges.models import Challenge
from app.challenges.workflow import ChallengeEvent
from app.core.policy import YES, Decision, no

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor

Parties = Callable[["Session", uuid.UUID], Iterable[uuid.UUID]]
"""Companies that take part in a challenge, beside its owner, as far as anybody may know of them."""

NO_DECISIONS = frozenset({ChallengeEvent.CLOSE, ChallengeEvent.OPEN})
"""Arrows that follow from the clock and from the keys, not from anybody's judgement."""

_PARTIES: list[Parties] = []


def register_parties(parties: Parties) -> None:
    """Let the companies that ``parties`` names count; registered twice, they count once."""
    if parties not in _PARTIES:
        _PARTIES.append(parties)


def can_judge(session: Session, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Decision:
    """Return no for an officer who is tied to the challenge owner, to a bidder, or to a member of a consortium.

    As long as a bid is sealed its firm is nobody's knowledge; the tie counts from the opening on.
    """
    tied = tied_companies(session, actor, now) if actor.roles else frozenset()
    if tied and tied & _companies_of(session, challenge_id):
        return no(
            "You belong, or lately belonged, to a company of this competition, or have declared an interest in one. "
            "Another officer decides.",
            way_out="desk_interests.list",
        )
    return YES


def _companies_of(session: Session, challenge_id: uuid.UUID) -> set[uuid.UUID]:
    owners = session.scalars(select(Challenge.organization_id).where(Challenge.id == challenge_id))
    return {*owners, *(firm for parties in _PARTIES for firm in parties(session, challenge_id))}
