"""Keys that holders have released: of a challenge's bids, or of the prices that one round called for."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.bids.blobs import keep_plain, read_locked
from app.bids.content import adopt
from app.bids.models import OpeningRelease
from app.bids.seals import opened_share
from app.core import box
from app.core.errors import Conflict
from app.keys import crypto
from app.keys.models import Purpose
from app.keys.queries import holders_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.bids.document import Annex, Blob
    from app.bids.models import Bid
    from app.core.actor import Actor
    from app.keys.models import ChallengeKeyHolder

BIDS = 0
"""The round in which the bids are opened; those after it open prices."""


def own_holder(
    session: Session, actor: Actor, challenge_id: uuid.UUID, purpose: Purpose = Purpose.OPEN
) -> ChallengeKeyHolder | None:
    """Return the key that the actor holds for a challenge, if any."""
    return next(
        (
            one
            for one in holders_of(session, challenge_id)
            if one.purpose is purpose and actor.user_id is not None and one.holder.user_id == actor.user_id
        ),
        None,
    )


def released(session: Session, challenge_id: uuid.UUID, number: int) -> Sequence[OpeningRelease]:
    """Return who has released a key in a round, in order of time."""
    of = (OpeningRelease.challenge_id == challenge_id, OpeningRelease.round == number)
    query = select(OpeningRelease).where(*of).order_by(OpeningRelease.released_at, OpeningRelease.id)
    return session.scalars(query).all()


def check_first(actor: Actor, releases: Sequence[OpeningRelease]) -> None:
    """Raise Conflict when the actor's key is among those released."""
    if actor.user_id in {release.user_id for release in releases}:
        raise Conflict("You have released your key for this opening already.", code="released_already")


def release(
    session: Session,
    actor: Actor,
    holder: ChallengeKeyHolder,
    bids: Sequence[Bid],
    *,
    private: bytes,
    number: int,
    now: dt.datetime,
) -> OpeningRelease:
    """Add the actor's shares of these bids, or of their prices, to a round."""
    purpose = Purpose.PRICE if number else Purpose.OPEN
    found = {str(bid.id): opened_share(bid, holder, private, purpose) for bid in bids}
    shares = {bid_id: share.hex() for bid_id, share in found.items() if share}
    row = OpeningRelease(
        id=uuid.uuid4(),
        challenge_id=holder.challenge_id,
        round=number,
        holder_id=holder.holder_id,
        user_id=actor.user_id,
        role=holder.holder.role,
        holder_name=actor.name,
        released_at=now,
        shares_box=box.lock_json(shares, about=_about(holder.challenge_id, number, holder.holder_id)),
        n_shares=len(shares),
        n_damaged=len(found) - len(shares),
    )
    session.add(row)
    session.flush()
    return row


def shares_of(releases: Sequence[OpeningRelease]) -> dict[str, list[crypto.Share]]:
    """Return all released shares by bid."""
    found: dict[str, list[crypto.Share]] = {}
    for one in releases:
        told = box.unlock_json(one.shares_box, about=_about(one.challenge_id, one.round, one.holder_id))
        for bid_id, share in told.items():
            found.setdefault(bid_id, []).append(crypto.Share.from_bytes(bytes.fromhex(share)))
    return found


def plain_files(files: Sequence[Annex], blobs: Mapping[uuid.UUID, Blob]) -> dict[Annex, bytes]:
    """Return the content of locked files; to be read before anything is written. Raises Damaged."""
    return {file: read_locked(blobs, file) for file in files}


def keep_files(bid: Bid, plain: Mapping[Annex, bytes]) -> None:
    """Store files of an opened bid as all others are stored."""
    for file, content in plain.items():
        keep_plain(file, content)
        adopt(bid, file)


def _about(challenge_id: uuid.UUID, number: int, holder_id: uuid.UUID) -> str:
    kind = f"price release {challenge_id} {number}" if number else f"release {challenge_id}"
    return f"{kind} {holder_id}"
