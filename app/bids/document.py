"""The content of a bid as one JSON document: what is locked, what is committed to, and what comes back."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.bids import people
from app.bids.commands import Commitment, Milestone, SaveBid
from app.core.models import Amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCHEMA = "chipbridge-bid-1"
TEXTS = ("project_name", "approach", "supply_plan", "ip_statement", "price_breakdown")
AMOUNTS = ("price_total_wan", "self_funding_wan")
PLAIN = (*TEXTS, *AMOUNTS, "product_id", "tech_readiness", "is_pledged")
"""Fields that command, document and row call by the same name."""
PRICED = (*AMOUNTS, "price_breakdown")
"""Fields that go into the price envelope where a programme has one; so do budget lines and files marked so."""
BUDGET = "budget_lines"
PROMISED = ("committed", "unit", "measured", "evidence", "risk")


@dataclass(frozen=True, slots=True)
class Annex:
    """A file of a bid."""

    id: uuid.UUID
    filename: str
    media_type: str
    size_bytes: int
    sha256: str
    """Of what was uploaded."""
    created_at: dt.datetime
    uploaded_by: uuid.UUID | None = None
    is_price: bool = False
    """Whether it goes into the price envelope; without one it makes no difference."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Where the locked content of a file is, and the key to it."""

    sha256: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """Everything in a bid that nobody may read, and whose it is."""

    organization_id: uuid.UUID
    created_by: uuid.UUID | None = None
    command: SaveBid = field(default_factory=SaveBid)
    details: dict[str, Any] = field(default_factory=dict)
    """What the form does not know; milestones and people are a part of the command."""
    files: tuple[Annex, ...] = ()
    blobs: Mapping[uuid.UUID, Blob] = field(default_factory=dict)
    """Of files that are still locked, by the id of the file."""


def to_document(content: Content) -> dict[str, Any]:
    """Return the content as JSON without the keys of its files; numbers that are not whole are texts."""
    command = content.command
    return {
        "organization_id": str(content.organization_id),
        "created_by": text_of(content.created_by),
        **{name: getattr(command, name) for name in (*TEXTS, "tech_readiness", "is_pledged")},
        **{name: text_of(stored_amount(getattr(command, name))) for name in AMOUNTS},
        "product_id": text_of(command.product_id),
        "commitments": {str(one.kpi_id): _promise(one) for one in command.commitments if _is_stated(one)},
        "details": {**content.details, **people.told(command), "milestones": to_plan(command.milestones)},
        "files": [to_annex(file) for file in in_order(content.files)],
    }


def from_document(document: Mapping[str, Any], blobs: Mapping[str, Any]) -> Content:
    """Return the content that a document says. Raises KeyError or ValueError for anything else."""
    details = dict(document["details"])
    return Content(
        organization_id=uuid.UUID(document["organization_id"]),
        created_by=_uuid(document["created_by"]),
        command=command_of(
            {
                **{name: document.get(name, "") for name in TEXTS},
                **{name: document[name] for name in ("tech_readiness", "is_pledged")},
                **{name: amount_of(document.get(name)) for name in AMOUNTS},
                "product_id": _uuid(document["product_id"]),
            },
            document["commitments"],
            details.pop("milestones", ()),
            people.taken(details),
        ),
        details=details,
        files=tuple(map(to_file, document["files"])),
        blobs=to_keys(blobs),
    )


def command_of(
    plain: Mapping[str, Any],
    promised: Mapping[str, Mapping[str, str]],
    plan: Iterable[Mapping[str, Any]],
    named: Mapping[str, Any] | None = None,
) -> SaveBid:
    """Return the command that says this; ``promised`` goes by the ids of indicators, ``named`` is from ``people``."""
    return SaveBid(
        **plain,
        commitments=tuple(Commitment(uuid.UUID(kpi), **said) for kpi, said in promised.items()),
        milestones=from_plan(plan),
        **(named or {}),
    )


def to_blobs(blobs: Mapping[uuid.UUID, Blob]) -> dict[str, Any]:
    """Return where locked files are and the keys to them, as JSON."""
    return {str(file): {"sha256": blob.sha256, "key": blob.key.hex()} for file, blob in blobs.items()}


def to_keys(blobs: Mapping[str, Mapping[str, str]]) -> dict[uuid.UUID, Blob]:
    """Return what ``to_blobs`` told."""
    return {uuid.UUID(file): Blob(told["sha256"], bytes.fromhex(told["key"])) for file, told in blobs.items()}


def statement(
    content: Content, *, challenge_id: uuid.UUID, challenge_edition: int, receipt_code: str | None, salt: str
) -> dict[str, Any]:
    """Return everything that a seal vouches for; the salt keeps a hash from confirming a guessed price."""
    return {
        "schema": SCHEMA,
        "salt": salt,
        "challenge_id": str(challenge_id),
        "challenge_edition": challenge_edition,
        "receipt_code": receipt_code,
        **to_document(content),
    }


def stored_amount(value: Decimal | None) -> Decimal | None:
    """Return an amount as the database would give it back, so that a hash can be computed again from its rows."""
    column = Amount()
    dialect: Any = None
    return column.process_result_value(column.process_bind_param(value, dialect), dialect)


def to_plan(milestones: Iterable[Milestone]) -> list[dict[str, Any]]:
    """Return milestones as they are stored."""
    return [
        {
            "no": number,
            "month": one.month,
            "deliverable": one.deliverable,
            "payment_percent": one.percent,
            "kpi_ids": list(one.kpi_codes),
        }
        for number, one in enumerate(milestones, 1)
    ]


def from_plan(stored: Iterable[Mapping[str, Any]]) -> tuple[Milestone, ...]:
    """Return stored milestones as the command's."""
    return tuple(
        Milestone(
            month=one.get("month"),
            deliverable=str(one.get("deliverable", "")),
            percent=one.get("payment_percent"),
            kpi_codes=tuple(one.get("kpi_ids") or ()),
        )
        for one in stored
    )


def _promise(commitment: Commitment) -> dict[str, str]:
    return {name: getattr(commitment, name) for name in PROMISED}


def _is_stated(commitment: Commitment) -> bool:
    """Return whether more than the unit, which comes with the form, is filled in."""
    return any((commitment.committed, commitment.measured, commitment.evidence, commitment.risk))


def in_order(files: Iterable[Annex]) -> list[Annex]:
    """Return files as statements list them."""
    return sorted(files, key=lambda file: (file.created_at, str(file.id)))


def to_annex(file: Annex) -> dict[str, Any]:
    """Return a file as JSON."""
    return {
        "id": str(file.id),
        "filename": file.filename,
        "media_type": file.media_type,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
        "created_at": file.created_at.astimezone(dt.UTC).isoformat(),
        "uploaded_by": text_of(file.uploaded_by),
        "is_price": file.is_price,
    }


def to_file(told: Mapping[str, Any]) -> Annex:
    """Return the file that JSON tells of."""
    return Annex(
        id=uuid.UUID(told["id"]),
        filename=told["filename"],
        media_type=told["media_type"],
        size_bytes=told["size_bytes"],
        sha256=told["sha256"],
        created_at=dt.datetime.fromisoformat(told["created_at"]),
        uploaded_by=_uuid(told["uploaded_by"]),
        is_price=bool(told.get("is_price")),
    )


def text_of(value: object) -> str | None:
    """Return a value as JSON keeps it."""
    return None if value is None else str(value)


def _uuid(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def amount_of(text: str | None) -> Decimal | None:
    """Return the amount that JSON tells."""
    return Decimal(text) if text is not None else None
