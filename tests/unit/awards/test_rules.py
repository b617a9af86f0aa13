"""What a proposal of award must keep to."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from app.awards.commands import Outcome, ProposeAward, Verdict
from app.awards.rules import Ranked, notice_ends, proposal_faults, reserve_order, resumed_end
from app.core.clock import SHANGHAI
from tests.support.clock import NOON

FIRST, SECOND, THIRD, BELOW = (uuid.UUID(int=n) for n in range(1, 5))
RANKING = (Ranked(FIRST, 1, True), Ranked(SECOND, 2, True), Ranked(THIRD, 3, True), Ranked(BELOW, 4, False))
WHY = "指标响应与供货能力均不及前列。"
GIVEN = {
    FIRST: (Outcome.SELECTED, ""),
    SECOND: (Outcome.RESERVE, ""),
    THIRD: (Outcome.NOT_SELECTED, WHY),
    BELOW: (Outcome.NOT_SELECTED, WHY),
}


def proposal(reasons: str = "第一名指标全部响应，样片进度可信。", **changes: tuple[Outcome, str]) -> ProposeAward:
    names = {"first": FIRST, "second": SECOND, "third": THIRD, "below": BELOW}
    wanted = GIVEN | {names[name]: verdict for name, verdict in changes.items()}
    return ProposeAward(tuple(Verdict(bid_id, *verdict) for bid_id, verdict in wanted.items()), reasons)


def messages(command: ProposeAward, award_count: int = 1) -> list[str]:
    return [fault.message for fault in proposal_faults(command, RANKING, award_count=award_count)]


def test_a_proposal_that_follows_the_ranking_has_no_fault() -> None:
    assert messages(proposal()) == []


def test_every_ranked_bid_needs_a_verdict() -> None:
    command = ProposeAward(proposal().verdicts[:3], "第一名指标全部响应，样片进度可信。")

    assert messages(command) == ["Say of every ranked bid exactly once what becomes of it."]


def test_no_bid_may_be_named_twice() -> None:
    command = ProposeAward((*proposal().verdicts, proposal().verdicts[0]), "第一名指标全部响应，样片进度可信。")

    assert messages(command) == ["Say of every ranked bid exactly once what becomes of it."]


def test_an_award_to_nobody_is_no_proposal() -> None:
    assert "Select at least one bid, or end the competition without an award." in messages(
        proposal(first=(Outcome.NOT_SELECTED, WHY))
    )


@pytest.mark.parametrize(("award_count", "is_too_many"), [(1, True), (2, False)])
def test_no_more_bids_are_selected_than_there_are_awards(award_count: int, is_too_many: bool) -> None:
    found = messages(proposal(second=(Outcome.SELECTED, "")), award_count)

    assert ("More bids are selected than the challenge has awards." in found) is is_too_many


@pytest.mark.parametrize("outcome", [Outcome.SELECTED, Outcome.RESERVE])
def test_a_bid_below_the_line_is_neither_selected_nor_in_reserve(outcome: Outcome) -> None:
    assert "A bid below the line, or with a veto, can be neither selected nor kept in reserve." in messages(
        proposal(below=(outcome, WHY)), 3
    )


def test_who_is_refused_is_owed_a_reason() -> None:
    assert messages(proposal(third=(Outcome.NOT_SELECTED, "太短"))) == [
        "Give each bid that is refused or passed over a reason of at least ten characters."
    ]


def test_who_is_passed_over_is_owed_a_reason() -> None:
    command = proposal(first=(Outcome.RESERVE, ""), second=(Outcome.SELECTED, ""))

    assert messages(command) == ["Give each bid that is refused or passed over a reason of at least ten characters."]


def test_the_proposal_as_a_whole_has_reasons() -> None:
    assert messages(proposal(reasons=" ")) == ["State the reasons of the proposal in at least ten characters."]


def test_the_reserve_moves_up_in_the_order_of_the_ranking() -> None:
    outcomes = {FIRST: Outcome.SELECTED, SECOND: Outcome.RESERVE, THIRD: Outcome.RESERVE}

    assert reserve_order(tuple(reversed(RANKING)), outcomes) == [SECOND, THIRD]


def test_the_day_of_publication_does_not_count_and_weekends_do_not_either() -> None:
    tuesday = dt.datetime(2026, 11, 24, 12, tzinfo=SHANGHAI)

    assert notice_ends(tuesday, 5) == dt.datetime(2026, 12, 2, 0, tzinfo=SHANGHAI)


def test_no_second_of_a_notice_is_lost_while_it_stands_still() -> None:
    ends_at, frozen_at = NOON + dt.timedelta(days=5), NOON + dt.timedelta(days=1)
    now = NOON + dt.timedelta(days=9)

    assert resumed_end(ends_at, frozen_at, now) - now >= ends_at - frozen_at


def test_a_notice_that_stood_still_keeps_its_working_days() -> None:
    friday_night = dt.datetime(2026, 12, 5, 0, tzinfo=SHANGHAI)
    wednesday, friday = dt.datetime(2026, 12, 2, 10, tzinfo=SHANGHAI), dt.datetime(2026, 12, 4, 10, tzinfo=SHANGHAI)

    assert resumed_end(friday_night, wednesday, friday) == dt.datetime(2026, 12, 9, 0, tzinfo=SHANGHAI)


def test_a_notice_whose_time_was_up_ends_at_once() -> None:
    assert resumed_end(NOON, NOON, NOON + dt.timedelta(days=3)) == NOON + dt.timedelta(days=3)
