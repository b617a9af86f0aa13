"""A bid of two envelopes in the hands of its firm: sealed, read, taken back, withdrawn, opened without its price."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from app.bids import checking, commitments, service
from app.bids.content import filled
from app.bids.models import BidBlob
from app.bids.price import unseal_price_with_code
from app.bids.queries import bids as queries
from app.bids.receipt import hash_of
from app.bids.sealing import locked_contents
from app.bids.workflow import BidState, PriceState
from app.keys.crypto import CannotOpen
from app.keys.models import Purpose
from tests.factories.bids import CODE
from tests.support.bidding import complete_bid, content_of, editor_of, open_challenge, seal
from tests.support.clock import NOON
from tests.support.dump import dump_tables, told
from tests.support.envelopes import again, holders_of, programme_with_envelopes
from tests.support.opening import pass_deadline, release

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.models import Bid

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
PRICE, BREAKDOWN = Decimal("706.55"), "掩模费用绝密"


def draft(**attributes: Any) -> Bid:
    """Return a complete draft for a challenge whose programme seals prices apart."""
    challenge = open_challenge(programme=programme_with_envelopes())
    return complete_bid(challenge, price_total_wan=PRICE, price_breakdown=BREAKDOWN, **attributes)


def attach(session: Session, bid: Bid, *, is_price: bool) -> None:
    upload = SimpleNamespace(filename="报价单.pdf", stream=io.BytesIO(PDF))
    service.attach_file(
        session, actor=editor_of(bid), bid_id=bid.id, upload=upload, max_bytes=1024, now=NOON, is_price=is_price
    )


def opened(session: Session, bid: Bid) -> Bid:
    pass_deadline(session, bid.challenge)
    first, second, _ = holders_of(bid.challenge)
    release(session, first, bid.challenge)
    release(session, second, bid.challenge)
    return again(bid)


def test_price_and_solution_have_a_key_a_commitment_and_shares_each(session: Session) -> None:
    bid = seal(session, draft())

    assert bid.price_state is PriceState.SEALED
    assert bid.price_hash not in ("", bid.content_hash)
    assert bid.price_ciphertext != bid.ciphertext
    purposes = [share.purpose for share in bid.shares]
    assert (purposes.count(Purpose.OPEN), purposes.count(Purpose.PRICE)) == (3, 3)


def test_without_envelopes_a_bid_has_one_ciphertext(session: Session) -> None:
    bid = seal(session, complete_bid())

    assert (bid.price_state, bid.price_ciphertext, bid.price_hash) == (PriceState.NONE, None, "")


def test_the_technical_statement_holds_the_commitment_to_the_price_and_no_price(session: Session) -> None:
    bid = seal(session, draft())

    statement = queries.own_statement(session, actor=editor_of(bid), bid_id=bid.id, code=CODE)

    said = json.loads(statement)
    assert said["price_commitment"] == bid.price_hash
    assert not {"price_total_wan", "self_funding_wan", "price_breakdown"} & said.keys()
    assert hash_of(statement) == bid.content_hash


def test_the_price_statement_hashes_to_its_own_commitment(session: Session) -> None:
    bid = seal(session, draft())

    statement = queries.own_price_statement(session, actor=editor_of(bid), bid_id=bid.id, code=CODE)

    assert json.loads(statement)["price_total_wan"] == "706.55"
    assert hash_of(statement) == bid.price_hash


def test_the_same_price_twice_has_two_commitments(session: Session) -> None:
    first, second = seal(session, draft()), seal(session, draft())

    assert first.price_hash != second.price_hash


def test_with_its_code_the_firm_reads_the_bid_as_one(session: Session) -> None:
    bid = seal(session, draft())

    content = queries.content_for(bid, CODE)

    assert content is not None
    assert (content.command.price_total_wan, content.command.price_breakdown) == (PRICE, BREAKDOWN)


def test_another_code_opens_no_price(session: Session) -> None:
    bid = seal(session, draft())

    with pytest.raises(CannotOpen):
        unseal_price_with_code(bid, "ZZZZ-ZZZZ")


def test_a_bid_that_is_taken_back_is_one_draft_again(session: Session) -> None:
    bid = seal(session, draft())

    service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)

    assert (bid.price_state, bid.price_ciphertext, bid.price_hash) == (PriceState.NONE, None, "")
    assert content_of(session, bid).price_total_wan == PRICE


def test_a_bid_that_was_revised_is_sealed_with_new_keys(session: Session) -> None:
    bid = seal(session, draft())
    before = bid.price_hash
    service.revise_bid(session, actor=editor_of(bid), bid_id=bid.id, code=CODE, now=NOON)
    session.commit()

    seal(session, again(bid))

    assert again(bid).price_hash not in ("", before)


def test_a_withdrawal_destroys_both_envelopes(session: Session) -> None:
    bid = seal(session, draft())

    service.withdraw_bid(session, actor=editor_of(bid), bid_id=bid.id, now=NOON)

    assert (bid.ciphertext, bid.price_ciphertext, bid.price_reopening_box, bid.shares) == (None, None, None, [])
    assert (bid.state, bid.price_state) == (BidState.WITHDRAWN, PriceState.NONE)


def test_the_published_list_has_both_commitments(session: Session) -> None:
    bid = seal(session, draft())

    (line,) = commitments.lines([bid])

    assert (line["commitment"], line["price_commitment"]) == (bid.content_hash, bid.price_hash)


def test_a_receipt_is_checked_against_both_commitments(session: Session) -> None:
    bid = seal(session, draft())
    claim = checking.Claim(bid.receipt_code or "", bid.content_hash, price_commitment="0" * 64)

    verdict = checking.check(
        claim, challenge_id=str(bid.challenge_id), known=bid.content_hash, listed=commitments.lines([bid])
    )

    assert verdict.code == "differs"


def test_the_commitment_to_a_price_alone_is_found_on_the_list(session: Session) -> None:
    bid = seal(session, draft())
    claim = checking.claim_of_text(bid.price_hash)

    verdict = checking.check(claim, challenge_id=str(bid.challenge_id), known="", listed=commitments.lines([bid]))

    assert verdict.is_good


def test_the_first_opening_opens_everything_but_the_price(session: Session) -> None:
    bid = opened(session, seal(session, draft()))

    assert (bid.state, bid.price_state) == (BidState.OPENED, PriceState.SEALED)
    assert filled(bid).approach
    assert (bid.price_total_wan, bid.price_breakdown, bid.price_salt) == (None, "", "")


def test_after_the_first_opening_its_firm_still_reads_the_price_with_its_code(session: Session) -> None:
    bid = opened(session, seal(session, draft()))

    assert queries.opens(bid, CODE)
    assert not queries.opens(bid, "ZZZZ-ZZZZ")


def test_a_file_of_the_price_envelope_stays_locked_at_the_first_opening(session: Session) -> None:
    bid = draft()
    attach(session, bid, is_price=True)
    attach(session, bid, is_price=False)

    bid = opened(session, seal(session, bid))

    assert [one.is_price for one in bid.files] == [False]
    kept = set(session.scalars(locked_contents()))
    assert {one.sha256 for one in session.query(BidBlob)} <= kept


def test_no_table_tells_a_price_before_and_after_the_first_opening(session: Session) -> None:
    bid = draft()
    attach(session, bid, is_price=True)
    bid = seal(session, bid)
    needles = ["706.55", "7065500", BREAKDOWN, "报价单"]
    before = told(dump_tables(session), needles)

    opened(session, bid)

    assert (before, told(dump_tables(session), needles)) == ({}, {})


def test_a_price_envelope_of_another_bid_is_not_accepted(session: Session) -> None:
    bid, other = seal(session, draft()), seal(session, draft())
    bid.price_hash = other.price_hash

    content = queries.content_for(bid, CODE)

    assert content is None
