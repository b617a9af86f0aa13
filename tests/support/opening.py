"""Challenges whose deadline has passed, with sealed bids and people who hold the keys."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from app.accounts.models import User
from app.bids import service
from app.challenges.service import close_due_challenges
from tests.factories.keys import PRIVATE
from tests.support.bidding import complete_bid, move_deadline, open_challenge, seal
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.models import Bid, Opening
    from app.challenges.models import Challenge
    from app.core.actor import Actor
    from app.keys.models import KeyHolder


def damaged(content: bytes | None) -> bytes:
    """Return sealed bytes of which the last is another one."""
    assert content
    return content[:-1] + bytes([content[-1] ^ 1])


def sealed_bids(session: Session, n: int = 2, challenge: Challenge | None = None, **attributes: Any) -> list[Bid]:
    """Return submitted bids of different firms for one open challenge."""
    challenge = challenge or open_challenge()
    return [seal(session, complete_bid(challenge, **attributes)) for _ in range(n)]


def pass_deadline(session: Session, challenge: Challenge) -> None:
    """Let the deadline pass and the job run that closes what is due."""
    move_deadline(session, challenge, -dt.timedelta(milliseconds=1))
    close_due_challenges(session, NOON)
    session.commit()


def person_of(session: Session, holder: KeyHolder) -> Actor:
    """Return who holds a key."""
    return session.get_one(User, holder.user_id).as_actor()


def release(session: Session, holder: KeyHolder, challenge: Challenge) -> Opening:
    """Release a holder's key."""
    actor = person_of(session, holder)
    opening = service.release_key(session, actor=actor, challenge_id=challenge.id, private=PRIVATE, now=NOON)
    session.commit()
    return opening
