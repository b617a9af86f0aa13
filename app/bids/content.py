"""The content of a bid: the only place that puts it into a row, takes it out and destroys it.

A draft is locked with the installation's key. A sealed bid is locked with a key of its own, of which each holder
has a share and the firm a copy behind its code; the portal keeps no other. An opened bid stands in plain columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.bids import document, people, price, receipt, seals
from app.bids.commands import Contact, SaveBid
from app.bids.damage import Damaged
from app.bids.document import PLAIN, PROMISED, Annex, Content
from app.bids.envelope import joined, parted, technical_statement
from app.bids.models import Bid, BidCommitment, BidFile
from app.bids.ownership import firm_tag
from app.bids.workflow import PriceState
from app.core import box
from app.files.models import StoredFile
from app.keys import crypto
from app.keys.models import Purpose

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Sequence

    from app.bids.commands import Commitment
    from app.bids.models import BidShare
    from app.keys.models import ChallengeKeyHolder

PURPOSE = "bid"
"""Of stored files that belong to bids."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A sealed bid's content with what proves that it is the one that was committed to."""

    content: Content
    salt: str
    statement: bytes


def begin(
    bid: Bid, organization_id: uuid.UUID, created_by: uuid.UUID | None, *, contact: Contact | None = None
) -> None:
    """Lock a content with nothing but a contact into a new row, which needs its id and challenge."""
    bid.firm_tag, bid.price_state = firm_tag(bid.challenge_id, organization_id), PriceState.NONE
    _lock(bid, Content(organization_id, created_by, command=SaveBid(contact=contact or Contact())))


def fill(bid: Bid, command: SaveBid, now: dt.datetime) -> None:
    """Write a command into a draft; ``updated_at`` always moves, so that the version does, too."""
    write(bid, replace(read(bid), command=command), now)


def write(bid: Bid, content: Content, now: dt.datetime) -> None:
    """Overwrite the content of a draft."""
    _lock(bid, content)
    bid.updated_at = now


def read(bid: Bid) -> Content:
    """Return the content of a draft or of an opened bid, whose commitments and files must be loaded.

    Raises ValueError for a sealed bid, which only its code or its holders open.
    """
    if bid.content_box is not None:
        told = box.unlock_json(bid.content_box, about=_about(bid))
        content = document.from_document(told["document"], told["blobs"])
    elif bid.organization_id is not None:
        content = _of_rows(bid, bid.organization_id)
    else:
        raise ValueError("this bid is sealed or withdrawn")
    return replace(content, command=replace(content.command, version=bid.version))


def project_name(bid: Bid) -> str:
    """Return how a draft or an opened bid is called; a sealed one says nothing."""
    return read(bid).command.project_name if bid.content_box is not None else bid.project_name


def filled(bid: Bid) -> SaveBid:
    """Return the command that would write this row. Raises ValueError for a sealed bid."""
    return read(bid).command


def seal(
    bid: Bid,
    content: Content,
    *,
    code: str,
    holders: Sequence[ChallengeKeyHolder],
    city_code: str,
    is_parted: bool = False,
) -> None:
    """Lock the content with a fresh key, split among the holders; what was readable with our own key goes.

    ``is_parted`` locks the price with a second key. The row must have its receipt code. ``city_code`` is the firm's:
    a viewer of another city gets noise.
    """
    price.forget_price(bid)
    bid.price_hash, shares = "", []
    if is_parted:
        content, priced = parted(content)
        shares = price.seal_price(bid, priced, code=code, holders=holders)
    sealed = seals.lock(_statement(bid, content, crypto.new_salt()), content.blobs, code=code, about=_about(bid))
    bid.ciphertext, bid.reopening_box = sealed.ciphertext, sealed.reopening_box
    bid.content_hash, bid.content_box = sealed.commitment, None
    openers = seals.share_out(bid, sealed.key, holders, Purpose.OPEN)
    bid.shares = [*openers, *_viewers(bid, sealed.key, holders, city_code), *shares]


def unseal(bid: Bid, key: bytes) -> Opened:
    """Return what a bid holds beside a sealed price, checked against its commitment and row. Raises Damaged."""
    return _checked(bid, seals.told_to_key(key, bid.ciphertext, about=_about(bid)))


def unseal_with_code(bid: Bid, code: str) -> Opened:
    """Return what a sealed bid holds, its price too, to whoever has its code.

    Raises CannotOpen for another code, or Damaged.
    """
    opened = _checked(bid, seals.told_to_code(code, bid.reopening_box, bid.ciphertext, about=_about(bid)))
    return replace(opened, content=with_price(bid, opened.content, code))


def with_price(bid: Bid, content: Content, code: str) -> Content:
    """Return the content with a price that is still sealed. Raises CannotOpen for another code, or Damaged."""
    if bid.price_state not in price.CLOSED:
        return content
    return joined(content, price.unseal_price_with_code(bid, code)[0])


def unseal_with_shares(bid: Bid, shares: Sequence[crypto.Share], threshold: int) -> Opened:
    """Return what a sealed bid holds to enough of its holders. Raises Damaged."""
    return _checked(bid, seals.told_to_shares(shares, threshold, bid.ciphertext, about=_about(bid)))


