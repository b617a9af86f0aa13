"""Opening: after the deadline enough holders release their keys, and the bids come into plain columns together."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.audit import service as audit
from app.bids import policy
from app.bids.content import Opened, reveal, unseal_with_shares
from app.bids.damage import Damaged
from app.bids.models import Bid, BidEnding, Opening
from app.bids.service.closing import close_bids
from app.bids.service.releases import (
    BIDS,
    check_first,
    keep_files,
    own_holder,
    plain_files,
    release,
    released,
    shares_of,
)
from app.bids.workflow import BID_WORKFLOW, IN_REVIEW, BidEvent, BidState
from app.catalog.models import ChipProduct
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.challenges.service import close_due_challenges
from app.challenges.service.steps import take_step
from app.challenges.workflow import ChallengeEvent
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.core.locking import lock_one
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.keys.models import Purpose
from app.keys.queries import holders_of
from app.outbox.service import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.bids.models import OpeningRelease
    from app.core.actor import Actor
    from app.keys.models import ChallengeKeyHolder

MISSING = "There is no such challenge."


def release_key(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, private: bytes, now: dt.datetime
) -> Opening:
    """Release the actor's shares of a closed challenge's bids; the release that reaches the threshold opens them.

    ``private`` is the actor's key, just opened with the passphrase. Raises NotFound, NotAllowed (no holder), Conflict
    (released already, or open already) or RuleViolation (before the deadline, nothing to open).
    """
    close_due_challenges(session, now)
    challenge = lock_challenge(session, challenge_id)
    sealed = _sealed(session, challenge_id)
    _check_time(session, challenge, sealed)
    holder = _holder(session, actor, challenge_id)
    releases = released(session, challenge_id, BIDS)
    check_first(actor, releases)
    own = release(session, actor, holder, sealed, private=private, number=BIDS, now=now)
    challenge.keys_released_at = challenge.keys_released_at or now
    opening = session.get(Opening, challenge_id) or close_bids(session, challenge, now)
    audit.record(
        session,
        actor,
        "challenge.release_key",
        "challenge",
        challenge_id,
        label=challenge.title,
        n_released=len(releases) + 1,
        n_damaged=own.n_damaged,
    )
    if len(releases) + 1 >= holder.threshold:
        _open(session, actor, challenge, opening, now)
    return opening


def open_again(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Opening:
    """Try the bids once more that could not be opened, after a repair, with the keys released before.

    Raises NotFound, NotAllowed or Conflict (all are open, or none yet, or the review has begun).
    """
    policy.can_open_again(actor).enforce()
    challenge = lock_challenge(session, challenge_id)
    _check_before_review(session, challenge)
    opening = session.get(Opening, challenge_id)
    if opening is None or opening.opened_at is None or not _sealed(session, challenge_id):
        raise Conflict("There is no bid left that could not be opened.", code="nothing_failed")
    _open(session, actor, challenge, opening, now)
    return opening


def lock_challenge(session: Session, challenge_id: uuid.UUID) -> Challenge:
    """Load a challenge FOR UPDATE, so that one opening at a time happens. Raises NotFound."""
    query = (
        select(Challenge)
        .where(Challenge.id == challenge_id)
        .options(joinedload(Challenge.programme), selectinload(Challenge.kpis))
    )
    return lock_one(session, query, of=[Need, Challenge], missing=MISSING, code="challenge_not_found")


def _check_time(session: Session, challenge: Challenge, sealed: Sequence[Bid]) -> None:
    """Raise unless bids wait to be opened: decided by the database's clock, never by ours."""
    is_closed = challenge.state is PostingState.CLOSED
    has_failed = challenge.state is PostingState.EVALUATING and bool(sealed)
    deadline = challenge.bid_deadline_at
    if is_closed and deadline is not None and database_now(session) >= deadline:
        _check_number(challenge, sealed)
    elif not has_failed:
        if challenge.keys_released_at is not None:
            raise Conflict("The bids are open already.", code="already_open")
        raise RuleViolation("Until the deadline has passed no key can be released.", code="not_closed")
    else:
        _check_before_review(session, challenge)


def _check_before_review(session: Session, challenge: Challenge) -> None:
    """Raise Conflict when a bid that is opened now would come too late to be judged with the others."""
    judged = select(Bid.id).where(Bid.challenge_id == challenge.id, Bid.state.in_(IN_REVIEW)).limit(1)
    is_evaluated = challenge.state is PostingState.EVALUATING
    if not is_evaluated or session.scalars(judged).first() is not None:
        raise Conflict("The review has begun, so no further bid is opened.", code="review_begun")


