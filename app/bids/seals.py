"""What the seals of a bid and of its price have in common: a key among holders, a commitment, a check when it opens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.bids import document, receipt
from app.bids.damage import Damaged
from app.bids.models import BidShare
from app.bids.ownership import firm_tag
from app.keys import crypto
from app.keys.models import Purpose

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from app.bids.document import Blob
    from app.bids.models import Bid
    from app.keys.models import ChallengeKeyHolder

KINDS = {Purpose.OPEN: "share", Purpose.VIEW: "share", Purpose.PRICE: "price share"}
"""What a holder's share is sealed about, so that it passes for no share of another kind."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A statement and its files' keys under a fresh key: what the row keeps, and the key to share out."""

    ciphertext: bytes
    reopening_box: bytes
    commitment: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """What was decrypted: the statement, read and as it was committed to, and where its files are."""

    said: dict[str, Any]
    statement: bytes
    blobs: Mapping[str, Mapping[str, str]]


def lock(said: Mapping[str, Any], blobs: Mapping[uuid.UUID, Blob], *, code: str, about: str) -> Seal:
    """Lock a statement with a fresh key, which the firm's code locks in turn."""
    statement, key = receipt.canonical(said), crypto.new_key()
    payload = json.dumps({"statement": statement.decode(), "blobs": document.to_blobs(blobs)}, ensure_ascii=False)
    return Seal(
        ciphertext=crypto.encrypt(key, crypto.padded(payload.encode()), about=about),
        reopening_box=crypto.lock_with_code(code, key, about=about),
        commitment=receipt.hash_of(statement),
        key=key,
    )


def told_to_key(key: bytes, ciphertext: bytes | None, *, about: str) -> Told:
    """Return what a seal holds. Raises Damaged."""
    try:
        return _read(crypto.decrypt(key, ciphertext or b"", about=about))
    except crypto.CannotOpen:
        raise Damaged("ciphertext") from None


def told_to_code(code: str, reopening_box: bytes | None, ciphertext: bytes | None, *, about: str) -> Told:
    """Return what a seal holds to whoever has its code. Raises CannotOpen for another code, or Damaged."""
    key = crypto.unlock_with_code(code, reopening_box or b"", about=about)
    return told_to_key(key, ciphertext, about=about)


def told_to_shares(shares: Sequence[crypto.Share], threshold: int, ciphertext: bytes | None, *, about: str) -> Told:
    """Return what a seal holds to enough of its holders. Raises Damaged."""
    try:
        return _read(crypto.decrypt_with_shares(shares, threshold, ciphertext or b"", about=about))
    except crypto.CannotOpen:
        raise Damaged("ciphertext" if len(shares) >= threshold else "shares") from None


def check_commitment(told: Told, commitment: str) -> None:
    """Raise Damaged unless this is the statement that was committed to."""
    if receipt.hash_of(told.statement) != commitment:
        raise Damaged("commitment")


def check_bidder(bid: Bid, told: Told, organization_id: uuid.UUID) -> None:
    """Raise Damaged unless this very bid of this very firm said so."""
    is_own = (told.said["challenge_id"], told.said["receipt_code"]) == (str(bid.challenge_id), bid.receipt_code)
    if not is_own or firm_tag(bid.challenge_id, organization_id) != bid.firm_tag:
        raise Damaged("bidder")


def share_out(bid: Bid, key: bytes, holders: Sequence[ChallengeKeyHolder], purpose: Purpose) -> list[BidShare]:
    """Return one share of a key for each holder who opens bids."""
    openers = [one for one in holders if one.purpose is Purpose.OPEN]
    parts = crypto.split(key, holders=len(openers), threshold=openers[0].threshold)
    return [sealed_to(bid, one, part.to_bytes(), purpose) for one, part in zip(openers, parts, strict=True)]


def sealed_to(bid: Bid, holder: ChallengeKeyHolder, secret: bytes, purpose: Purpose) -> BidShare:
    """Return a secret that only this holder reads."""
    sealed = crypto.seal_to(holder.holder.public_key, secret, about=_about(bid, holder, purpose))
    return BidShare(holder_id=holder.holder_id, purpose=purpose, sealed=sealed)


def opened_share(bid: Bid, holder: ChallengeKeyHolder, private: bytes, purpose: Purpose) -> bytes:
    """Return what was sealed to a holder; empty when it is missing or damaged: others may suffice."""
    own = (one for one in bid.shares if one.holder_id == holder.holder_id and one.purpose is purpose)
    share = next(own, None)
    try:
        return crypto.open_sealed(private, share.sealed, about=_about(bid, holder, purpose)) if share else b""
    except crypto.CannotOpen:
        return b""


def _about(bid: Bid, holder: ChallengeKeyHolder, purpose: Purpose) -> str:
    return f"{KINDS[purpose]} {bid.id} {holder.holder_id}"


def _read(payload: bytes) -> Told:
    told = json.loads(payload)
    statement: bytes = told["statement"].encode()
    return Told(json.loads(statement), statement, told["blobs"])
