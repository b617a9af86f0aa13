"""An announced event with two exhibitors and two visitors, and people of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from app.events.models import Event, Participant
from tests.factories.accounts import UserFactory, officer
from tests.factories.events import EventFactory, ParticipantFactory

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.accounts.models import User
    from app.core.actor import Actor


@dataclass(frozen=True)
class Fair:
    """An event and who is there."""

    event: Event
    hosts: list[Participant]
    guests: list[Participant]

    def person_of(self, participant: Participant) -> User:
        """Return somebody who acts for a participant."""
        person: User = UserFactory(organization=participant.organization)
        return person

    def actor_of(self, participant: Participant) -> Actor:
        """Return somebody who acts for a participant, as rules see them."""
        return self.person_of(participant).as_actor()


@pytest.fixture
def fair(session: Session) -> Fair:
    """The event with its four participants."""
    event = EventFactory()
    hosts = ParticipantFactory.create_batch(2, event=event)
    guests = ParticipantFactory.create_batch(2, event=event, visitor=True)
    return Fair(event, hosts, guests)


@pytest.fixture
def boss(session: Session) -> Actor:
    """An officer of the authority."""
    return officer().as_actor()
