"""The price envelope (双信封): which parts of a bid go into it, and the statement that vouches for them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.bids.document import (
    AMOUNTS,
    BUDGET,
    PRICED,
    Annex,
    Blob,
    Content,
    amount_of,
    in_order,
    stored_amount,
    text_of,
    to_annex,
    to_file,
    to_keys,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

TECHNICAL_SCHEMA, PRICE_SCHEMA = "chipbridge-technical-1", "chipbridge-price-1"
_NOTHING: dict[str, Any] = {**dict.fromkeys(AMOUNTS), "price_breakdown": ""}


@dataclass(frozen=True, slots=True)
class PricePart:
    """What a price envelope holds, and whose it is."""

    organization_id: uuid.UUID
    price_total_wan: Decimal | None
    self_funding_wan: Decimal | None
    price_breakdown: str
    budget_lines: tuple[dict[str, Any], ...]
    files: tuple[Annex, ...]
    blobs: Mapping[uuid.UUID, Blob]


def parted(content: Content) -> tuple[Content, PricePart]:
    """Return the content without its price, and the price."""
    command, priced = content.command, [file for file in content.files if file.is_price]
    ids = {file.id for file in priced}
    price = PricePart(
        organization_id=content.organization_id,
        price_total_wan=command.price_total_wan,
        self_funding_wan=command.self_funding_wan,
        price_breakdown=command.price_breakdown,
        budget_lines=tuple(content.details.get(BUDGET, ())),
        files=tuple(priced),
        blobs={file: blob for file, blob in content.blobs.items() if file in ids},
    )
    technical = replace(
        content,
        command=replace(command, **_NOTHING),
        details={name: said for name, said in content.details.items() if name != BUDGET},
        files=tuple(file for file in content.files if not file.is_price),
        blobs={file: blob for file, blob in content.blobs.items() if file not in ids},
    )
    return technical, price


def joined(technical: Content, price: PricePart) -> Content:
    """Return the whole content again."""
    budget = {BUDGET: [dict(line) for line in price.budget_lines]} if price.budget_lines else {}
    return replace(
        technical,
        command=replace(technical.command, **{name: getattr(price, name) for name in PRICED}),
        details={**technical.details, **budget},
        files=tuple(in_order((*technical.files, *price.files))),
        blobs={**technical.blobs, **price.blobs},
    )


def technical_statement(statement: Mapping[str, Any], price_commitment: str) -> dict[str, Any]:
    """Return a statement that says nothing of the price but the hash of its own, salted statement."""
    said = {name: value for name, value in statement.items() if name not in PRICED}
    return {**said, "schema": TECHNICAL_SCHEMA, "price_commitment": price_commitment}


def price_statement(
    price: PricePart, *, challenge_id: uuid.UUID, challenge_edition: int, receipt_code: str | None, salt: str
) -> dict[str, Any]:
    """Return what the seal of a price vouches for."""
    return {
        "schema": PRICE_SCHEMA,
        "salt": salt,
        "challenge_id": str(challenge_id),
        "challenge_edition": challenge_edition,
        "receipt_code": receipt_code,
        "organization_id": str(price.organization_id),
        **{name: text_of(stored_amount(getattr(price, name))) for name in AMOUNTS},
        "price_breakdown": price.price_breakdown,
        BUDGET: [dict(line) for line in price.budget_lines],
        "files": [to_annex(file) for file in in_order(price.files)],
    }


def from_statement(said: Mapping[str, Any], blobs: Mapping[str, Mapping[str, str]]) -> PricePart:
    """Return the price that a statement says. Raises KeyError or ValueError for anything else."""
    return PricePart(
        organization_id=uuid.UUID(said["organization_id"]),
        price_total_wan=amount_of(said["price_total_wan"]),
        self_funding_wan=amount_of(said["self_funding_wan"]),
        price_breakdown=said["price_breakdown"],
        budget_lines=tuple(said[BUDGET]),
        files=tuple(map(to_file, said["files"])),
        blobs=to_keys(blobs),
    )
