"""Two people at the same moment, on connections that really commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.bids.workflow import BidState
from app.reviews import service
from app.reviews.commands import Conclude, FormPanel
from app.reviews.models import Expert, Review, ReviewPanel, ReviewSeat
from app.reviews.workflow import HELD, FormatEvent
from tests.factories.accounts import officer, operator
from tests.factories.reviews import (
    MINUTES,
    ExpertFactory,
    called,
    experts_of,
    holder,
    in_order,
    meeting,
    pool,
    scoring,
    sheet,
    under_evaluation,
)
from tests.support.clock import NOON
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from app.bids.models import Bid

pytestmark = pytest.mark.real_clock
PANEL = FormPanel("panel", 5)


def test_of_two_officers_who_form_a_panel_one_wins(own_app: Flask, own_session: Session) -> None:
    challenge, _ = under_evaluation()
    pool(12)
    first, second = officer().as_actor(), officer().as_actor()

    refused = at_once(
        own_app,
        lambda s: service.form_panel(s, actor=first, challenge_id=challenge.id, command=PANEL, now=NOON),
        lambda s: service.form_panel(s, actor=second, challenge_id=challenge.id, command=PANEL, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]
    assert own_session.query(ReviewPanel).count() == 1


def test_two_panels_at_once_overload_nobody(own_app: Flask, own_session: Session) -> None:
    one, other = under_evaluation()[0], under_evaluation()[0]
    for _ in range(5):
        ExpertFactory(sides=["application", "finance_ip"], load_limit=1)
    boss = officer().as_actor()

    refused = at_once(
        own_app,
        lambda s: service.form_panel(s, actor=boss, challenge_id=one.id, command=PANEL, now=NOON),
        lambda s: service.form_panel(s, actor=boss, challenge_id=other.id, command=PANEL, now=NOON),
    )

    assert outcomes(refused) == ["RuleViolation", "done"]
    held = own_session.query(ReviewSeat).filter(ReviewSeat.state.in_(HELD), ReviewSeat.expert_id.is_not(None))
    assert held.count() == own_session.query(Expert).count()


def test_a_sheet_sent_twice_is_handed_in_once(own_app: Flask, own_session: Session) -> None:
    panel = scoring()
    seat = experts_of(panel)[0]
    own_session.refresh(panel, ["entries"])
    actor, entry_id = holder(seat).as_actor(), panel.entries[0].id
    own_session.commit()

    def submit(session: Session) -> Review:
        return service.submit_review(
            session, actor=actor, seat_id=seat.id, entry_id=entry_id, command=sheet(), now=NOON
        )

    refused = at_once(own_app, submit, submit)

    assert "done" in outcomes(refused)
    assert outcomes(refused).count("done") == 1
    assert own_session.query(Review).count() == 1


def test_two_seats_that_become_free_at_once_get_two_people(own_app: Flask, own_session: Session) -> None:
    panel = called(n_experts=12)
    first, second = experts_of(panel)[:2]
    boss = officer().as_actor()

    refused = at_once(
        own_app,
        lambda s: service.replace_seat(s, actor=boss, seat_id=first.id, reason="联系不上专家", now=NOON),
        lambda s: service.replace_seat(s, actor=boss, seat_id=second.id, reason="联系不上专家", now=NOON),
    )

    assert outcomes(refused) == ["done", "done"]
    own_session.expire_all()
    held = [seat.expert_id for seat in experts_of(panel) if seat.state in HELD]
    assert len(held) == len(set(held)) == 5


def test_of_acceptance_and_rejection_one_is_signed(own_app: Flask, own_session: Session) -> None:
    bid: Bid = under_evaluation(1, state=BidState.OPENED)[1][0]
    service.prepare_check(own_session, actor=operator().as_actor(), bid_id=bid.id, command=in_order(), now=NOON)
    own_session.commit()
    first, second = officer().as_actor(), officer().as_actor()

    refused = at_once(
        own_app,
        lambda s: service.sign_check(s, actor=first, bid_id=bid.id, event=FormatEvent.ACCEPT, opinion="", now=NOON),
        lambda s: service.sign_check(s, actor=second, bid_id=bid.id, event=FormatEvent.ACCEPT, opinion="", now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]


def test_of_two_rankings_one_is_settled(own_app: Flask, own_session: Session) -> None:
    panel = meeting(2, {"A": [0.9] * 5, "B": [0.8] * 5})
    first, second = officer().as_actor(), officer().as_actor()
    command = Conclude(MINUTES)

    refused = at_once(
        own_app,
        lambda s: service.rank_bids(s, actor=first, panel_id=panel.id, command=command, now=NOON),
        lambda s: service.rank_bids(s, actor=second, panel_id=panel.id, command=command, now=NOON),
    )

    assert outcomes(refused) == ["Conflict", "done"]
