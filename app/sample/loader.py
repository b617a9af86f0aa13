"""Loads the sample once: stage by stage, each one transaction, each passed over when it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import User
from app.audit import service as audit
from app.bids.models import Bid
from app.catalog.models import ChipProduct
from app.challenges.models import Challenge
from app.core.actor import SYSTEM
from app.db import transaction
from app.demands.models import Need
from app.matchmaking.models import Pairing
from app.sample import awards, reviews
from app.sample.bids import load_bids
from app.sample.challenges import load_challenges
from app.sample.demands import load_needs
from app.sample.history import load_history
from app.sample.index import index_everything
from app.sample.keys import load_keys, lock_challenges
from app.sample.organizations import load_organizations
from app.sample.people import Account, load_people, officer_id
from app.sample.products import load_products
from app.sample.rankings import load_rankings
from app.sample.source import Calendar, live_calendar, sample_id
from app.sample.verifications import load_verifications

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from sqlalchemy.orm import Session


def load(*, now: dt.datetime, announce: Callable[[list[Account]], None]) -> None:
    """Load what of the sample is not there yet.

    ``announce`` is called with the accounts made and their passwords, which are kept nowhere else, before they
    are committed: whoever was told of an account that a crash then took back is told of a new one next time.
    Needs an application context, and no open transaction.
    """
    calendar = live_calendar(now)
    with transaction() as session:
        if session.get(User, officer_id()) is None:
            announce(_load_companies(session, calendar, now))
    with transaction() as session:
        if session.get(ChipProduct, sample_id("P001")) is None:
            load_products(session, calendar)
            _record(session, "products")
    with transaction() as session:
        if session.get(Need, sample_id("ND001")) is None:
            load_needs(session, calendar)
            _record(session, "needs")
    with transaction() as session:
        if session.get(Challenge, sample_id("CH2026-001")) is None:
            load_challenges(session, calendar)
            load_history(session)
            lock_challenges(session)
            _record(session, "challenges")
    with transaction() as session:
        if session.get(Bid, sample_id("BID001")) is None:
            load_bids(session, calendar)
            index_everything(session)
            _record(session, "bids")
    with transaction() as session:
        if not reviews.is_there(session):
            reviews.load_reviews(session, now)
            load_rankings(session)
            _record(session, "reviews")
    with transaction() as session:
        if not awards.is_there(session):
            awards.load_awards(session, now)
            _record(session, "awards")


def is_loaded(session: Session) -> bool:
    """Tell whether the last stage is there."""
    return session.get(Bid, sample_id("BID001")) is not None


def is_matched(session: Session) -> bool:
    """Tell whether somebody has decided on the sample's suggestions."""
    return session.scalar(sa.select(Pairing.id).limit(1)) is not None


def _load_companies(session: Session, calendar: Calendar, now: dt.datetime) -> list[Account]:
    organizations = load_organizations(session, calendar)
    accounts = load_keys(session, load_people(session, organizations, now=now), now)
    load_verifications(session, calendar)
    _record(session, "organizations")
    return accounts


def _record(session: Session, stage: str) -> None:
    audit.record(session, SYSTEM, "sample.load", "sample", None, label=stage)
