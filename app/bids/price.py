"""The price envelope of a bid: the only place that seals it, opens it, and puts a price into plain columns."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from app.bids import receipt, seals
from app.bids.document import BUDGET, PRICED
from app.bids.envelope import PricePart, from_statement, price_statement
from app.bids.workflow import PRICE_WORKFLOW, PriceEvent, PriceState
from app.keys import crypto
from app.keys.models import Purpose

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.bids.models import Bid, BidShare
    from app.keys.models import ChallengeKeyHolder

CLOSED = (PriceState.SEALED, PriceState.DUE, PriceState.KEPT)
"""States in which nobody but the firm, with its code, can know the price."""


def seal_price(bid: Bid, price: PricePart, *, code: str, holders: Sequence[ChallengeKeyHolder]) -> list[BidShare]:
    """Lock the price with a fresh key of its own and return the holders' shares of it; the row must have its receipt.

    The salt of its statement is its own, too: nobody can try prices against the hash.
    """
    sealed = seals.lock(_statement(bid, price, crypto.new_salt()), price.blobs, code=code, about=_about(bid))
    bid.price_ciphertext, bid.price_reopening_box = sealed.ciphertext, sealed.reopening_box
    bid.price_hash = sealed.commitment
    bid.price_state = PRICE_WORKFLOW.step(bid.price_state, PriceEvent.SEAL)
    return seals.share_out(bid, sealed.key, holders, Purpose.PRICE)


def forget_price(bid: Bid) -> None:
    """Destroy a sealed price with the firm's way to it; the shares go with those of the bid."""
    bid.price_ciphertext = bid.price_reopening_box = None
    if bid.price_state is PriceState.SEALED:
        bid.price_state = PRICE_WORKFLOW.step(bid.price_state, PriceEvent.DESTROY)


def unseal_price_with_code(bid: Bid, code: str) -> tuple[PricePart, bytes]:
    """Return price and statement to whoever has the bid's code. Raises CannotOpen for another code, or Damaged."""
    told = seals.told_to_code(code, bid.price_reopening_box, bid.price_ciphertext, about=_about(bid))
    return _checked(bid, told)


def unseal_price_with_shares(bid: Bid, shares: Sequence[crypto.Share], threshold: int) -> tuple[PricePart, bytes]:
    """Return price and statement to enough of the holders. Raises Damaged."""
    return _checked(bid, seals.told_to_shares(shares, threshold, bid.price_ciphertext, about=_about(bid)))


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
    return receipt.canonical(_statement(bid, price, bid.price_salt))


def _statement(bid: Bid, price: PricePart, salt: str) -> dict[str, Any]:
    return price_statement(
        price,
        challenge_id=bid.challenge_id,
        challenge_edition=bid.challenge_edition,
        receipt_code=bid.receipt_code,
        salt=salt,
    )


def _checked(bid: Bid, told: seals.Told) -> tuple[PricePart, bytes]:
    """Return what was decrypted if it is the price that this very bid has committed to. Raises Damaged."""
    seals.check_commitment(told, bid.price_hash)
    price = from_statement(told.said, told.blobs)
    seals.check_bidder(bid, told, price.organization_id)
    return price, told.statement


def _about(bid: Bid) -> str:
    return f"price {bid.id}"
