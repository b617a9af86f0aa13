"""The price envelope of a bid: the only place that seals it, opens it, and puts a price into plain columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.bids import document, receipt
from app.bids.damage import Damaged
from app.bids.document import BUDGET, PRICED
from app.bids.envelope import PricePart, from_statement, price_statement
from app.bids.models import BidShare
from app.bids.ownership import firm_tag
from app.bids.workflow import PRICE_WORKFLOW, PriceEvent, PriceState
from app.keys import crypto
from app.keys.models import Purpose

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from app.bids.models import Bid
    from app.keys.models import ChallengeKeyHolder

CLOSED = (PriceState.SEALED, PriceState.DUE, PriceState.KEPT)
"""States in which nobody but the firm, with its code, can know the price."""


def seal_price(bid: Bid, price: PricePart, *, code: str, holders: Sequence[ChallengeKeyHolder]) -> list[BidShare]:
    """Lock the price with a fresh key of its own and return the holders' shares of it; the row must have its receipt.

    The salt of its statement is its own, too: nobody can try prices against the hash.
    """
    said = price_statement(
        price,
        challenge_id=bid.challenge_id,
        challenge_edition=bid.challenge_edition,
        receipt_code=bid.receipt_code,
        salt=crypto.new_salt(),
    )
    statement, key = receipt.canonical(said), crypto.new_key()
    payload = json.dumps({"statement": statement.decode(), "blobs": document.to_blobs(price.blobs)}, ensure_ascii=False)
    bid.price_ciphertext = crypto.encrypt(key, crypto.padded(payload.encode()), about=_about(bid))
    bid.price_reopening_box = crypto.lock_with_code(code, key, about=_about(bid))
    bid.price_hash = receipt.hash_of(statement)
    bid.price_state = PRICE_WORKFLOW.step(bid.price_state, PriceEvent.SEAL)
    openers = [one for one in holders if one.purpose is Purpose.OPEN]
    parts = crypto.split(key, holders=len(openers), threshold=openers[0].threshold)
    return [_sealed_to(bid, one, part) for one, part in zip(openers, parts, strict=True)]


def forget_price(bid: Bid) -> None:
    """Destroy a sealed price with the firm's way to it; the shares go with those of the bid."""
    bid.price_ciphertext = bid.price_reopening_box = None
    if bid.price_state is PriceState.SEALED:
        bid.price_state = PRICE_WORKFLOW.step(bid.price_state, PriceEvent.DESTROY)


def unseal_price_with_code(bid: Bid, code: str) -> tuple[PricePart, bytes]:
    """Return price and statement to whoever has the bid's code. Raises CannotOpen for another code, or Damaged."""
    key = crypto.unlock_with_code(code, bid.price_reopening_box or b"", about=_about(bid))
    try:
        return _checked(bid, crypto.decrypt(key, bid.price_ciphertext or b"", about=_about(bid)))
    except crypto.CannotOpen:
        raise Damaged("ciphertext") from None


def unseal_price_with_shares(bid: Bid, shares: Sequence[crypto.Share], threshold: int) -> tuple[PricePart, bytes]:
    """Return price and statement to enough of the holders. Raises Damaged."""
    try:
        payload = crypto.decrypt_with_shares(shares, threshold, bid.price_ciphertext or b"", about=_about(bid))
    except crypto.CannotOpen:
        raise Damaged("ciphertext" if len(shares) >= threshold else "shares") from None
    return _checked(bid, payload)


def open_price_share(bid: Bid, holder: ChallengeKeyHolder, private: bytes) -> bytes:
    """Return one holder's share of the price's key; empty when it is missing or damaged: others may suffice."""
    own = (one for one in bid.shares if one.holder_id == holder.holder_id and one.purpose is Purpose.PRICE)
    share = next(own, None)
    try:
        about = _about_share(bid.id, holder.holder_id)
        return crypto.open_sealed(private, share.sealed, about=about) if share else b""
    except crypto.CannotOpen:
        return b""


def reveal_price(bid: Bid, price: PricePart, statement: bytes, now: dt.datetime) -> None:
    """Write an opened price into the plain columns; its files are adopted apart."""
    bid.price_state = PRICE_WORKFLOW.step(bid.price_state, PriceEvent.OPEN)
    for name in PRICED:
        setattr(bid, name, getattr(price, name))
    if price.budget_lines:
        bid.details = {**bid.details, BUDGET: [dict(line) for line in price.budget_lines]}
    bid.price_salt = json.loads(statement)["salt"]
    bid.price_opened_at, bid.price_error, bid.price_reopening_box = now, "", None
    bid.price_give_up_by, bid.price_give_up_reason = None, ""
    bid.updated_at = now


def price_statement_of(bid: Bid, price: PricePart) -> bytes:
    """Return the canonical statement of an opened price, computed again from its rows."""
    said = price_statement(
        price,
        challenge_id=bid.challenge_id,
        challenge_edition=bid.challenge_edition,
        receipt_code=bid.receipt_code,
        salt=bid.price_salt,
    )
    return receipt.canonical(said)


def _checked(bid: Bid, payload: bytes) -> tuple[PricePart, bytes]:
    """Return what was decrypted if it is the price that this very bid has committed to. Raises Damaged."""
    told = json.loads(payload)
    statement: bytes = told["statement"].encode()
    if receipt.hash_of(statement) != bid.price_hash:
        raise Damaged("commitment")
    said: dict[str, Any] = json.loads(statement)
    price = from_statement(said, told["blobs"])
    is_own = (said["challenge_id"], said["receipt_code"]) == (str(bid.challenge_id), bid.receipt_code)
    if not is_own or firm_tag(bid.challenge_id, price.organization_id) != bid.firm_tag:
        raise Damaged("bidder")
    return price, statement


def _about(bid: Bid) -> str:
    return f"price {bid.id}"


def _about_share(bid_id: uuid.UUID, holder_id: uuid.UUID) -> str:
    return f"price share {bid_id} {holder_id}"


def _sealed_to(bid: Bid, holder: ChallengeKeyHolder, part: crypto.Share) -> BidShare:
    about = _about_share(bid.id, holder.holder_id)
    sealed = crypto.seal_to(holder.holder.public_key, part.to_bytes(), about=about)
    return BidShare(holder_id=holder.holder_id, purpose=Purpose.PRICE, sealed=sealed)
