"""Officers make events; companies register and ask for meetings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.core.errors import Conflict, NotAllowed, NotFound, RuleViolation
from app.events import service
from app.events.commands import Register, SaveWishes
from app.events.models import Event, EventWish, Participant, Slot
from app.events.workflow import EventState, Role, Wish
from app.outbox.models import Job
from tests.factories.accounts import OrganizationFactory, UserFactory
from tests.factories.events import EventFactory, ParticipantFactory, WishFactory, save_event
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from tests.integration.events.conftest import Fair

VISIT = Register(Role.VISITOR, 3, frozenset({0}), "We look for gauges.")


def company() -> Actor:
    """Return somebody of a company that has not registered."""
    return UserFactory(organization=OrganizationFactory()).as_actor()


def actions(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def wishes(session: Session) -> dict[object, Wish]:
    return {row.to_id: row.wish for row in session.scalars(select(EventWish))}


def test_a_new_event_is_a_draft_with_its_slots(session: Session, boss: Actor) -> None:
    event = service.create_event(session, actor=boss, command=save_event(), now=NOON)
    session.flush()

    assert event.state is EventState.DRAFT
    assert session.scalar(select(func.count()).where(Slot.event_id == event.id)) == 6
    assert actions(session) == ["event.create"]


def test_a_changed_draft_gets_new_slots(session: Session, boss: Actor) -> None:
    event = service.create_event(session, actor=boss, command=save_event(), now=NOON)

    service.change_event(
        session, actor=boss, event_id=event.id, command=save_event(slot_minutes=50, ends=dt.time(11)), now=NOON
    )

    assert session.scalar(select(func.count()).where(Slot.event_id == event.id)) == 2


def test_a_second_officer_does_not_overwrite_the_first(session: Session, boss: Actor) -> None:
    event = service.create_event(session, actor=boss, command=save_event(), now=NOON)
    version = event.version
    service.change_event(session, actor=boss, event_id=event.id, command=save_event(title_zh="新"), now=NOON)

    with pytest.raises(Conflict):
        service.change_event(session, actor=boss, event_id=event.id, command=save_event(version=version), now=NOON)


def test_an_event_whose_registration_is_over_is_not_announced(session: Session, boss: Actor) -> None:
    event = EventFactory(draft=True, over=True)

    with pytest.raises(RuleViolation):
        service.open_event(session, actor=boss, event_id=event.id, now=NOON)


def test_companies_make_no_events(session: Session) -> None:
    with pytest.raises(NotAllowed):
        service.create_event(session, actor=company(), command=save_event(), now=NOON)


def test_a_company_registers(session: Session, fair: Fair) -> None:
    actor = company()

    service.register(session, actor=actor, event_id=fair.event.id, command=VISIT, now=NOON)

    own = session.scalars(select(Participant).where(Participant.organization_id == actor.organization_id)).one()
    assert (own.role, own.most_meetings, own.busy_slots) == (Role.VISITOR, 3, [0])
    assert actions(session) == ["event.register"]


def test_drafts_are_hidden_from_companies(session: Session) -> None:
    event = EventFactory(draft=True)

    with pytest.raises(NotFound):
        service.register(session, actor=company(), event_id=event.id, command=VISIT, now=NOON)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (Register(Role.VISITOR, 3, frozenset({99})), "busy_slots"),
        (Register(Role.VISITOR, 3, frozenset(range(6))), "busy_slots"),
        (Register(Role.VISITOR, 7, frozenset()), "most_meetings"),
    ],
)
def test_a_registration_must_fit_the_event(session: Session, fair: Fair, command: Register, field: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        service.register(session, actor=company(), event_id=fair.event.id, command=command, now=NOON)

    assert refusal.value.field == field


def test_a_company_that_changes_sides_loses_its_requests(session: Session, fair: Fair) -> None:
    WishFactory(by=fair.hosts[0], of=fair.guests[0])
    WishFactory(by=fair.guests[0], of=fair.hosts[0])
    WishFactory(by=fair.hosts[1], of=fair.guests[0])

    service.register(session, actor=fair.actor_of(fair.hosts[0]), event_id=fair.event.id, command=VISIT, now=NOON)

    assert list(session.scalars(select(EventWish.from_id))) == [fair.hosts[1].organization_id]


def test_requests_are_kept_and_taken_back(session: Session, fair: Fair) -> None:
    actor, (first, second) = fair.actor_of(fair.hosts[0]), [one.organization_id for one in fair.guests]
    service.save_wishes(
        session, actor=actor, event_id=fair.event.id, command=SaveWishes({first: Wish.MUST, second: Wish.NO}), now=NOON
    )

    n = service.save_wishes(session, actor=actor, event_id=fair.event.id, command=SaveWishes({first: None}), now=NOON)

    assert n == 0
    assert wishes(session) == {second: Wish.NO}


def test_nobody_asks_for_its_own_side(session: Session, fair: Fair) -> None:
    command = SaveWishes({fair.hosts[1].organization_id: Wish.LIKE})

    with pytest.raises(RuleViolation):
        service.save_wishes(
            session, actor=fair.actor_of(fair.hosts[0]), event_id=fair.event.id, command=command, now=NOON
        )


def test_musts_are_few(session: Session, fair: Fair) -> None:
    more = ParticipantFactory.create_batch(4, event=fair.event, visitor=True)
    command = SaveWishes({one.organization_id: Wish.MUST for one in [*fair.guests, *more]})

    with pytest.raises(RuleViolation) as refusal:
        service.save_wishes(
            session, actor=fair.actor_of(fair.hosts[0]), event_id=fair.event.id, command=command, now=NOON
        )

    assert refusal.value.code == "too_many_musts"


def test_who_has_not_registered_asks_for_nothing(session: Session, fair: Fair) -> None:
    command = SaveWishes({fair.hosts[1].organization_id: Wish.LIKE})

    with pytest.raises(RuleViolation):
        service.save_wishes(session, actor=company(), event_id=fair.event.id, command=command, now=NOON)


def test_a_cancelled_event_is_told_to_its_participants_once(session: Session, fair: Fair, boss: Actor) -> None:
    service.cancel_event(session, actor=boss, event_id=fair.event.id, reason="台风", now=NOON)
    session.flush()

    assert list(session.scalars(select(Job.kind))) == ["event.cancelled"]
    with pytest.raises(Conflict):
        service.cancel_event(session, actor=boss, event_id=fair.event.id, reason="台风", now=NOON)


def test_a_cancellation_needs_a_reason(session: Session, fair: Fair, boss: Actor) -> None:
    with pytest.raises(RuleViolation):
        service.cancel_event(session, actor=boss, event_id=fair.event.id, reason="", now=NOON)


def test_every_change_counts_as_a_new_input_of_the_schedule(session: Session, fair: Fair) -> None:
    before = session.get_one(Event, fair.event.id).inputs

    service.register(session, actor=company(), event_id=fair.event.id, command=VISIT, now=NOON)
    service.withdraw(session, actor=fair.actor_of(fair.hosts[0]), event_id=fair.event.id, now=NOON)

    assert session.get_one(Event, fair.event.id).inputs == before + 2
