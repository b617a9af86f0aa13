"""The sample: all of it, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from app.accounts.models import Organization, User
from app.audit.models import AuditEvent
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.catalog.models import ChipProduct
from app.challenges.models import Challenge
from app.core.models import Model
from app.db import transaction
from app.demands.models import Need
from app.demands.workflow import PostingMode
from app.jobs.matching import recompute_all
from app.matchmaking.models import Pairing, Suggestion
from app.sample import loader, pairings
from app.sample.people import DEMO_PEOPLE, Account
from tests.support.clock import NOON

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session


def ignore(_accounts: list[Account]) -> None:
    """Tell nobody."""


def rows(session: Session) -> dict[str, int]:
    """Return how many rows every table has."""
    return {
        table.name: session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in Model.metadata.sorted_tables
    }


@pytest.fixture
def told(own_app: Flask, own_session: Session) -> list[Account]:
    """The log-ins that were told when the sample was loaded."""
    accounts: list[Account] = []
    with own_app.app_context():
        loader.load(now=NOON, announce=accounts.extend)
    return accounts


@pytest.mark.usefixtures("told")
def test_the_sample_is_complete(own_session: Session) -> None:
    counts = {
        "organizations": own_session.query(Organization).count(),
        "products": own_session.query(ChipProduct).count(),
        "needs": own_session.query(Need).filter_by(mode=PostingMode.MATCHING_NEED).count(),
        "challenges": own_session.query(Challenge).count(),
        "bids": own_session.query(Bid).count(),
    }

    assert counts == {"organizations": 60, "products": 180, "needs": 70, "challenges": 14, "bids": 24}


def test_log_ins_are_told_once(own_app: Flask, told: list[Account]) -> None:
    again: list[Account] = []

    with own_app.app_context():
        loader.load(now=NOON, announce=again.extend)

    assert [account.email for account in told] == [person.email for person in DEMO_PEOPLE]
    assert len({account.password for account in told}) == len(DEMO_PEOPLE)
    assert again == []


@pytest.mark.usefixtures("told")
def test_loading_again_changes_nothing(own_app: Flask, own_session: Session) -> None:
    before = rows(own_session)
    own_session.rollback()

    with own_app.app_context():
        loader.load(now=NOON, announce=ignore)

    assert rows(own_session) == before


def test_only_told_people_can_log_in(own_session: Session, told: list[Account]) -> None:
    with_password = {user.email for user in own_session.query(User).filter(User.password.is_not(None))}

    assert with_password == {account.email for account in told}


@pytest.mark.usefixtures("told")
def test_sealed_bids_stay_sealed_until_their_deadline(own_session: Session) -> None:
    early = (
        own_session.query(Bid)
        .join(Bid.challenge)
        .filter(Challenge.bid_deadline_at > NOON, Bid.state.not_in((BidState.DRAFT, BidState.SEALED)))
    )

    assert early.count() == 0


@pytest.mark.usefixtures("told")
def test_suggestions_are_computed_and_some_are_decided(own_app: Flask, own_session: Session) -> None:
    with own_app.app_context():
        n = recompute_all(lambda _done, _total: None, trigger="sample")
        with transaction() as session:
            n_approved = pairings.decide_some(session, now=NOON)

    states = {pairing.state for pairing in own_session.query(Pairing)}
    assert n == own_session.query(Suggestion).count() > 100
    assert n_approved == own_session.query(Pairing).count() > 10
    assert states >= {"proposed", "introduced", "declined"}
    assert own_session.query(AuditEvent).filter_by(action="suggestion.approve").count() == n_approved