def _check_number(challenge: Challenge, sealed: Sequence[Bid]) -> None:
    if not sealed:
        raise RuleViolation("No bid was sealed, so there is nothing to open.", code="no_bids")
    programme = challenge.programme
    if programme is not None and len(sealed) < programme.min_valid_bids:
        raise RuleViolation(
            "Fewer bids were sealed than the programme needs, so they stay closed.", code="too_few_bids"
        )


def _holder(session: Session, actor: Actor, challenge_id: uuid.UUID) -> ChallengeKeyHolder:
    own = own_holder(session, actor, challenge_id)
    if own is None:
        raise NotAllowed("You hold no key of this challenge.", code="no_holder")
    return own


def _sealed(session: Session, challenge_id: uuid.UUID) -> Sequence[Bid]:
    query = (
        select(Bid)
        .where(Bid.challenge_id == challenge_id, Bid.state == BidState.SEALED)
        .options(selectinload(Bid.shares), selectinload(Bid.commitments), selectinload(Bid.files))
        .order_by(Bid.id)
        .with_for_update(of=Bid)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _open(session: Session, actor: Actor, challenge: Challenge, opening: Opening, now: dt.datetime) -> None:
    """Open every bid that can be opened; one that cannot stays sealed with a reason and keeps no other back."""
    releases, threshold = released(session, challenge.id, BIDS), _threshold(session, challenge.id)
    shares, kpis = shares_of(releases), frozenset(kpi.id for kpi in challenge.kpis)
    bids = _sealed(session, challenge.id)
    for bid in bids:
        try:
            _open_one(session, bid, unseal_with_shares(bid, shares.get(str(bid.id), []), threshold), kpis, now)
            # Whoever proposed to give it up is overtaken by the repair.
            session.execute(delete(BidEnding).where(BidEnding.bid_id == bid.id))
        except Damaged as error:
            bid.opening_error, bid.updated_at = str(error), now
    if challenge.state is PostingState.CLOSED:
        take_step(session, actor, challenge, ChallengeEvent.OPEN, now=now)
        opening.opened_at = now
    opening.record = _record(opening, releases, threshold, bids, now)
    session.flush()
    _tell(session, actor, challenge, opening, bids, now)


def _open_one(session: Session, bid: Bid, opened: Opened, kpis: frozenset[uuid.UUID], now: dt.datetime) -> None:
    """Put one bid into plain rows; its files are read before anything is written. Raises Damaged."""
    plain = plain_files(opened.content.files, opened.content.blobs)
    state = BID_WORKFLOW.step(bid.state, BidEvent.OPEN)
    reveal(bid, replace(opened, content=_rooted(session, opened)), known_kpis=kpis, now=now)
    bid.state = state
    keep_files(bid, plain)
    session.flush()


def _rooted(session: Session, opened: Opened) -> Any:
    """Return the content without references to rows that are gone since it was sealed."""
    content = opened.content
    command = content.command
    if command.product_id is not None and session.get(ChipProduct, command.product_id) is None:
        command = replace(command, product_id=None)
    author = content.created_by
    if author is not None and session.get(User, author) is None:
        author = None
    return replace(content, command=command, created_by=author)


def _threshold(session: Session, challenge_id: uuid.UUID) -> int:
    return next(one.threshold for one in holders_of(session, challenge_id) if one.purpose is Purpose.OPEN)


def _record(
    opening: Opening,
    releases: Sequence[OpeningRelease],
    threshold: int,
    bids: Sequence[Bid],
    now: dt.datetime,
) -> dict[str, Any]:
    """Return the record: what was opened earlier stays in it as it was."""
    now_told = {bid.content_hash: {"at": now.isoformat(), "error": bid.opening_error} for bid in bids}
    return {
        "threshold": threshold,
        "releases": [
            {"name": one.holder_name, "role": one.role, "at": one.released_at.isoformat(), "n_damaged": one.n_damaged}
            for one in releases
        ],
        "bids": {**opening.record.get("bids", {}), **now_told} if opening.record else now_told,
    }


def _tell(
    session: Session, actor: Actor, challenge: Challenge, opening: Opening, bids: Sequence[Bid], now: dt.datetime
) -> None:
    failed = [bid for bid in bids if bid.opening_error]
    audit.record(
        session,
        actor,
        "challenge.open",
        "challenge",
        challenge.id,
        label=challenge.title,
        n_opened=len(bids) - len(failed),
        n_failed=len(failed),
        list_hash=opening.list_hash,
    )
    publish(session, "need.changed", now=now, key=f"need.changed:{challenge.id}", need_id=str(challenge.id))
    publish(session, "challenge.opened", now=now, key=f"challenge.opened:{challenge.id}", need_id=str(challenge.id))
    for bid in bids:
        if bid not in failed:
            publish(session, "bid.opened", now=now, key=f"bid.opened:{bid.id}", bid_id=bid.id)
