"""Who opens the files of an opened bid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from app.bids.models import Bid, BidFile
from app.core.actor import StaffRole
from app.files.models import StoredFile
from app.files.policy import can_open
from app.reviews.models import ReviewSeat
from app.reviews.workflow import PanelState, SeatState
from tests.factories.accounts import OrganizationFactory, UserFactory, officer, operator
from tests.factories.files import StoredFileFactory
from tests.factories.reviews import experts_of, holder, rules_of, scoring
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from app.accounts.models import User
    from app.reviews.models import ReviewPanel


def annexed(session: Session, panel: ReviewPanel, *, is_price: bool = False) -> StoredFile:
    """Return a file of the first bid on the table."""
    session.refresh(panel, ["entries"])
    bid = session.get_one(Bid, panel.entries[0].bid_id)
    file = StoredFileFactory(organization_id=bid.organization_id, purpose="bid", filename="测试报告.pdf")
    session.add(BidFile(bid_id=bid.id, file_id=file.id, is_price=is_price))
    session.commit()
    return file


def owner_on_a_seat(session: Session, panel: ReviewPanel) -> tuple[User, ReviewSeat]:
    """Return an editor of the challenge's company, which has pledged."""
    user = UserFactory(organization=panel.challenge.organization)
    seat = session.scalars(sa.select(ReviewSeat).filter_by(panel_id=panel.id, expert_id=None)).one()
    seat.state, seat.pledged_at, seat.pledged_by = SeatState.ACTIVE, NOON, user.id
    session.commit()
    return user, seat


def opens(session: Session, file: StoredFile, *users: Any) -> list[bool]:
    return [bool(can_open(session, one.as_actor(), file)) for one in users]


def test_the_authority_opens_the_files_of_a_bid_and_the_operator_does_not(session: Session) -> None:
    file = annexed(session, scoring())
    supervisor = officer(role=StaffRole.SUPERVISOR)

    assert opens(session, file, officer(), supervisor, operator()) == [True, True, False]


def test_the_owner_opens_them_only_after_the_pledge(session: Session) -> None:
    panel = scoring()
    file = annexed(session, panel)
    user, seat = owner_on_a_seat(session, panel)
    assert opens(session, file, user) == [True]

    seat.state, seat.pledged_at = SeatState.INVITED, None
    session.commit()

    assert opens(session, file, user) == [False]


def test_experts_and_other_companies_open_none(session: Session) -> None:
    panel = scoring()
    file = annexed(session, panel)
    stranger = UserFactory(organization=OrganizationFactory())

    assert opens(session, file, holder(experts_of(panel)[0]), stranger) == [False, False]


@pytest.mark.parametrize(("state", "is_open"), [(PanelState.SCORING, False), (PanelState.PRICING, True)])
def test_files_of_a_price_wait_for_the_technical_scores(session: Session, state: PanelState, is_open: bool) -> None:
    panel = scoring()
    file = annexed(session, panel, is_price=True)
    user, _ = owner_on_a_seat(session, panel)
    panel.rules = {**rules_of(panel).stored(), "has_price_envelope": True}
    panel.state, panel.minutes, panel.closed_at = state, "会议纪要", NOON
    session.commit()

    assert opens(session, file, user) == [is_open]


def test_the_owner_finds_the_files_beside_the_bid(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    panel = scoring()
    file = annexed(session, panel)
    user, seat = owner_on_a_seat(session, panel)
    login(client, user)

    assert f"/files/{file.id}" in page(f"/workspace/reviews/{seat.id}/bids/{panel.entries[0].id}")


def test_an_expert_is_told_how_many_there_are(
    session: Session, client: FlaskClient, login: Callable[..., Any], page: Callable[..., str]
) -> None:
    panel = scoring()
    file = annexed(session, panel)
    seat = experts_of(panel)[0]
    login(client, holder(seat))

    text = page(f"/workspace/reviews/{seat.id}/bids/{panel.entries[0].id}")

    assert file.filename not in text
    assert str(file.id) not in text


@pytest.mark.parametrize(("who", "is_linked"), [(officer, True), (operator, False)])
def test_the_format_check_links_files_for_who_may_read_them(
    session: Session,
    client: FlaskClient,
    login: Callable[..., Any],
    page: Callable[..., str],
    who: Any,
    is_linked: bool,
) -> None:
    panel = scoring()
    file = annexed(session, panel)
    login(client, who())

    text = page(f"/desk/reviews/bids/{panel.entries[0].bid_id}/format")

    assert file.filename in text
    assert (f"/files/{file.id}" in text) is is_linked
