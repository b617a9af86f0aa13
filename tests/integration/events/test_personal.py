"""Two introduced companies agree on a time, and say what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.events import service
from app.events.commands import ProposeMeeting, RecordOutcome
from app.events.models import Meeting, MeetingOutcome
from app.events.queries.schedule import figures
from app.events.workflow import EventState, MeetingState
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.challenges import ChallengeFactory
from tests.factories.events import EventFactory, PersonalMeetingFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.models import Pairing

TOMORROW = NOON + dt.timedelta(days=1)
TIMES = ProposeMeeting(
    "样品评测", (TOMORROW, TOMORROW + dt.timedelta(days=1)), 45, "Europe/Berlin", video_url="https://meet.example.com/1"
)
GOOD = RecordOutcome("promising", 5, "sample", ())


@pytest.fixture
def pairing(session: Session) -> Pairing:
    """A pairing that both sides have accepted."""
    introduced: Pairing = PairingFactory(introduced=True)
    return introduced


@pytest.fixture
def maker(pairing: Pairing) -> Actor:
    """Somebody of the terminal maker."""
    return UserFactory(organization=pairing.demand).as_actor()


@pytest.fixture
def firm(pairing: Pairing) -> Actor:
    """Somebody of the chip firm."""
    return UserFactory(organization=pairing.supplier).as_actor()


def propose(session: Session, actor: Actor, pairing: Pairing, command: ProposeMeeting = TIMES) -> Meeting:
    meeting = service.propose_meeting(session, actor=actor, pairing_id=pairing.id, command=command, now=NOON)
    session.flush()
    return meeting


def accept(session: Session, actor: Actor, meeting: Meeting, which: int = 0, now: dt.datetime = NOON) -> Meeting:
    option = meeting.options[which].id
    return service.accept_meeting(session, actor=actor, meeting_id=meeting.id, option_id=option, now=now)


def told(session: Session) -> list[str]:
    return list(session.scalars(sa.select(Job.kind).order_by(Job.kind)))


def test_times_are_proposed_to_the_other_side(session: Session, pairing: Pairing, maker: Actor) -> None:
    meeting = propose(session, maker, pairing)

    assert (meeting.state, meeting.proposed_by) == (MeetingState.PROPOSED, maker.organization_id)
    assert [one.ends_at - one.starts_at for one in meeting.options] == [dt.timedelta(minutes=45)] * 2
    assert told(session) == ["meeting.proposed"]


def test_companies_that_do_not_know_each_other_propose_nothing(session: Session) -> None:
    pairing = PairingFactory()

    with pytest.raises(NotAllowed):
        propose(session, UserFactory(organization=pairing.demand).as_actor(), pairing)


def test_a_pairing_of_others_is_hidden(session: Session, pairing: Pairing) -> None:
    with pytest.raises(NotFound):
        propose(session, UserFactory(organization=OrganizationFactory()).as_actor(), pairing)


def test_one_proposal_waits_at_a_time(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    propose(session, maker, pairing)

    with pytest.raises(Conflict):
        propose(session, firm, pairing)


def test_the_chosen_time_is_fixed_and_both_are_invited(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    meeting = accept(session, firm, propose(session, maker, pairing), which=1)

    assert (meeting.state, meeting.starts_at) == (MeetingState.SET, TIMES.options[1])
    assert (meeting.sequence, meeting.announced) == (0, 0)
    assert told(session) == ["meeting.proposed", "meeting.set"]


def test_nobody_accepts_its_own_proposal(session: Session, pairing: Pairing, maker: Actor) -> None:
    with pytest.raises(NotAllowed):
        accept(session, maker, propose(session, maker, pairing))


def test_a_proposal_is_answered_once(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    meeting = accept(session, firm, propose(session, maker, pairing))

    with pytest.raises(Conflict):
        accept(session, firm, meeting)


def test_a_time_that_has_passed_is_not_accepted(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    with pytest.raises(Conflict):
        accept(session, firm, propose(session, maker, pairing), now=TOMORROW)


def test_other_times_turn_the_question_round(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    meeting = propose(session, maker, pairing)

    service.counter_meeting(session, actor=firm, meeting_id=meeting.id, command=TIMES, now=NOON)

    assert meeting.proposed_by == firm.organization_id
    assert accept(session, maker, meeting).state is MeetingState.SET


def test_an_agreed_meeting_moves_with_a_higher_sequence(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    meeting = accept(session, firm, propose(session, maker, pairing))
    service.counter_meeting(
        session, actor=maker, meeting_id=meeting.id,
        command=replace(TIMES, options=(TOMORROW + dt.timedelta(days=3),)), now=NOON,
    )  # fmt: skip

    accept(session, firm, meeting)
    session.flush()

    assert (meeting.sequence, meeting.announced) == (1, 1)
    assert "meeting.moved" in told(session)


def test_declining_new_times_calls_an_agreed_meeting_off(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    meeting = accept(session, firm, propose(session, maker, pairing))
    service.counter_meeting(session, actor=maker, meeting_id=meeting.id, command=TIMES, now=NOON)

    service.decline_meeting(session, actor=firm, meeting_id=meeting.id, reason="", now=NOON)
    session.flush()

    assert meeting.state is MeetingState.CANCELLED
    assert "meeting.cancelled" in told(session)


def test_a_declined_proposal_leaves_no_calendar_entry(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    meeting = propose(session, maker, pairing)

    service.decline_meeting(session, actor=firm, meeting_id=meeting.id, reason="展会期间", now=NOON)
    session.flush()

    assert meeting.state is MeetingState.DECLINED
    assert told(session) == ["meeting.declined", "meeting.proposed"]


def test_a_cancellation_says_why(session: Session, pairing: Pairing, maker: Actor, firm: Actor) -> None:
    meeting = accept(session, firm, propose(session, maker, pairing))

    with pytest.raises(RuleViolation):
        service.cancel_meeting(session, actor=maker, meeting_id=meeting.id, reason="", now=NOON)


def test_what_has_begun_is_not_cancelled(session: Session) -> None:
    meeting = PersonalMeetingFactory(starts_at=NOON, ends_at=NOON + dt.timedelta(hours=1))

    with pytest.raises(Conflict):
        service.cancel_meeting(
            session,
            actor=UserFactory(organization=meeting.host).as_actor(),
            meeting_id=meeting.id,
            reason="x",
            now=NOON,
        )


def test_the_outcome_is_kept_and_corrected(session: Session) -> None:
    meeting = PersonalMeetingFactory(starts_at=NOON - dt.timedelta(hours=1), ends_at=NOON)
    actor = UserFactory(organization=meeting.host).as_actor()
    service.record_outcome(session, actor=actor, meeting_id=meeting.id, command=GOOD, now=NOON)

    later = RecordOutcome("no_fit", 2, "", ("price",), "太贵")
    service.record_outcome(session, actor=actor, meeting_id=meeting.id, command=later, now=NOON)

    kept = session.scalars(sa.select(MeetingOutcome)).one()
    assert (kept.result, kept.reasons) == ("no_fit", ["price"])


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (RecordOutcome("no_fit", 2, "", ()), "reasons"),
        (RecordOutcome("promising", None, "sample", ()), "rating"),
        (RecordOutcome("great", 5, "", ()), "result"),
        (RecordOutcome("promising", 5, "marry", ()), "next_step"),
    ],
)
def test_an_outcome_is_complete(session: Session, command: RecordOutcome, field: str) -> None:
    meeting = PersonalMeetingFactory(starts_at=NOON - dt.timedelta(hours=1), ends_at=NOON)
    actor = UserFactory(organization=meeting.host).as_actor()

    with pytest.raises(RuleViolation) as refusal:
        service.record_outcome(session, actor=actor, meeting_id=meeting.id, command=command, now=NOON)

    assert refusal.value.field == field


def test_the_desk_counts_what_companies_say(session: Session) -> None:
    meeting = PersonalMeetingFactory(starts_at=NOON - dt.timedelta(hours=1), ends_at=NOON)
    for company in (meeting.host, meeting.guest):
        actor = UserFactory(organization=company).as_actor()
        service.record_outcome(session, actor=actor, meeting_id=meeting.id, command=GOOD, now=NOON)

    found = figures(session, actor=officer().as_actor(), now=NOON)

    assert (found.n_meetings, found.n_told, found.rating) == (1, 2, 5.0)
    assert (found.results, found.next_steps) == ({"promising": 2}, {"sample": 2})


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (dt.timedelta(hours=23), []),
        (dt.timedelta(days=1), ["meeting.next_day"]),
        (dt.timedelta(days=30), ["meeting.next_day", "meeting.next_month"]),
        (dt.timedelta(days=61), []),
    ],
)
def test_companies_are_asked_after_a_day_and_after_a_month(
    session: Session, after: dt.timedelta, kinds: list[str]
) -> None:
    meeting = PersonalMeetingFactory()

    service.ask_follow_ups(session, now=meeting.ends_at + after)
    session.flush()

    assert told(session) == kinds


def test_companies_are_asked_once(session: Session) -> None:
    meeting = PersonalMeetingFactory()
    later = meeting.ends_at + dt.timedelta(days=2)
    service.ask_follow_ups(session, now=later)
    session.flush()

    assert service.ask_follow_ups(session, now=later) == 0


def test_an_event_is_held_when_its_last_slot_is_over(session: Session) -> None:
    event = EventFactory(scheduled=True)
    end = event.slots[-1].ends_at

    assert service.finish_events(session, now=end - dt.timedelta(minutes=1)) == 0
    assert service.finish_events(session, now=end) == 1
    assert event.state is EventState.HELD


def test_a_meeting_of_others_is_hidden(session: Session) -> None:
    meeting = PersonalMeetingFactory()

    with pytest.raises(NotFound):
        service.cancel_meeting(
            session, actor=UserFactory(organization=OrganizationFactory()).as_actor(), meeting_id=meeting.id,
            reason="x", now=NOON,
        )  # fmt: skip


def test_an_option_of_another_meeting_is_not_accepted(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    meeting = propose(session, maker, pairing)

    with pytest.raises(Conflict):
        service.accept_meeting(session, actor=firm, meeting_id=meeting.id, option_id=uuid.uuid4(), now=NOON)


def test_a_maker_whose_challenge_takes_bids_arranges_no_meeting(
    session: Session, pairing: Pairing, firm: Actor
) -> None:
    ChallengeFactory(organization=pairing.demand)

    with pytest.raises(NotAllowed, match="takes bids"):
        service.propose_meeting(session, actor=firm, pairing_id=pairing.id, command=TIMES, now=NOON)


def test_a_proposal_made_before_the_challenge_is_accepted_by_nobody_while_it_takes_bids(
    session: Session, pairing: Pairing, maker: Actor, firm: Actor
) -> None:
    meeting = propose(session, maker, pairing)
    ChallengeFactory(organization=pairing.demand)

    with pytest.raises(NotAllowed, match="takes bids"):
        accept(session, firm, meeting)
    with pytest.raises(NotAllowed, match="takes bids"):
        service.counter_meeting(session, actor=firm, meeting_id=meeting.id, command=TIMES, now=NOON)


def test_a_firm_that_poses_no_challenge_meets_though_others_do(session: Session, pairing: Pairing, firm: Actor) -> None:
    ChallengeFactory()

    assert propose(session, firm, pairing).state is MeetingState.PROPOSED


def test_a_meeting_is_called_off_under_an_embargo_too(session: Session, pairing: Pairing, firm: Actor) -> None:
    meeting = service.propose_meeting(session, actor=firm, pairing_id=pairing.id, command=TIMES, now=NOON)
    ChallengeFactory(organization=pairing.demand)

    service.cancel_meeting(session, actor=firm, meeting_id=meeting.id, reason="投标期间", now=NOON)

    assert meeting.state is MeetingState.CANCELLED