def take_back(bid: Bid, content: Content) -> None:
    """Make a sealed content a draft again and destroy the keys; shares must be loaded."""
    _forget_seal(bid)
    bid.leader_tag = bid.price_hash = ""
    _lock(bid, content)


def destroy(bid: Bid, now: dt.datetime) -> None:
    """Leave nothing of an unopened content or of a key to it; when it was sealed, and its hash, stay."""
    _forget_seal(bid)
    bid.content_box, bid.leader_tag = None, ""
    bid.updated_at = now


def reveal(bid: Bid, opened: Opened, *, known_kpis: frozenset[uuid.UUID], now: dt.datetime) -> list[Annex]:
    """Write an opened content into the plain columns; return its files, whose rows ``adopt`` adds.

    A price that is sealed apart stays out of them. What was promised for an indicator that is gone since stays in
    the details.
    """
    content = parted(opened.content)[0] if bid.price_state in price.CLOSED else opened.content
    command, told = content.command, document.to_document(content)
    for name in PLAIN:
        setattr(bid, name, getattr(command, name))
    bid.organization_id, bid.created_by, bid.salt = content.organization_id, content.created_by, opened.salt
    bid.opened_at, bid.opening_error, bid.reopening_box = now, "", None
    gone = {kpi: said for kpi, said in told["commitments"].items() if kpi not in set(map(str, known_kpis))}
    bid.details = {**told["details"], **({"former_commitments": gone} if gone else {})}
    bid.commitments = [_commitment(one) for one in command.commitments if one.kpi_id in known_kpis]
    bid.updated_at = now
    return list(content.files)


def adopt(bid: Bid, file: Annex) -> None:
    """Let an opened bid have a file, whose content has been stored in plain."""
    row = StoredFile(
        id=file.id,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        media_type=file.media_type,
        filename=file.filename,
        purpose=PURPOSE,
        organization_id=bid.organization_id,
        uploaded_by=file.uploaded_by,
        created_at=file.created_at,
    )
    bid.files.append(BidFile(file=row, is_price=file.is_price))


def statement_of(bid: Bid) -> bytes:
    """Return the canonical statement of an opened bid, computed again from its rows."""
    content = read(bid)
    return receipt.canonical(_statement(bid, parted(content)[0] if bid.price_hash else content, bid.salt))


def price_statement_of(bid: Bid) -> bytes:
    """Return the canonical statement of an opened price, computed again from its rows."""
    return price.price_statement_of(bid, parted(read(bid))[1])


def _about(bid: Bid) -> str:
    return f"bid {bid.id}"


def _lock(bid: Bid, content: Content) -> None:
    told = {"document": document.to_document(content), "blobs": document.to_blobs(content.blobs)}
    bid.content_box = box.lock_json(told, about=_about(bid))


def _statement(bid: Bid, content: Content, salt: str) -> dict[str, Any]:
    said = document.statement(
        content,
        challenge_id=bid.challenge_id,
        challenge_edition=bid.challenge_edition,
        receipt_code=bid.receipt_code,
        salt=salt,
    )
    return technical_statement(said, bid.price_hash) if bid.price_hash else said


def _viewers(bid: Bid, key: bytes, holders: Sequence[ChallengeKeyHolder], city_code: str) -> list[BidShare]:
    """Give noise to whoever may not view: a missing row would tell which city the firm is from."""
    viewers = [one for one in holders if one.purpose is Purpose.VIEW]
    return [
        seals.sealed_to(bid, one, key if one.holder.city_code == city_code else crypto.new_key(), Purpose.VIEW)
        for one in viewers
    ]


def _checked(bid: Bid, told: seals.Told) -> Opened:
    seals.check_commitment(told, bid.content_hash)
    if told.said.get("price_commitment", "") != bid.price_hash:
        raise Damaged("commitment")
    content = document.from_document(told.said, told.blobs)
    seals.check_bidder(bid, told, content.organization_id)
    return Opened(content, told.said["salt"], told.statement)


def _forget_seal(bid: Bid) -> None:
    bid.ciphertext = bid.reopening_box = None
    bid.shares = []
    price.forget_price(bid)


def _of_rows(bid: Bid, organization_id: uuid.UUID) -> Content:
    details = dict(bid.details)
    former = details.pop("former_commitments", {})
    promised = {str(row.kpi_id): {name: getattr(row, name) for name in PROMISED} for row in bid.commitments}
    plain, plan = {name: getattr(bid, name) for name in PLAIN}, details.pop("milestones", ())
    return Content(
        organization_id=organization_id,
        created_by=bid.created_by,
        command=document.command_of(plain, {**promised, **former}, plan, people.taken(details)),
        details=details,
        files=tuple(_annex(one) for one in bid.files),
    )


def _annex(of: BidFile) -> Annex:
    file = of.file
    return Annex(
        file.id, file.filename, file.media_type, file.size_bytes, file.sha256, file.created_at, file.uploaded_by,
        of.is_price,
    )  # fmt: skip


def _commitment(commitment: Commitment) -> BidCommitment:
    return BidCommitment(kpi_id=commitment.kpi_id, **{name: getattr(commitment, name) for name in PROMISED})
