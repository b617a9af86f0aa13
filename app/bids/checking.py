"""Checking a receipt against the published list: pure, so that anybody can follow it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_CODE, _COMMITMENT = re.compile(r"[0-9A-F]{16}"), re.compile(r"[0-9a-f]{64}")
MAX_BYTES = 64 * 1024


class Unreadable(ValueError):
    """What was given is neither a receipt nor a code nor a commitment."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says was sealed; empty parts are not claimed."""

    receipt_code: str = ""
    commitment: str = ""
    sealed_at: str = ""
    challenge_id: str = ""
    price_commitment: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: a code that ``app.bids.labels`` explains, and the line of the list it is about."""

    code: str
    line: dict[str, Any] | None = None
    number: int = 0
    """Place of that line in the list, from one."""

    @property
    def is_good(self) -> bool:
        """Whether the claim is borne out."""
        return self.code == "listed"


def claim_of_text(text: str) -> Claim:
    """Read a receipt code, as people copy it, or a commitment. Raises Unreadable."""
    plain = re.sub(r"[\s-]", "", text)
    if _COMMITMENT.fullmatch(plain.lower()):
        return Claim(commitment=plain.lower())
    if _CODE.fullmatch(plain.upper()):
        return Claim(receipt_code=plain.upper())
    raise Unreadable


def claim_of_file(content: bytes) -> Claim:
    """Read a downloaded receipt. Raises Unreadable."""
    try:
        told = json.loads(content)
        named = ("receipt_code", "commitment", "sealed_at", "challenge_id")
        said = {name: str(told[name]) for name in named}
        claim = Claim(**said, price_commitment=str(told.get("price_commitment", "")))
    except (ValueError, KeyError, TypeError):
        raise Unreadable from None
    if not _COMMITMENT.fullmatch(claim.commitment) or not _CODE.fullmatch(claim.receipt_code):
        raise Unreadable
    return claim


def check(claim: Claim, *, challenge_id: str, known: str, listed: Sequence[dict[str, Any]]) -> Verdict:
    """Compare a claim with the list; ``known`` is the commitment stored for its receipt code, empty: none."""
    if claim.challenge_id and claim.challenge_id != challenge_id:
        return Verdict("other_challenge")
    if claim.receipt_code and not known:
        return Verdict("unknown_code")
    if claim.receipt_code and claim.commitment and known != claim.commitment:
        return Verdict("differs")
    wanted = claim.commitment or known
    found = next(((n, line) for n, line in enumerate(listed, 1) if wanted in _commitments(line)), None)
    if found is None:
        return Verdict("not_listed")
    number, line = found
    if claim.sealed_at and claim.sealed_at != line["sealed_at"]:
        return Verdict("differs", line, number)
    if claim.price_commitment and claim.price_commitment != line.get("price_commitment"):
        return Verdict("differs", line, number)
    return Verdict("listed", line, number)


def _commitments(line: dict[str, Any]) -> tuple[str, ...]:
    """Return the commitments of a line: to the bid, and to its price where that is sealed apart."""
    return tuple(filter(None, (line["commitment"], line.get("price_commitment"))))
