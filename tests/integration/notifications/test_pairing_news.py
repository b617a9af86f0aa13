"""Who is told what about a pairing under way."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.core.actor import MemberRole
from app.matchmaking.models import Message, PairingStep
from app.matchmaking.workflow import PairingEvent, PairingState, Side
from app.notifications import news
from app.notifications.events import EventKind
from tests.factories.accounts import UserFactory
from tests.factories.matchmaking import PairingFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_a_step_is_told_to_the_side_that_did_not_take_it(session: Session) -> None:
    pairing = PairingFactory(introduced=True, state=PairingState.SAMPLE_SHIPPED)
    step = PairingStep(pairing_id=pairing.id, event=PairingEvent.SHIP_SAMPLE, side=Side.SUPPLY, at=NOON,
                       reached=PairingState.SAMPLE_SHIPPED)  # fmt: skip
    session.add(step)
    session.flush()

    (told,) = news.read(session, kind=EventKind.PAIRING_ADVANCED, subject_id=step.id)

    assert told.organization_id == pairing.demand_id
    assert (told.payload["step"], told.payload["is_half"]) == ("ship_sample", False)


def test_whoever_has_answered_is_not_reminded_to_answer(session: Session) -> None:
    pairing = PairingFactory(demand_accepted_at=NOON, reminded_at=NOON)

    (told,) = news.read(session, kind=EventKind.PAIRING_REMINDED, subject_id=pairing.id)

    assert told.organization_id == pairing.supplier_id


def test_a_second_reminder_of_the_same_rest_is_told_again(session: Session) -> None:
    pairing = PairingFactory(introduced=True, reminded_at=NOON)
    first = news.read(session, kind=EventKind.PAIRING_REMINDED, subject_id=pairing.id)
    pairing.reminded_at = NOON + dt.timedelta(days=60)
    session.flush()

    second = news.read(session, kind=EventKind.PAIRING_REMINDED, subject_id=pairing.id)

    assert first[0].key != second[0].key


def test_a_hidden_maker_stays_unnamed_in_the_reminder(session: Session) -> None:
    pairing = PairingFactory(need__is_owner_shown=False, demand_accepted_at=NOON, reminded_at=NOON)

    (told,) = news.read(session, kind=EventKind.PAIRING_REMINDED, subject_id=pairing.id)

    assert told.payload["other"] == ""


def test_both_are_told_that_a_pairing_has_expired(session: Session) -> None:
    pairing = PairingFactory(introduced=True, state=PairingState.EXPIRED)

    told = news.read(session, kind=EventKind.PAIRING_EXPIRED, subject_id=pairing.id)

    assert {one.organization_id for one in told} == {pairing.demand_id, pairing.supplier_id}


def test_the_news_of_a_message_says_nothing_of_its_text(session: Session) -> None:
    pairing = PairingFactory(introduced=True)
    author = UserFactory(organization=pairing.demand, role=MemberRole.EDITOR)
    message = Message(pairing_id=pairing.id, side=Side.DEMAND, author_id=author.id, text="路线图", sent_at=NOON)
    session.add(message)
    session.flush()

    (told,) = news.read(session, kind=EventKind.PAIRING_MESSAGE, subject_id=message.id)

    assert told.organization_id == pairing.supplier_id
    assert told.path.endswith("/thread#reply")
    assert "路线图" not in str(told.payload)
