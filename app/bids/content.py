"""The sealed part of a bid: the only place that writes it, reads it and destroys it.

Whatever keeps content from readers of the database later, encryption above all, goes into these functions.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from app.bids.commands import Commitment, Milestone, SaveBid
from app.bids.models import Bid, BidCommitment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.files.models import StoredFile

PLAIN = (
    "project_name", "approach", "product_id", "tech_readiness", "supply_plan", "ip_statement", "price_total_wan",
    "self_funding_wan", "is_pledged",
)  # fmt: skip
"""Fields that command and row call by the same name."""
PROMISED = ("committed", "unit", "measured", "evidence", "risk")
EMPTY = SaveBid()


def fill(bid: Bid, command: SaveBid, now: dt.datetime) -> None:
    """Write a command into a row; ``updated_at`` always moves, so that the version does, too."""
    for name in PLAIN:
        setattr(bid, name, getattr(command, name))
    bid.updated_at = now
    bid.details = {**bid.details, "milestones": [_stored(n, one) for n, one in enumerate(command.milestones, 1)]}
    known = {commitment.kpi_id: commitment for commitment in bid.commitments}
    bid.commitments = [_commitment(known, one) for one in command.commitments if _is_stated(one)]


def filled(bid: Bid) -> SaveBid:
    """Return the command that would write this row; its commitments must be loaded."""
    return SaveBid(
        **{name: getattr(bid, name) for name in PLAIN},
        commitments=tuple(
            Commitment(row.kpi_id, **{name: getattr(row, name) for name in PROMISED}) for row in bid.commitments
        ),
        milestones=tuple(map(_milestone, bid.details.get("milestones", ()))),
        version=bid.version,
    )


def destroy(bid: Bid, now: dt.datetime) -> None:
    """Leave nothing of the content; when it was sealed, and its hash, stay. Commitments and files must be loaded."""
    for name in PLAIN:
        setattr(bid, name, getattr(EMPTY, name))
    bid.details, bid.commitments, bid.files = {}, [], []
    bid.updated_at = now


def statement(bid: Bid, files: Iterable[StoredFile]) -> dict[str, Any]:
    """Return everything that a seal vouches for; commitments must be loaded.

    The receipt code is part of it: whoever guesses a price cannot check the guess against a hash.
    """
    content = filled(bid)
    return {
        "challenge_id": str(bid.challenge_id),
        "challenge_edition": bid.challenge_edition,
        "organization_id": str(bid.organization_id),
        "receipt_code": bid.receipt_code,
        **{name: _plain(getattr(content, name)) for name in PLAIN},
        "details": bid.details,
        "commitments": {
            str(one.kpi_id): {name: getattr(one, name) for name in PROMISED} for one in content.commitments
        },
        "files": sorted([file.sha256, file.filename] for file in files),
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def _is_stated(commitment: Commitment) -> bool:
    """Return whether more than the unit, which comes with the form, is filled in."""
    return any((commitment.committed, commitment.measured, commitment.evidence, commitment.risk))


def _commitment(known: dict[Any, BidCommitment], command: Commitment) -> BidCommitment:
    row = known.get(command.kpi_id) or BidCommitment(kpi_id=command.kpi_id)
    for name in PROMISED:
        setattr(row, name, getattr(command, name))
    return row


def _stored(number: int, milestone: Milestone) -> dict[str, Any]:
    return {
        "no": number,
        "month": milestone.month,
        "deliverable": milestone.deliverable,
        "payment_percent": milestone.percent,
        "kpi_ids": list(milestone.kpi_codes),
    }


def _milestone(stored: dict[str, Any]) -> Milestone:
    return Milestone(
        month=stored.get("month"),
        deliverable=str(stored.get("deliverable", "")),
        percent=stored.get("payment_percent"),
        kpi_codes=tuple(stored.get("kpi_ids") or ()),
    )
