"""Pairings that stand still."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.accounts.service.people import leave
from app.core.actor import MemberRole
from app.matchmaking import service
from app.matchmaking.workflow import PairingState
from app.outbox.models import Job
from tests.factories.accounts import UserFactory
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


@pytest.mark.parametrize(("days", "expected"), [(44, 0), (45, 1)])
def test_an_introduced_pairing_is_reminded_after_45_days(session: Session, days: int, expected: int) -> None:
    PairingFactory(introduced=True, moved_at=NOON - days * DAY)

    assert service.remind_of_pairings(session, now=NOON) == expected


@pytest.mark.parametrize(("days", "state"), [(29, PairingState.EVALUATING), (30, PairingState.EXPIRED)])
def test_it_ends_30_days_after_the_reminder(session: Session, days: int, state: PairingState) -> None:
    pairing = PairingFactory(evaluating=True, moved_at=NOON - 90 * DAY, reminded_at=NOON - days * DAY)

    service.expire_pairings(session, now=NOON)

    assert pairing.state is state


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


def test_what_has_ended_is_not_handed_over(session: Session) -> None:
    pairing = PairingFactory(state=PairingState.DECLINED, decline_reason="price")
    UserFactory(organization=pairing.supplier, role=MemberRole.OWNER)
    leaver = UserFactory(organization=pairing.supplier, role=MemberRole.EDITOR)
    pairing.supply_contact_id = leaver.id
    session.flush()

    leave(session, actor=leaver.as_actor())

    assert pairing.supply_contact_id == leaver.id
