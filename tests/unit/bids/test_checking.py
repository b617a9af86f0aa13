"""What a check says to a receipt, a code or a hash."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.bids import checking
from app.bids.checking import Claim, Unreadable

MINE, OTHER, CODE = "a" * 64, "b" * 64, "0123456789ABCDEF"
TIME, CHALLENGE = "2026-11-24T01:00:00.000001+00:00", "11111111-1111-4111-8111-111111111111"
LISTED = [
    {"commitment": OTHER, "sealed_at": "2026-11-23T01:00:00.000000+00:00", "edition": 1},
    {"commitment": MINE, "sealed_at": TIME, "edition": 1},
]
RECEIPT = Claim(CODE, MINE, TIME, CHALLENGE)


def check(claim: Claim, known: str = MINE, listed: list[dict[str, Any]] = LISTED) -> checking.Verdict:
    return checking.check(claim, challenge_id=CHALLENGE, known=known, listed=listed)


@pytest.mark.parametrize("claim", [RECEIPT, Claim(receipt_code=CODE), Claim(commitment=MINE)])
def test_what_is_on_the_list_is_found_with_its_place(claim: Claim) -> None:
    known = MINE if claim.receipt_code else ""

    verdict = check(claim, known)

    assert (verdict.code, verdict.number, verdict.is_good) == ("listed", 2, True)


@pytest.mark.parametrize(
    ("claim", "known", "code"),
    [
        (Claim(receipt_code=CODE), "", "unknown_code"),
        (Claim(CODE, OTHER, TIME, CHALLENGE), MINE, "differs"),
        (Claim(CODE, MINE, "2026-11-24T01:00:00.000002+00:00", CHALLENGE), MINE, "differs"),
        (Claim(commitment="c" * 64), "", "not_listed"),
        (Claim(CODE, MINE, TIME, "another"), MINE, "other_challenge"),
    ],
)
def test_what_is_not_borne_out_is_told_apart(claim: Claim, known: str, code: str) -> None:
    verdict = check(claim, known)

    assert (verdict.code, verdict.is_good) == (code, False)


def test_a_bid_that_was_left_out_of_the_list_is_noticed() -> None:
    assert check(RECEIPT, listed=LISTED[:1]).code == "not_listed"


@pytest.mark.parametrize("text", ["0123-4567-89ab-cdef", " 0123 4567 89AB CDEF\n"])
def test_a_code_is_read_however_it_is_copied(text: str) -> None:
    assert checking.claim_of_text(text) == Claim(receipt_code=CODE)


def test_a_hash_is_read_as_a_commitment() -> None:
    assert checking.claim_of_text(f" {MINE.upper()} ") == Claim(commitment=MINE)


@pytest.mark.parametrize("text", ["", "hello", "0123", "g" * 64])
def test_anything_else_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        checking.claim_of_text(text)


def test_a_downloaded_receipt_is_read() -> None:
    told = {"receipt_code": CODE, "commitment": MINE, "sealed_at": TIME, "challenge_id": CHALLENGE, "more": 1}

    assert checking.claim_of_file(json.dumps(told).encode()) == RECEIPT


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b"null", b"{}", b'{"receipt_code": 1, "commitment": 2, "sealed_at": 3}']
)
def test_a_file_that_is_no_receipt_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        checking.claim_of_file(content)
