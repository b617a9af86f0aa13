"""Finding keys and their holders."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.keys import policy
from app.keys.models import ChallengeKeyHolder, KeyHolder
from app.keys.workflow import KeyState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

SHOWN = 200


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key as pages show it: never more than its public part."""

    id: uuid.UUID
    holder: str
    organization: str
    role: str
    state: KeyState
    fingerprint: str
    n_challenges: int
    created_at: dt.datetime
    retired_at: dt.datetime | None
    locked_until: dt.datetime | None


def holders_of(session: Session, challenge_id: uuid.UUID) -> Sequence[ChallengeKeyHolder]:
    """Return for whom the bids of a challenge are locked, with their public keys, in a fixed order."""
    query = (
        select(ChallengeKeyHolder)
        .where(ChallengeKeyHolder.challenge_id == challenge_id)
        .options(joinedload(ChallengeKeyHolder.holder, innerjoin=True))
        .order_by(ChallengeKeyHolder.purpose, ChallengeKeyHolder.holder_id)
    )
    return session.scalars(query).all()


def own_keys(session: Session, *, actor: Actor) -> list[KeyView]:
    """Return the actor's keys, the active one first."""
    return _views(session, KeyHolder.user_id == actor.user_id)


def all_keys(session: Session, *, actor: Actor) -> list[KeyView]:
    """Return everybody's keys for the desk, the active ones first. Raises NotAllowed."""
    policy.can_read_holders(actor).enforce()
    return _views(session)


def _views(session: Session, *conditions: object) -> list[KeyView]:
    used = (
        select(func.count(ChallengeKeyHolder.challenge_id.distinct()))
        .where(ChallengeKeyHolder.holder_id == KeyHolder.id)
        .correlate(KeyHolder)
        .scalar_subquery()
    )
    query = (
        select(KeyHolder, User.name, User.email, used)
        .join(User, User.id == KeyHolder.user_id)
        .where(*conditions)  # type: ignore[arg-type]  # conditions of the two callers above
        .options(joinedload(KeyHolder.organization))
        .order_by(KeyHolder.state, KeyHolder.created_at.desc(), KeyHolder.id)
        .limit(SHOWN)
    )
    return [_view(key, name or email, n_challenges) for key, name, email, n_challenges in session.execute(query)]


def _view(key: KeyHolder, holder: str, n_challenges: int) -> KeyView:
    return KeyView(
        id=key.id,
        holder=holder,
        organization=key.organization.legal_name_zh if key.organization else "",
        role=key.role,
        state=key.state,
        fingerprint=fingerprint(key.public_key),
        n_challenges=n_challenges,
        created_at=key.created_at,
        retired_at=key.retired_at,
        locked_until=key.locked_until,
    )


def fingerprint(public_key: bytes) -> str:
    """Return how people compare a public key: the first half of its SHA-256 in groups of four."""
    digits = hashlib.sha256(public_key).hexdigest()[:32].upper()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
