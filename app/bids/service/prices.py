"""The second opening: once the technical scores are final, enough holders release the keys of the price envelopes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.audit import service as audit
from app.bids import policy
from app.bids.damage import Damaged
from app.bids.models import Bid, BidFile, Opening
from app.bids.price import reveal_price, unseal_price_with_shares
from app.bids.service.opening import lock_challenge
from app.bids.service.releases import check_first, keep_files, own_holder, plain_files, release, released, shares_of
from app.bids.workflow import IN_REVIEW, PRICE_WORKFLOW, PriceEvent, PriceState
from app.challenges.impartial import can_judge
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.workflow import PostingState
from app.outbox.service import publish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.bids.models import OpeningRelease
    from app.challenges.models import Challenge
    from app.core.actor import Actor
    from app.keys import crypto

MIN_REASON = 10


def call_prices(
    session: Session, *, challenge: Challenge, standing: frozenset[uuid.UUID], now: dt.datetime
) -> tuple[int, int]:
    """Let the price envelopes of the ``standing`` bids be opened, keep the others closed; return how many each.

    The challenge is locked and the technical scores are final: whoever calls answers for both.
    """
    opening = session.get_one(Opening, challenge.id)
    bids = _of(session, challenge.id, PriceState.SEALED, PriceState.KEPT)
    for bid in bids:
        if bid.id in standing:
            bid.price_state = PRICE_WORKFLOW.step(bid.price_state, PriceEvent.CALL)
            bid.price_error, bid.price_give_up_by, bid.price_give_up_reason = "", None, ""
        elif bid.price_state is PriceState.SEALED:
            bid.price_state = PRICE_WORKFLOW.step(bid.price_state, PriceEvent.KEEP)
        bid.updated_at = now
    opening.price_round, opening.price_called_at = opening.price_round + 1, now
    _note_kept(opening, bids)
    session.flush()
    key = f"challenge.prices_needed:{challenge.id}:{opening.price_round}"
    publish(session, "challenge.prices_needed", now=now, key=key, need_id=str(challenge.id))
    n_due = sum(bid.price_state is PriceState.DUE for bid in bids)
    return n_due, len(bids) - n_due


def release_price_key(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, private: bytes, now: dt.datetime
) -> Opening:
    """Release the actor's shares of the price envelopes that are due; the release that reaches the threshold opens.

    Raises NotFound, NotAllowed (no holder), Conflict (released already, or all open) or RuleViolation (the technical
    scores are not final yet).
    """
    challenge = lock_challenge(session, challenge_id)
    opening, due = _called(session, challenge), _due(session, challenge_id)
    if not due:
        raise Conflict("There is no price envelope left to open.", code="no_price_left")
    holder = own_holder(session, actor, challenge_id)
    if holder is None:
        raise NotAllowed("You hold no key of this challenge.", code="no_holder")
    releases = released(session, challenge_id, opening.price_round)
    check_first(actor, releases)
    own = release(session, actor, holder, due, private=private, number=opening.price_round, now=now)
    audit.record(
        session, actor, "challenge.release_price_key", "challenge", challenge_id, label=challenge.title,
        n_released=len(releases) + 1, n_damaged=own.n_damaged, round=opening.price_round,
    )  # fmt: skip
    if len(releases) + 1 >= holder.threshold:
        _open(session, actor, challenge, opening, holder.threshold, now)
    return opening


def open_prices_again(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> Opening:
    """Try the prices once more that could not be opened, after a repair, with the keys released before.

    Raises NotFound, NotAllowed, RuleViolation (not called) or Conflict (none has failed).
    """
    policy.can_open_again(actor).enforce()
    challenge = lock_challenge(session, challenge_id)
    opening = _called(session, challenge)
    if not any(bid.price_error for bid in _due(session, challenge_id)):
        raise Conflict("There is no price left that could not be opened.", code="nothing_failed")
    _open(session, actor, challenge, opening, int(opening.price_record["threshold"]), now)
    return opening


def propose_price_giving_up(session: Session, *, actor: Actor, bid_id: uuid.UUID, reason: str, now: dt.datetime) -> Bid:
    """Propose that a price which cannot be opened stays closed; another officer confirms it.

    Raises NotFound, NotAllowed, RuleViolation (no reason, not called) or Conflict (not tried, open, or proposed).
    """
    challenge, bid = _lock_failed(session, actor, bid_id, now)
    if len(reason.strip()) < MIN_REASON:
        raise RuleViolation("Say in at least ten characters why it is given up.", code="no_reason", field="reason")
    if bid.price_give_up_by is not None:
        raise Conflict("It is proposed already to give this price up.", code="proposed_already")
    bid.price_give_up_by, bid.price_give_up_reason, bid.updated_at = actor.user_id, reason.strip(), now
    session.flush()
    _record_giving_up(session, actor, challenge, bid, "bid.propose_price_giving_up")
    return bid


def confirm_price_giving_up(session: Session, *, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> Bid:
    """Decide that a price which cannot be opened stays closed, so that its bid takes no place.

    Raises NotFound, NotAllowed (also for whoever proposed it), RuleViolation or Conflict (not proposed, or open).
    """
    challenge, bid = _lock_failed(session, actor, bid_id, now)
    if bid.price_give_up_by is None:
        raise Conflict("Nobody proposes to give this price up.", code="not_proposed")
    policy.can_confirm_giving_up(actor, proposed_by=bid.price_give_up_by).enforce()
    bid.price_state, bid.updated_at = PRICE_WORKFLOW.step(bid.price_state, PriceEvent.GIVE_UP), now
    _note_kept(session.get_one(Opening, challenge.id), [bid])
    session.flush()
    _record_giving_up(session, actor, challenge, bid, "bid.give_up_price")
    return bid


def _lock_failed(session: Session, actor: Actor, bid_id: uuid.UUID, now: dt.datetime) -> tuple[Challenge, Bid]:
    """Lock a bid whose price could not be opened, its challenge before it."""
    policy.can_give_up(actor).enforce()
    challenge_id = session.scalar(select(Bid.challenge_id).where(Bid.id == bid_id))
    challenge = lock_challenge(session, challenge_id or bid_id)
    can_judge(session, actor, challenge.id, now).enforce()
    _called(session, challenge)
    bid = next((one for one in _due(session, challenge.id) if one.id == bid_id and one.price_error), None)
    if bid is None:
        raise Conflict("Only a price that could not be opened is given up.", code="not_failed")
    return challenge, bid


def _record_giving_up(session: Session, actor: Actor, challenge: Challenge, bid: Bid, action: str) -> None:
    audit.record(
        session, actor, action, "bid", bid.id, label=challenge.title, reason=bid.price_give_up_reason,
        price_hash=bid.price_hash, error=bid.price_error,
    )  # fmt: skip


def _called(session: Session, challenge: Challenge) -> Opening:
    """Return the opening of a challenge whose prices were called for, as the rows say under its lock."""
    opening = session.get(Opening, challenge.id, populate_existing=True)
    if challenge.state is not PostingState.EVALUATING or opening is None or not opening.price_round:
        raise RuleViolation(
            "Until the technical scores are final no price envelope can be opened.", code="prices_not_called"
        )
    return opening


def _of(session: Session, challenge_id: uuid.UUID, *states: PriceState) -> Sequence[Bid]:
    query = (
        select(Bid)
        .where(Bid.challenge_id == challenge_id, Bid.price_state.in_(states))
        .options(selectinload(Bid.shares), selectinload(Bid.files).joinedload(BidFile.file))
        .order_by(Bid.id)
        .with_for_update(of=Bid)
        .execution_options(populate_existing=True)
    )
    return session.scalars(query).all()


def _due(session: Session, challenge_id: uuid.UUID) -> list[Bid]:
    """Return the bids whose price may be opened: whoever has fallen out since then stays sealed."""
    return [bid for bid in _of(session, challenge_id, PriceState.DUE) if bid.state in IN_REVIEW]


def _open(
    session: Session, actor: Actor, challenge: Challenge, opening: Opening, threshold: int, now: dt.datetime
) -> None:
    """Open every price that can be opened; one that cannot stays sealed with a reason and keeps no other back."""
    releases = released(session, challenge.id, opening.price_round)
    shares, bids = shares_of(releases), _due(session, challenge.id)
    for bid in bids:
        try:
            _open_one(session, bid, shares.get(str(bid.id), []), threshold, now)
        except Damaged as error:
            bid.price_error, bid.updated_at = str(error), now
    opening.price_record = _record(opening, releases, threshold, bids, now)
    session.flush()
    n_failed = sum(bid.price_state is PriceState.DUE for bid in bids)
    audit.record(
        session, actor, "challenge.open_prices", "challenge", challenge.id, label=challenge.title,
        n_opened=len(bids) - n_failed, n_failed=n_failed, round=opening.price_round,
    )  # fmt: skip


def _open_one(session: Session, bid: Bid, shares: Sequence[crypto.Share], threshold: int, now: dt.datetime) -> None:
    """Put one price into plain columns; its files are read before anything is written. Raises Damaged."""
    price, statement = unseal_price_with_shares(bid, shares, threshold)
    plain = plain_files(price.files, price.blobs)
    reveal_price(bid, price, statement, now)
    keep_files(bid, plain)
    session.flush()


def _record(
    opening: Opening, releases: Sequence[OpeningRelease], threshold: int, bids: Sequence[Bid], now: dt.datetime
) -> dict[str, Any]:
    """Return the record: what was opened earlier, and by whom, stays in it as it was."""
    before, at = opening.price_record, now.isoformat()
    told = [
        {"round": one.round, "name": one.holder_name, "role": one.role, "at": one.released_at.isoformat(),
         "n_damaged": one.n_damaged}
        for one in releases
    ]  # fmt: skip
    earlier = [one for one in before.get("releases", ()) if one["round"] != opening.price_round]
    return {
        **before,
        "threshold": threshold,
        "opened_at": before.get("opened_at") or at,
        "releases": [*earlier, *told],
        "bids": {**before.get("bids", {}), **{bid.price_hash: {"at": at, "error": bid.price_error} for bid in bids}},
    }


def _note_kept(opening: Opening, bids: Sequence[Bid]) -> None:
    """Write which envelopes stay closed, by their commitments."""
    kept = set(opening.price_record.get("kept", ()))
    kept -= {bid.price_hash for bid in bids if bid.price_state is PriceState.DUE}
    kept |= {bid.price_hash for bid in bids if bid.price_state is PriceState.KEPT}
    opening.price_record = {**opening.price_record, "kept": sorted(kept)}
