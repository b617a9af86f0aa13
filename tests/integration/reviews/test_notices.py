from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.models import Organization
from app.bids.workflow import BidState
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.mail.models import MailMessage
from app.notifications.events import EventKind
from app.notifications.models import Notification
from app.notifications.service import tell
from app.outbox.models import Job
from app.reviews import service
from app.reviews.commands import SetDefence
from app.reviews.rules import MINOR
from app.reviews.workflow import SeatState
from tests.factories.accounts import UserFactory, operator
from tests.factories.reviews import called, experts_of, handed_in, holder, in_order, ranked, scoring, under_evaluation
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

IN_TWO_DAYS = NOON + dt.timedelta(days=2)
HOUR = SetDefence(IN_TWO_DAYS, 30, "三楼会议室")


def _told(session: Session, user_id: Any) -> list[str]:
    return [one.kind for one in session.query(Notification).filter_by(user_id=user_id)]


def _reminded(session: Session) -> int:
    return session.query(Job).filter_by(kind="review.reminded").count()


def _defence(session: Session, entry: Any, command: SetDefence = HOUR, actor: Any = None) -> Any:
    who = (actor or operator()).as_actor()
    return service.set_defence(session, actor=who, entry_id=entry.id, command=command, now=NOON)


def test_an_expert_without_company_is_told_and_written_to(session: Session) -> None:
    seat = experts_of(called())[0]
    expert = holder(seat)

    tell(session, kind=EventKind.REVIEW_INVITED, subject_id=seat.id, now=NOON)

    assert _told(session, expert.id) == ["review.invited"]
    assert session.query(MailMessage).filter_by(user_id=expert.id, template="review_invited").count() == 1


def test_the_owner_is_told_of_its_own_seat(session: Session) -> None:
    panel = called()
    owner = UserFactory(organization=panel.challenge.organization)
    seat = next(seat for seat in panel.seats if seat.expert_id is None)

    tell(session, kind=EventKind.REVIEW_INVITED, subject_id=seat.id, now=NOON)

    assert _told(session, owner.id) == ["review.invited"]


def test_nobody_is_told_of_a_seat_that_is_gone(session: Session) -> None:
    seat = experts_of(called())[0]
    seat.state, seat.reason = SeatState.REMOVED, "联系不上专家"
    session.commit()

    assert tell(session, kind=EventKind.REVIEW_INVITED, subject_id=seat.id, now=NOON) == 0


def test_a_firm_is_told_of_the_correction_and_of_the_decision(session: Session) -> None:
    bid = under_evaluation(1, BidState.OPENED)[1][0]
    person = UserFactory(organization=session.get_one(Organization, bid.organization_id))
    service.ask_correction(
        session, actor=operator().as_actor(), bid_id=bid.id, command=in_order(documents=MINOR), now=NOON
    )

    tell(session, kind=EventKind.BID_CORRECTION_ASKED, subject_id=bid.id, now=NOON)
    tell(session, kind=EventKind.BID_FORMAT_DECIDED, subject_id=bid.id, now=NOON)

    assert sorted(_told(session, person.id)) == ["bid.correction_asked", "bid.format_decided"]


def test_the_owner_is_told_of_the_ranking(session: Session) -> None:
    panel = ranked()
    owner = UserFactory(organization=panel.challenge.organization)

    tell(session, kind=EventKind.REVIEW_RANKED, subject_id=panel.id, now=NOON)

    assert _told(session, owner.id) == ["review.ranked"]


def test_whoever_does_not_declare_is_reminded_after_two_days_once_a_day(session: Session) -> None:
    called()

    assert service.remind(session, NOON + dt.timedelta(days=1)) == 0
    assert service.remind(session, IN_TWO_DAYS) == 6
    assert service.remind(session, IN_TWO_DAYS + dt.timedelta(hours=1)) == 0
    assert service.remind(session, IN_TWO_DAYS + dt.timedelta(days=1)) == 6


def test_whoever_has_not_scored_is_reminded_three_days_before_the_end(session: Session) -> None:
    panel = scoring(1)
    _without_owner(session, panel)
    due = panel.due_at

    assert service.remind(session, due - dt.timedelta(days=4)) == 0
    assert service.remind(session, due - dt.timedelta(days=3)) == 5


def test_whoever_has_scored_is_left_alone(session: Session) -> None:
    panel = scoring(1)
    _without_owner(session, panel)
    handed_in(panel)

    assert service.remind(session, panel.due_at) == 0
    assert _reminded(session) == 0


def _without_owner(session: Session, panel: Any) -> None:
    session.refresh(panel, ["seats"])
    owner = next(seat for seat in panel.seats if seat.expert_id is None)
    owner.state, owner.reason = SeatState.REMOVED, "不参加评审"
    session.commit()


def test_a_defence_short_lists_the_bid_and_tells_its_firm(session: Session) -> None:
    panel = scoring(1)
    session.refresh(panel, ["entries"])
    entry = panel.entries[0]

    _defence(session, entry)
    person = UserFactory(organization=session.get_one(Organization, entry.bid.organization_id))
    tell(session, kind=EventKind.BID_DEFENCE_SET, subject_id=entry.bid_id, now=NOON)

    assert entry.bid.state is BidState.SHORTLISTED
    assert _told(session, person.id) == ["bid.defence_set"]


def test_two_defences_do_not_overlap(session: Session) -> None:
    panel = scoring()
    session.refresh(panel, ["entries"])
    first, second = panel.entries
    _defence(session, first)

    with pytest.raises(RuleViolation, match="Another defence"):
        _defence(session, second, SetDefence(IN_TWO_DAYS + dt.timedelta(minutes=29), 30, "三楼"))
    _defence(session, second, SetDefence(IN_TWO_DAYS + dt.timedelta(minutes=30), 30, "三楼"))


@pytest.mark.parametrize(
    "command", [SetDefence(NOON, 30, "三楼"), SetDefence(IN_TWO_DAYS, 3, "三楼"), SetDefence(IN_TWO_DAYS, 30, "")]
)
def test_a_defence_needs_an_hour_to_come_a_length_and_a_place(session: Session, command: SetDefence) -> None:
    panel = scoring(1)
    session.refresh(panel, ["entries"])

    with pytest.raises(RuleViolation):
        _defence(session, panel.entries[0], command)


def test_a_defence_has_taken_place_only_after_its_hour(session: Session) -> None:
    panel = scoring(1)
    session.refresh(panel, ["entries"])
    entry, actor = _defence(session, panel.entries[0]), operator().as_actor()

    with pytest.raises(RuleViolation, match="not come yet"):
        service.mark_defended(session, actor=actor, entry_id=entry.id, now=NOON)
    service.mark_defended(session, actor=actor, entry_id=entry.id, now=IN_TWO_DAYS)

    assert entry.bid.state is BidState.DEFENDED


def test_there_is_no_defence_after_the_ranking(session: Session) -> None:
    panel = ranked()

    with pytest.raises(Conflict):
        _defence(session, panel.entries[0])


def test_an_expert_sets_no_defence(session: Session) -> None:
    panel = scoring(1)
    session.refresh(panel, ["entries"])

    with pytest.raises(NotAllowed):
        _defence(session, panel.entries[0], actor=holder(experts_of(panel)[0]))
