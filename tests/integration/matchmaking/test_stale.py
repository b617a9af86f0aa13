"""Pairings that stand still."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.service.people import leave, remove_member
from app.core.actor import MemberRole
from app.core.errors import NotFound
from app.matchmaking import service
from app.matchmaking.commands import TakeStep
from app.matchmaking.workflow import UNFINISHED, PairingEvent, PairingState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.demands import NeedFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DAY = dt.timedelta(days=1)


def _kinds(session: Session) -> list[str]:
    return [job.kind for job in session.query(Job)]


def test_whoever_has_not_answered_is_reminded_three_days_before(session: Session) -> None:
    due = PairingFactory(reply_by=NOON + 3 * DAY)
    early = PairingFactory(reply_by=NOON + 3 * DAY + dt.timedelta(seconds=1))

    n = service.remind_of_pairings(session, now=NOON)

    assert (n, due.reminded_at, early.reminded_at) == (1, NOON, None)
    assert _kinds(session) == ["pairing.reminded"]


def test_a_reminder_comes_once(session: Session) -> None:
    PairingFactory(reply_by=NOON + DAY)

    assert [service.remind_of_pairings(session, now=NOON) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(("days", "expected"), [(29, 0), (30, 1)])
def test_an_introduced_pairing_is_reminded_after_30_days(session: Session, days: int, expected: int) -> None:
    PairingFactory(introduced=True, moved_at=NOON - days * DAY)

    assert service.remind_of_pairings(session, now=NOON) == expected


@pytest.mark.parametrize(("days", "state"), [(29, PairingState.EVALUATING), (30, PairingState.EXPIRED)])
def test_it_ends_30_days_after_the_reminder(session: Session, days: int, state: PairingState) -> None:
    pairing = PairingFactory(evaluating=True, moved_at=NOON - 90 * DAY, reminded_at=NOON - days * DAY)

    service.expire_pairings(session, now=NOON)

    assert pairing.state is state


@pytest.mark.parametrize("state", UNFINISHED)
def test_every_unfinished_state_is_reminded_and_ends(session: Session, state: PairingState) -> None:
    pairing = PairingFactory(introduced=True, state=state, moved_at=NOON - 31 * DAY)

    service.remind_of_pairings(session, now=NOON)
    service.expire_pairings(session, now=NOON + 30 * DAY)

    assert (pairing.state, pairing.ended_at) == (PairingState.EXPIRED, NOON + 30 * DAY)


def test_a_step_begins_the_rest_anew(session: Session) -> None:
    pairing = PairingFactory(introduced=True, state=PairingState.PILOT, moved_at=NOON - 90 * DAY, reminded_at=NOON)
    maker = UserFactory(organization=pairing.demand).as_actor()
    command = TakeStep(PairingEvent.MASS_PRODUCE, {"volume": "10k_100k"})

    service.take_step(session, actor=maker, pairing_id=pairing.id, command=command, now=NOON + DAY)

    assert (pairing.reminded_at, service.expire_pairings(session, now=NOON + 30 * DAY)) == (None, 0)


def test_while_the_makers_challenge_takes_bids_its_pairings_neither_rest_nor_end(session: Session) -> None:
    quiet = PairingFactory(introduced=True, moved_at=NOON - 90 * DAY)
    reminded = PairingFactory(
        need=NeedFactory(organization=quiet.demand), evaluating=True, moved_at=NOON - 90 * DAY,
        reminded_at=NOON - 31 * DAY,
    )  # fmt: skip
    ChallengeFactory(organization=quiet.demand)

    n = service.expire_pairings(session, now=NOON) + service.remind_of_pairings(session, now=NOON)

    session.expire_all()
    assert n == 0
    assert (reminded.state, reminded.reminded_at) == (PairingState.EVALUATING, None)


def test_after_the_competition_they_are_reminded_first_and_end_30_days_later(session: Session) -> None:
    pairing = PairingFactory(introduced=True, moved_at=NOON - 90 * DAY, reminded_at=NOON - 31 * DAY)
    challenge = ChallengeFactory(organization=pairing.demand)
    service.remind_of_pairings(session, now=NOON)
    over = challenge.bid_deadline_at + DAY
    session.expire_all()

    ended, reminded = service.expire_pairings(session, now=over), service.remind_of_pairings(session, now=over)

    assert (ended, reminded) == (0, 1)
    assert service.expire_pairings(session, now=over + 30 * DAY) == 1


def test_mass_production_never_expires(session: Session) -> None:
    old: dict[str, Any] = {"moved_at": NOON - 900 * DAY, "reminded_at": None}
    PairingFactory(introduced=True, state=PairingState.MASS_PRODUCTION, **old)

    assert service.remind_of_pairings(session, now=NOON) == 0
    assert service.expire_pairings(session, now=NOON) == 0


def test_both_are_told_of_the_end(session: Session) -> None:
    PairingFactory(reply_by=NOON)

    service.expire_pairings(session, now=NOON)

    assert _kinds(session) == ["pairing.expired"]


def test_the_owner_takes_over_from_whoever_leaves(session: Session) -> None:
    pairing = PairingFactory(introduced=True)
    owner = UserFactory(organization=pairing.supplier, role=MemberRole.OWNER)
    leaver = UserFactory(organization=pairing.supplier, role=MemberRole.EDITOR)
    pairing.supply_contact_id = leaver.id
    session.flush()

    leave(session, actor=leaver.as_actor())

    assert (pairing.supply_contact_id, pairing.state) == (owner.id, PairingState.INTRODUCED)


def test_a_pending_acceptance_stands_when_its_person_leaves(session: Session) -> None:
    pairing = PairingFactory()
    owner = UserFactory(organization=pairing.supplier, role=MemberRole.OWNER)
    leaver = UserFactory(organization=pairing.supplier, role=MemberRole.EDITOR)
    service.accept_pairing(session, actor=leaver.as_actor(), pairing_id=pairing.id, now=NOON)
    leave(session, actor=leaver.as_actor())
    maker = UserFactory(organization=pairing.demand)

    service.accept_pairing(session, actor=maker.as_actor(), pairing_id=pairing.id, now=NOON)

    assert pairing.state is PairingState.INTRODUCED
    assert (pairing.supply_contact_id, pairing.supply_accepted_by) == (owner.id, leaver.id)


def test_whoever_left_answers_for_the_company_no_more(session: Session) -> None:
    pairing = PairingFactory()
    UserFactory(organization=pairing.supplier, role=MemberRole.OWNER)
    leaver = UserFactory(organization=pairing.supplier, role=MemberRole.EDITOR)
    leave(session, actor=leaver.as_actor())
    session.expire_all()

    with pytest.raises(NotFound):
        service.accept_pairing(session, actor=leaver.as_actor(), pairing_id=pairing.id, now=NOON)


def test_the_owner_takes_over_from_whoever_is_removed(session: Session) -> None:
    pairing = PairingFactory(introduced=True)
    owner = UserFactory(organization=pairing.demand, role=MemberRole.OWNER)
    removed = UserFactory(organization=pairing.demand, role=MemberRole.EDITOR)
    pairing.demand_contact_id = removed.id
    session.flush()

    remove_member(session, actor=owner.as_actor(), membership_id=removed.membership.id)

    assert pairing.demand_contact_id == owner.id


def test_what_has_ended_is_not_handed_over(session: Session) -> None:
    pairing = PairingFactory(state=PairingState.DECLINED, decline_reason="price")
    UserFactory(organization=pairing.supplier, role=MemberRole.OWNER)
    leaver = UserFactory(organization=pairing.supplier, role=MemberRole.EDITOR)
    pairing.supply_contact_id = leaver.id
    session.flush()

    leave(session, actor=leaver.as_actor())

    assert pairing.supply_contact_id == leaver.id
