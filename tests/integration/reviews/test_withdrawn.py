"""A bid that its firm withdraws while the panel judges leaves the table; the review goes on without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.bids.models import Bid
from app.bids.workflow import BidState
from app.core.errors import Conflict
from app.reviews import service
from app.reviews.commands import Conclude
from app.reviews.queries import seats
from tests.factories.accounts import officer
from tests.factories.reviews import MINUTES, experts_of, handed_in, holder, meeting, scoring, sheet
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.reviews.models import ReviewEntry, ReviewPanel


def withdraw_first(session: Session, panel: ReviewPanel) -> ReviewEntry:
    """Let the first bid on the table have been withdrawn; return its place there."""
    session.refresh(panel, ["entries"])
    entry: Any = panel.entries[0]
    bid = session.get_one(Bid, entry.bid_id)
    bid.state, bid.end_reason = BidState.WITHDRAWN, "withdrawn"
    session.commit()
    return entry


def test_nobody_hands_in_a_sheet_about_it(session: Session) -> None:
    panel = scoring()
    entry, seat = withdraw_first(session, panel), experts_of(panel)[0]
    actor = holder(seat).as_actor()

    with pytest.raises(Conflict, match="withdrawn"):
        service.submit_review(session, actor=actor, seat_id=seat.id, entry_id=entry.id, command=sheet(), now=NOON)


def test_the_reviewer_is_told_and_has_one_less_to_judge(session: Session) -> None:
    panel = scoring(2)
    entry, seat = withdraw_first(session, panel), experts_of(panel)[0]

    view = seats.seat_page(session, actor=holder(seat).as_actor(), seat_id=seat.id)

    assert view.line.n_bids == 1
    assert [card.is_gone for card in view.bids if card.entry_id == entry.id] == [True]


def test_its_page_takes_no_scores(session: Session) -> None:
    panel = scoring()
    entry, seat = withdraw_first(session, panel), experts_of(panel)[0]

    view = seats.entry_page(session, actor=holder(seat).as_actor(), seat_id=seat.id, entry_id=entry.id)

    assert (view.is_gone, view.is_open) == (True, False)


def test_its_missing_sheets_keep_nobody_waiting(session: Session) -> None:
    panel = scoring(2)
    entry = withdraw_first(session, panel)
    other = next(one for one in panel.entries if one.id != entry.id)
    handed_in(panel, {other.label: [0.8] * 5})

    service.open_meeting(session, actor=officer().as_actor(), panel_id=panel.id, now=NOON)

    assert panel.met_at == NOON


def test_it_takes_no_place_in_the_ranking(session: Session) -> None:
    panel = meeting(2)
    entry = withdraw_first(session, panel)

    service.rank_bids(
        session, actor=officer().as_actor(), panel_id=panel.id, command=Conclude(minutes=MINUTES), now=NOON
    )

    assert {one.id: one.place for one in panel.entries if one.id != entry.id}.popitem()[1] == 1
    assert (entry.place, entry.outcome) == (None, None)
