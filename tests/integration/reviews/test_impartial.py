"""An officer who is tied to a company of a competition decides nothing in it, from its approval to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.bids.workflow import BidState
from app.challenges import service as challenges
from app.challenges.commands import ProposeExtension
from app.core.errors import NotAllowed
from app.demands.workflow import PostingState
from app.reviews import service
from app.reviews.commands import FormPanel
from tests.factories.accounts import tied_officer
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory
from tests.factories.reviews import formed, in_order, under_evaluation
from tests.support.clock import NOON
from tests.support.process import DAY, OPINION, submitted

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

TIED = "declared an interest"


def test_a_challenge_of_such_a_company_is_approved_by_another_officer(session: Session) -> None:
    row = submitted(programme=ProgrammeFactory())
    actor = tied_officer(row.organization_id).as_actor()

    with pytest.raises(NotAllowed, match=TIED):
        challenges.approve_challenge(session, actor=actor, challenge_id=row.id, command=OPINION, now=NOON)

    assert row.state is PostingState.SUBMITTED


def test_such_an_officer_proposes_no_more_time(session: Session) -> None:
    row = ChallengeFactory(bid_deadline_at=NOON + 30 * DAY)
    actor = tied_officer(row.organization_id).as_actor()
    command = ProposeExtension("多家单位反映准备时间不足，延长。", new_deadline_at=NOON + 60 * DAY)

    with pytest.raises(NotAllowed, match=TIED):
        challenges.propose_extension(session, actor=actor, challenge_id=row.id, command=command, now=NOON)


def test_such_an_officer_ends_no_competition_of_a_bidder(session: Session) -> None:
    row, bids = under_evaluation()
    actor = tied_officer(bids[0].organization_id).as_actor()

    with pytest.raises(NotAllowed, match=TIED):
        challenges.declare_no_award(
            session, actor=actor, challenge_id=row.id, reasons=["no_bid"], text="各方案均未达到指标。", now=NOON
        )


def test_such_an_officer_checks_no_bid_of_the_competition(session: Session) -> None:
    _, bids = under_evaluation(state=BidState.OPENED)
    actor = tied_officer(bids[0].organization_id).as_actor()

    with pytest.raises(NotAllowed, match=TIED):
        service.save_check(session, actor=actor, bid_id=bids[1].id, command=in_order(), now=NOON)


def test_such_an_officer_forms_no_panel(session: Session) -> None:
    row, bids = under_evaluation()
    actor = tied_officer(bids[0].organization_id).as_actor()

    with pytest.raises(NotAllowed, match=TIED):
        service.form_panel(session, actor=actor, challenge_id=row.id, command=FormPanel("panel", 5), now=NOON)


def test_such_an_officer_calls_no_panel(session: Session) -> None:
    panel = formed()
    actor = tied_officer(panel.entries[0].bid.organization_id).as_actor()

    with pytest.raises(NotAllowed, match=TIED):
        service.call_panel(session, actor=actor, panel_id=panel.id, now=NOON)


@pytest.mark.parametrize("address", ["/desk/challenges/{}", "/desk/reviews/{}", "/desk/reviews/{}/pool"])
def test_the_desk_says_why_nothing_is_offered(
    session: Session, client: FlaskClient, login: Callable[..., FlaskClient], address: str
) -> None:
    row, bids = under_evaluation()
    person: Any = tied_officer(bids[0].organization_id)

    page = login(client, person).get(address.format(row.id)).text

    assert "应当回避" in page
