"""Several holders release the prices at the same moment: one opening, and a clear answer for everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.audit.models import AuditEvent
from app.bids import service
from app.bids.models import Bid, OpeningRelease
from app.bids.workflow import PriceState
from app.reviews import service as reviews
from app.reviews.commands import Conclude
from tests.factories.accounts import officer
from tests.factories.keys import PRIVATE
from tests.factories.reviews import MINUTES
from tests.support.clock import NOON
from tests.support.envelopes import close, holders_of, opened_bids, scored
from tests.support.racing import at_once, outcomes

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.reviews.models import ReviewPanel

pytestmark = pytest.mark.real_clock


def releasing(actor: Actor, panel: ReviewPanel) -> Callable[[Session], object]:
    challenge_id = panel.challenge_id
    return lambda session: service.release_price_key(
        session, actor=actor, challenge_id=challenge_id, private=PRIVATE, now=NOON
    )


def people(session: Session, panel: ReviewPanel) -> list[Actor]:
    found = [session.get_one(User, one.user_id).as_actor() for one in holders_of(panel.challenge)]
    session.commit()
    return found


@pytest.fixture
def closed(own_session: Session) -> ReviewPanel:
    """A review whose technical scores are final, with two prices due."""
    return close(scored(opened_bids()))


def test_of_two_last_releases_at_once_one_opens_and_the_other_is_told_so(
    own_app: Flask, own_session: Session, closed: ReviewPanel
) -> None:
    first, second, third = people(own_session, closed)
    at_once(own_app, releasing(first, closed))

    refused = at_once(own_app, releasing(second, closed), releasing(third, closed))

    assert outcomes(refused) == ["Conflict", "done"]
    opened = select(func.count()).select_from(Bid).where(Bid.price_state == PriceState.OPENED)
    assert own_session.scalar(opened) == 2
    tried = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "challenge.open_prices")
    assert own_session.scalar(tried) == 1


def test_one_person_in_two_windows_releases_once(own_app: Flask, own_session: Session, closed: ReviewPanel) -> None:
    first, _, _ = people(own_session, closed)

    refused = at_once(own_app, releasing(first, closed), releasing(first, closed))

    assert outcomes(refused) == ["Conflict", "done"]
    assert own_session.scalar(select(func.count()).select_from(OpeningRelease)) == 1


def test_scores_are_closed_once_by_two_officers_at_once(own_app: Flask, own_session: Session) -> None:
    panel = scored(opened_bids())
    panel_id, leads = panel.id, [officer().as_actor(), officer().as_actor()]
    own_session.commit()

    def closing(actor: Actor) -> Callable[[Session], object]:
        return lambda session: reviews.close_scores(
            session, actor=actor, panel_id=panel_id, command=Conclude(MINUTES), now=NOON
        )

    assert outcomes(at_once(own_app, *map(closing, leads))) == ["Conflict", "done"]
