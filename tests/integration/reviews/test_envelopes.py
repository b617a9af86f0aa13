"""Prices that are sealed apart: when they are opened, by whom, which, and what they are worth."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.bids import service as bids
from app.bids.content import price_statement_of, statement_of
from app.bids.models import Bid, Opening
from app.bids.receipt import hash_of
from app.bids.workflow import BidState, PriceState
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.keys.models import KeyHolder
from app.notifications.competition_readers import read
from app.notifications.telling import CompetitionEvent
from app.outbox.models import Job
from app.reviews import service
from app.reviews.commands import Conclude
from app.reviews.queries import feedback_of, ranking_of
from app.reviews.queries.seats import entry_page
from app.reviews.scoring import Outcome
from app.reviews.workflow import PanelState
from tests.factories.accounts import officer
from tests.factories.keys import three_keys
from tests.factories.reviews import MINUTES, experts_of, holder
from tests.support.clock import NOON
from tests.support.envelopes import (
    again,
    close,
    holders_of,
    open_prices,
    opened_bids,
    rank,
    release_price,
    scored,
)
from tests.support.opening import damaged

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WHY = "存储介质损坏，备份中亦无完整密文。"


def damage(session: Session, bid: Bid) -> None:
    """Change the last byte of a price envelope; twice puts it back."""
    bid.price_ciphertext = damaged(bid.price_ciphertext)
    session.commit()


def repaired(session: Session, bid: Bid) -> None:
    """Put the changed byte back."""
    damage(session, bid)


def test_the_first_opening_leaves_every_price_sealed(session: Session) -> None:
    first, _ = opened_bids()

    bid = again(first)

    assert (bid.price_state, bid.price_total_wan, bid.self_funding_wan) == (PriceState.SEALED, None, None)
    assert bid.approach


def test_a_technical_statement_is_verified_without_knowing_the_price(session: Session) -> None:
    first, _ = opened_bids()

    assert hash_of(statement_of(again(first))) == first.content_hash


def test_the_database_refuses_a_price_in_plain_columns_before_its_opening(session: Session) -> None:
    first, _ = opened_bids()
    first.price_total_wan = Decimal(5)

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_before_the_technical_scores_are_final_no_price_key_is_released(session: Session) -> None:
    found = opened_bids()
    scored(found)

    with pytest.raises(RuleViolation, match="technical scores are final"):
        release_price(holders_of(found[0].challenge)[0], found[0].challenge)


def test_one_holder_opens_no_price(session: Session) -> None:
    found = opened_bids()
    close(scored(found))

    release_price(holders_of(found[0].challenge)[0], found[0].challenge)

    assert [again(bid).price_state for bid in found] == [PriceState.DUE, PriceState.DUE]


def test_the_holders_are_asked_for_their_keys_once_the_scores_are_final(session: Session) -> None:
    first, second = opened_bids()
    close(scored([first, second]))
    job = session.scalars(sa.select(Job).where(Job.kind == CompetitionEvent.PRICES_NEEDED)).one()

    news = read(session, CompetitionEvent.PRICES_NEEDED, uuid.UUID(job.payload["need_id"]))

    assert news is not None
    assert {one.user_id for one in news.told} == {one.user_id for one in holders_of(first.challenge)}


def test_two_holders_open_the_prices_once_the_scores_are_final(session: Session) -> None:
    found = opened_bids()
    close(scored(found))

    open_prices(found[0].challenge)

    assert [again(bid).price_total_wan for bid in found] == [Decimal(1000), Decimal(800)]


def test_an_opened_price_hashes_to_what_its_firm_committed_to(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    open_prices(found[0].challenge)

    bid = again(found[0])

    assert hash_of(price_statement_of(bid)) == bid.price_hash
    assert hash_of(statement_of(bid)) == bid.content_hash


def test_the_same_person_does_not_release_twice(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    someone = holders_of(found[0].challenge)[0]
    release_price(someone, found[0].challenge)

    with pytest.raises(Conflict, match="released your key"):
        release_price(someone, found[0].challenge)


def test_who_holds_no_key_of_the_challenge_opens_no_price(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    stranger: KeyHolder = three_keys()[0]

    with pytest.raises(NotAllowed):
        release_price(stranger, found[0].challenge)


def test_a_late_holder_is_told_that_nothing_is_left_to_open(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    open_prices(found[0].challenge)

    with pytest.raises(Conflict, match="no price envelope left"):
        release_price(holders_of(found[0].challenge)[2], found[0].challenge)


def test_the_price_of_a_bid_that_cannot_reach_the_line_stays_sealed(session: Session) -> None:
    found = opened_bids()
    close(scored(found, {0: 0.9, 1: 0.5}))

    opening = open_prices(found[0].challenge)

    weak = again(found[1])
    assert (weak.price_state, weak.price_total_wan) == (PriceState.KEPT, None)
    assert opening.price_record["kept"] == [weak.price_hash]


def test_a_bid_just_within_reach_of_the_line_has_its_price_opened(session: Session) -> None:
    found = opened_bids(pass_line=70)
    panel = scored(found, {0: 0.9, 1: 0.69})

    close(panel)

    assert again(found[1]).price_state is PriceState.DUE


def test_the_price_of_a_vetoed_bid_stays_sealed(session: Session) -> None:
    found = opened_bids()
    panel = scored(found, veto="false_material", veto_reason="检测报告编号查无此号，数据与公开版本不一致，涉嫌虚假。")

    close(panel)

    assert {again(bid).price_state for bid in found} == {PriceState.KEPT}


def test_the_price_of_a_bid_refused_for_form_stays_sealed(session: Session) -> None:
    found = opened_bids((Decimal(1000), Decimal(800), Decimal(700)))
    found[2].state = BidState.FORMAT_REJECTED
    session.commit()

    close(scored(found[:2]))
    open_prices(found[0].challenge)

    assert again(found[2]).price_state is PriceState.KEPT


def test_a_bid_that_ended_after_the_scores_were_final_stays_sealed(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    found[1].state = BidState.WITHDRAWN
    session.commit()

    open_prices(found[0].challenge)

    assert again(found[1]).price_total_wan is None


def test_a_damaged_price_keeps_no_other_back(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    damage(session, found[0])

    opening = open_prices(found[0].challenge)

    broken, sound = again(found[0]), again(found[1])
    assert (broken.price_state, broken.price_error) == (PriceState.DUE, "ciphertext")
    assert sound.price_state is PriceState.OPENED
    assert opening.price_record["bids"][broken.price_hash]["error"] == "ciphertext"


def test_the_ranking_waits_for_a_damaged_price(session: Session) -> None:
    found = opened_bids()
    panel = close(scored(found))
    damage(session, found[0])
    open_prices(found[0].challenge)

    with pytest.raises(RuleViolation, match="Not every price is open"):
        rank(panel)


def test_a_repaired_price_is_opened_with_the_keys_released_before(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    damage(session, found[0])
    open_prices(found[0].challenge)
    repaired(session, found[0])

    bids.open_prices_again(session, actor=officer().as_actor(), challenge_id=found[0].challenge_id, now=NOON)
    session.commit()

    assert again(found[0]).price_total_wan == Decimal(1000)


def test_a_price_that_is_given_up_leaves_its_bid_without_a_place(session: Session) -> None:
    found = opened_bids()
    panel = close(scored(found))
    damage(session, found[0])
    open_prices(found[0].challenge)

    bids.propose_price_giving_up(session, actor=officer().as_actor(), bid_id=found[0].id, reason=WHY, now=NOON)
    bids.confirm_price_giving_up(session, actor=officer().as_actor(), bid_id=found[0].id, now=NOON)
    rank(panel)

    ranking = ranking_of(session, found[0].challenge_id)
    assert ranking is not None
    assert [(line.bid_id, line.outcome) for line in ranking.lines] == [
        (found[1].id, Outcome.PROPOSED),
        (found[0].id, Outcome.UNPRICED),
    ]


def test_only_a_price_that_could_not_be_opened_is_given_up(session: Session) -> None:
    found = opened_bids()
    close(scored(found))

    with pytest.raises(Conflict, match="could not be opened"):
        bids.propose_price_giving_up(session, actor=officer().as_actor(), bid_id=found[0].id, reason=WHY, now=NOON)


def test_one_officer_alone_gives_no_price_up(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    damage(session, found[0])
    open_prices(found[0].challenge)
    alone = officer().as_actor()
    bids.propose_price_giving_up(session, actor=alone, bid_id=found[0].id, reason=WHY, now=NOON)

    with pytest.raises(NotAllowed, match="Another officer"):
        bids.confirm_price_giving_up(session, actor=alone, bid_id=found[0].id, now=NOON)


def test_without_a_reason_no_price_is_given_up(session: Session) -> None:
    found = opened_bids()
    close(scored(found))
    damage(session, found[0])
    open_prices(found[0].challenge)

    with pytest.raises(RuleViolation, match="at least ten characters"):
        bids.propose_price_giving_up(session, actor=officer().as_actor(), bid_id=found[0].id, reason="短", now=NOON)


def test_the_ranking_waits_until_the_scores_are_closed(session: Session) -> None:
    panel = scored(opened_bids())

    with pytest.raises(RuleViolation, match="Close the technical scores first"):
        rank(panel)


def test_the_ranking_waits_for_the_holders(session: Session) -> None:
    panel = close(scored(opened_bids()))

    with pytest.raises(RuleViolation, match="Not every price is open"):
        rank(panel)


def test_the_lowest_price_gets_all_points_and_the_others_their_proportion(session: Session) -> None:
    found = opened_bids()
    panel = close(scored(found))
    open_prices(found[0].challenge)

    rank(panel)

    points = {entry.bid_id: entry.price_points for entry in panel.entries}
    assert points == {found[0].id: Decimal(4), found[1].id: Decimal(5)}


def test_the_points_for_the_price_decide_between_equal_bids(session: Session) -> None:
    found = opened_bids()
    panel = close(scored(found))
    open_prices(found[0].challenge)

    rank(panel)

    ranking = ranking_of(session, found[0].challenge_id)
    assert ranking is not None
    assert [line.bid_id for line in ranking.lines] == [found[1].id, found[0].id]


def test_the_minutes_of_both_meetings_are_kept(session: Session) -> None:
    found = opened_bids()
    panel = close(scored(found))
    open_prices(found[0].challenge)

    rank(panel)

    assert panel.minutes == f"{MINUTES}\n\n{MINUTES}"


def test_a_bidder_reads_its_points_for_the_price(session: Session) -> None:
    found = opened_bids()
    panel = close(scored(found))
    open_prices(found[0].challenge)
    rank(panel)

    feedback = feedback_of(session, found[0].id)

    assert feedback is not None
    assert {one.code: one.mean for one in feedback.criteria}["price"] == Decimal(4)


def test_once_closed_no_score_changes_any_more(session: Session) -> None:
    panel = close(scored(opened_bids()))

    with pytest.raises(Conflict):
        service.close_scores(
            session, actor=officer().as_actor(), panel_id=panel.id, command=Conclude(MINUTES), now=NOON
        )
    assert panel.state is PanelState.PRICING


def test_an_expert_scores_everything_but_the_price(session: Session) -> None:
    panel = scored(opened_bids())
    seat = experts_of(panel)[0]

    page = entry_page(session, actor=holder(seat).as_actor(), seat_id=seat.id, entry_id=panel.entries[0].id)

    assert "price" not in [criterion.code for criterion in page.criteria]
    assert page.content.price_total_wan is None


def test_after_its_opening_an_expert_reads_the_price(session: Session) -> None:
    found = opened_bids((Decimal(1000),))
    panel = close(scored(found))
    open_prices(found[0].challenge)
    seat = experts_of(panel)[0]

    page = entry_page(session, actor=holder(seat).as_actor(), seat_id=seat.id, entry_id=panel.entries[0].id)

    assert page.content.price_total_wan == Decimal(1000)


def test_the_record_tells_who_released_and_what_came_of_it(session: Session) -> None:
    found = opened_bids()
    close(scored(found))

    open_prices(found[0].challenge)

    record = session.get_one(Opening, found[0].challenge_id).price_record
    assert len(record["releases"]) == 2
    assert set(record["bids"]) == {bid.price_hash for bid in found}
