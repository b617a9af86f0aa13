"""The clock of a competition: stopped, moved, ended."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.challenges import service
from app.challenges.commands import GiveReason, ProposeExtension
from app.challenges.models import Challenge, ChallengeEdition, ChallengeStep, DeadlineExtension
from app.challenges.service.extend import open_extension
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.demands.workflow import PostingState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory, officer, operator, supervisor
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON
from tests.support.process import CANCEL, DAY, HOUR, RESUME, SUSPEND

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MORE = ProposeExtension("多家单位反映准备时间不足，延长。", new_deadline_at=NOON + 40 * DAY)


def act(session: Session, verb: Callable[..., Any], row: Challenge, actor: Actor | None = None, **given: Any) -> Any:
    done = verb(session, actor=actor or officer().as_actor(), challenge_id=row.id, **{"now": NOON, **given})
    session.commit()
    return done


def kinds(session: Session) -> set[str]:
    return set(session.scalars(select(Job.kind)))


def test_a_suspended_competition_takes_no_bids_and_its_clock_stands_still(session: Session) -> None:
    row = ChallengeFactory()

    act(session, service.suspend_challenge, row, command=SUSPEND)

    step = session.scalars(select(ChallengeStep)).one()
    assert (row.state, row.suspended_at, row.is_open(NOON)) == (PostingState.SUSPENDED, NOON, False)
    assert (step.reason_code, step.text) == (SUSPEND.reason_code, SUSPEND.text)
    assert "challenge.suspended" in kinds(session)


def test_while_the_clock_stands_still_the_old_deadline_closes_nothing(session: Session) -> None:
    past = {"bid_deadline_at": NOON - DAY, "question_deadline_at": None}
    row = ChallengeFactory(state=PostingState.SUSPENDED, suspended_at=NOON - 2 * DAY, **past)
    over = ChallengeFactory(**past)

    n_closed = service.close_due_challenges(session, NOON)

    assert (n_closed, row.state, over.state) == (1, PostingState.SUSPENDED, PostingState.CLOSED)


def test_resuming_gives_the_lost_time_back_as_a_new_edition(session: Session) -> None:
    row = ChallengeFactory(state=PostingState.SUSPENDED, suspended_at=NOON - 3 * DAY)

    act(session, service.resume_challenge, row, command=RESUME)

    edition = session.scalars(select(ChallengeEdition)).one()
    assert (row.state, row.suspended_at, row.edition) == (PostingState.PUBLISHED, None, 2)
    assert (row.bid_deadline_at, row.question_deadline_at) == (NOON + 33 * DAY, NOON + 23 * DAY)
    assert (edition.number, edition.reason) == (2, RESUME.text)
    assert {"challenge.resumed", "challenges.close_due"} <= kinds(session)


def test_questions_that_had_ended_do_not_begin_again(session: Session) -> None:
    ended = NOON - 4 * DAY
    row = ChallengeFactory(state=PostingState.SUSPENDED, suspended_at=NOON - 3 * DAY, question_deadline_at=ended)

    act(session, service.resume_challenge, row, command=RESUME)

    assert row.question_deadline_at == ended


@pytest.mark.parametrize(
    "command",
    [GiveReason("", "没有理由代码的理由文字。"), GiveReason("other", "短"), GiveReason("whim", "一时兴起就暂停了吧。")],
)
def test_nobody_stops_the_clock_without_a_reason(session: Session, command: GiveReason) -> None:
    with pytest.raises(RuleViolation):
        act(session, service.suspend_challenge, ChallengeFactory(), command=command)


@pytest.mark.parametrize("left", [dt.timedelta(0), -HOUR])
def test_from_the_deadline_on_nothing_is_suspended(session: Session, left: dt.timedelta) -> None:
    row = ChallengeFactory(bid_deadline_at=NOON + left, question_deadline_at=None)

    with pytest.raises(Conflict, match="deadline"):
        act(session, service.suspend_challenge, row, command=SUSPEND)


@pytest.mark.parametrize("who", [operator, supervisor])
def test_only_the_province_stops_the_clock(session: Session, who: Any) -> None:
    with pytest.raises(NotAllowed):
        act(session, service.suspend_challenge, ChallengeFactory(), who().as_actor(), command=SUSPEND)


# Cancellation: the owner asks, the province agrees.


def requested(**attributes: Any) -> Challenge:
    row: Challenge = ChallengeFactory(
        cancel_requested_at=NOON - HOUR, cancel_request={"reason_code": "funds", "text": "资金未到位。"}, **attributes
    )
    return row


def test_the_owner_of_a_running_competition_asks_to_cancel_it(session: Session) -> None:
    row = ChallengeFactory()
    owner = UserFactory(organization=row.organization).as_actor()

    act(session, service.request_cancellation, row, owner, command=CANCEL)

    assert (row.state, row.cancel_requested_at) == (PostingState.PUBLISHED, NOON)
    assert row.cancel_request == {"reason_code": CANCEL.reason_code, "text": CANCEL.text}


def test_the_owner_asks_once(session: Session) -> None:
    row = requested()
    owner = UserFactory(organization=row.organization).as_actor()

    with pytest.raises(Conflict, match="already"):
        act(session, service.request_cancellation, row, owner, command=CANCEL)


@pytest.mark.parametrize("given", [{}, {"state": PostingState.SUSPENDED, "suspended_at": NOON - DAY}])
def test_the_province_cancels_at_the_owners_request(session: Session, given: dict[str, Any]) -> None:
    row = requested(**given)

    act(session, service.cancel_published, row, command=CANCEL)

    assert (row.state, row.closed_at, row.suspended_at) == (PostingState.CANCELLED, NOON, None)
    assert session.scalars(select(ChallengeStep)).one().reason_code == "need_gone"
    assert "challenge.cancelled" in kinds(session)


def test_the_reason_of_a_cancellation_is_public(session: Session, client: Any) -> None:
    row = requested()
    act(session, service.cancel_published, row, command=CANCEL)

    text = client.get(f"/challenges/{row.id}", headers={"Accept-Language": "en"}).text

    assert "The need is gone" in text
    assert CANCEL.text in text


def test_nobody_cancels_what_the_owner_has_not_asked_to_cancel(session: Session) -> None:
    with pytest.raises(Conflict, match="not asked"):
        act(session, service.cancel_published, ChallengeFactory(), command=CANCEL)


def test_after_the_deadline_nothing_is_cancelled(session: Session) -> None:
    row = requested(bid_deadline_at=NOON, question_deadline_at=None)

    with pytest.raises(Conflict):
        act(session, service.cancel_published, row, command=CANCEL)


def test_a_refused_request_lets_the_competition_go_on(session: Session) -> None:
    row = requested()

    act(session, service.refuse_cancellation, row, command=GiveReason("", "理由不充分，榜单继续。"))

    assert (row.state, row.cancel_requested_at, row.cancel_request) == (PostingState.PUBLISHED, None, {})


# More time: one proposes, another confirms.


def confirm(session: Session, extension: DeadlineExtension, actor: Actor, now: dt.datetime = NOON) -> None:
    service.confirm_extension(session, actor=actor, extension_id=extension.id, now=now)
    session.commit()


def test_proposed_time_changes_nothing_before_a_second_person_confirms_it(session: Session) -> None:
    row = ChallengeFactory()

    act(session, service.propose_extension, row, command=MORE)

    assert (row.bid_deadline_at, row.edition) == (NOON + 30 * DAY, 1)


@pytest.mark.parametrize("second", [officer, supervisor])
def test_confirmed_time_is_a_new_edition(session: Session, second: Any) -> None:
    row = ChallengeFactory()
    extension = act(session, service.propose_extension, row, command=MORE)

    confirm(session, extension, second().as_actor())

    edition = session.scalars(select(ChallengeEdition)).one()
    assert (row.bid_deadline_at, row.edition) == (NOON + 40 * DAY, 2)
    assert row.question_deadline_at == NOON + 30 * DAY
    assert (edition.number, edition.reason) == (2, MORE.reason)
    assert "challenge.extended" in kinds(session)


def test_nobody_confirms_an_own_proposal(session: Session) -> None:
    alone = officer().as_actor()
    extension = act(session, service.propose_extension, ChallengeFactory(), alone, command=MORE)

    with pytest.raises(NotAllowed, match="Another person"):
        confirm(session, extension, alone)


def test_the_operator_confirms_nothing(session: Session) -> None:
    extension = act(session, service.propose_extension, ChallengeFactory(), command=MORE)

    with pytest.raises(NotAllowed):
        confirm(session, extension, operator().as_actor())


def test_a_confirmation_after_the_deadline_comes_too_late(session: Session) -> None:
    extension = act(session, service.propose_extension, ChallengeFactory(), command=MORE)
    second = officer().as_actor()

    with time_machine.travel(NOON + 30 * DAY, tick=False), pytest.raises(Conflict, match="deadline"):
        confirm(session, extension, second, NOON + 30 * DAY)


@pytest.mark.parametrize("new", [NOON + 30 * DAY, NOON + 20 * DAY, None])
def test_a_deadline_is_never_proposed_earlier(session: Session, new: dt.datetime | None) -> None:
    with pytest.raises(RuleViolation, match="earlier"):
        act(session, service.propose_extension, ChallengeFactory(), command=ProposeExtension(MORE.reason, new))


def test_one_proposal_at_a_time(session: Session) -> None:
    row = ChallengeFactory()
    act(session, service.propose_extension, row, command=MORE)

    with pytest.raises(Conflict, match="already"):
        act(session, service.propose_extension, row, command=MORE)


def test_a_dropped_proposal_makes_room_for_another(session: Session) -> None:
    row = ChallengeFactory()
    extension = act(session, service.propose_extension, row, command=MORE)

    service.drop_extension(session, actor=officer().as_actor(), extension_id=extension.id, now=NOON)
    session.commit()

    assert open_extension(session, row.id) is None
    act(session, service.propose_extension, row, command=MORE)
    assert session.scalar(select(func.count()).select_from(DeadlineExtension)) == 2


OUTAGE = ProposeExtension(
    "机房断电，截榜时平台不可用。", outage_from=NOON - 3 * HOUR, outage_until=NOON - dt.timedelta(minutes=30)
)


def test_an_outage_over_the_deadline_reopens_by_the_published_rule(session: Session) -> None:
    row = ChallengeFactory(closed=True)
    extension = act(session, service.propose_extension, row, command=OUTAGE)

    confirm(session, extension, officer().as_actor())

    assert row.state is PostingState.PUBLISHED
    assert row.bid_deadline_at == NOON - HOUR + dt.timedelta(hours=2, minutes=30) + DAY
    assert (row.closed_at, row.edition) == (None, 2)
    assert session.scalars(select(ChallengeStep)).one().event == "extend"


def test_once_a_key_was_released_an_outage_moves_nothing(session: Session) -> None:
    row = ChallengeFactory(closed=True, keys_released_at=NOON - dt.timedelta(minutes=5))

    with pytest.raises(Conflict, match="key"):
        act(session, service.propose_extension, row, command=OUTAGE)


def test_a_key_released_between_proposal_and_confirmation_stops_it(session: Session) -> None:
    row = ChallengeFactory(closed=True)
    extension = act(session, service.propose_extension, row, command=OUTAGE)
    row.keys_released_at = NOON
    session.commit()

    with pytest.raises(Conflict, match="key"):
        confirm(session, extension, officer().as_actor())


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [
        (NOON - 3 * HOUR, NOON - 2 * HOUR, "outage_from"),
        (NOON - 3 * HOUR, NOON + HOUR, "outage_until"),
        (NOON - HOUR, NOON - 2 * HOUR, "outage_until"),
        (None, NOON, "outage_until"),
    ],
)
def test_an_outage_covers_the_deadline_and_is_over(
    session: Session, begin: dt.datetime | None, end: dt.datetime, field: str
) -> None:
    command = ProposeExtension(OUTAGE.reason, outage_from=begin, outage_until=end)

    with pytest.raises(RuleViolation) as refused:
        act(session, service.propose_extension, ChallengeFactory(closed=True), command=command)

    assert refused.value.field == field


def test_after_the_deadline_only_an_outage_gives_more_time(session: Session) -> None:
    with pytest.raises(Conflict):
        act(session, service.propose_extension, ChallengeFactory(closed=True), command=MORE)


def test_every_interruption_is_on_the_trail(session: Session) -> None:
    row = ChallengeFactory()
    act(session, service.suspend_challenge, row, command=SUSPEND)
    act(session, service.resume_challenge, row, command=RESUME)

    actions = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))

    assert actions == ["challenge.suspend", "challenge.resume"]
