"""What those who judge and award read of opened bids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.bids.queries.opened import bidders, opened_bids
from app.bids.workflow import BidState
from tests.factories.bids import BidFactory
from tests.support.bidding import complete_bid, open_challenge, seal
from tests.support.queries import count_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_opened_bids_come_with_their_content_and_without_their_firm(session: Session) -> None:
    bid = BidFactory(state=BidState.OPENED, approach="两级校准")

    (found,) = opened_bids(session, challenge_id=bid.challenge_id)

    assert (found.id, found.content.approach, len(found.content.commitments)) == (bid.id, "两级校准", 5)
    assert bid.firm.legal_name_zh not in repr(found)
    assert str(bid.firm.id) not in repr(found)


def test_whose_they_are_is_asked_apart(session: Session) -> None:
    bid = BidFactory(state=BidState.VALID)

    found = bidders(session, challenge_id=bid.challenge_id)

    assert found[bid.id].name == bid.firm.legal_name_zh


def test_sealed_bids_and_drafts_are_not_among_them(session: Session) -> None:
    challenge = open_challenge()
    seal(session, complete_bid(challenge))
    complete_bid(challenge)

    assert opened_bids(session, challenge_id=challenge.id) == []
    assert bidders(session, challenge_id=challenge.id) == {}


def test_many_bids_take_no_more_queries_than_one(session: Session) -> None:
    challenge = open_challenge()
    [BidFactory(state=BidState.OPENED, challenge=challenge) for _ in range(4)]
    session.expunge_all()

    with count_queries() as statements:
        found = opened_bids(session, challenge_id=challenge.id)

    assert len(found) == 4
    assert len(statements) <= 4, statements
