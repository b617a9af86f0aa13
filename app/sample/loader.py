"""Loads the sample once: stage by stage, each one transaction, each passed over when it is there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.accounts.models import User
from app.audit import service as audit
from app.bids.models import Bid
from app.catalog.models import ChipProduct
from app.challenges.models import Challenge
from app.core.actor import SYSTEM
from app.db import transaction
from app.demands.models import Need
from app.sample.bids import load_bids
from app.sample.challenges import load_challenges
from app.sample.demands import load_needs
from app.sample.index import index_everything
from app.sample.organizations import load_organizations
from app.sample.people import Account, load_people, officer_id
from app.sample.products import load_products
from app.sample.source import Calendar, live_calendar, sample_id

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from sqlalchemy.orm import Session

ACCOUNTS_FILE = "demo-accounts.txt"


def load(*, now: dt.datetime, accounts_file: Path | None = None) -> list[Account]:
    """Load what of the sample is not there yet; return the accounts made now, with their passwords.

    Writes the accounts to ``accounts_file`` as well, before they are committed, readable by its owner only.
    Needs an application context, and no open transaction.
    """
    calendar = live_calendar(now)
    accounts: list[Account] = []
    with transaction() as session:
        if session.get(User, officer_id()) is None:
            accounts = _load_companies(session, calendar, now)
            if accounts_file is not None:
                write_accounts(accounts_file, accounts)
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
            _record(session, "challenges")
    with transaction() as session:
        if session.get(Bid, sample_id("BID001")) is None:
            load_bids(session, calendar)
            index_everything(session)
            _record(session, "bids")
    return accounts


def is_loaded(session: Session) -> bool:
    """Tell whether the last stage is there."""
    return session.get(Bid, sample_id("BID001")) is not None


def _load_companies(session: Session, calendar: Calendar, now: dt.datetime) -> list[Account]:
    organizations = load_organizations(session, calendar)
    accounts = load_people(session, organizations, now=now)
    _record(session, "organizations")
    return accounts


def _record(session: Session, stage: str) -> None:
    audit.record(session, SYSTEM, "sample.load", "sample", None, label=stage)


def write_accounts(path: Path, accounts: list[Account]) -> None:
    """Keep the passwords in a file that only its owner may read; replaces an older one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    lines = [f"{a.email}\t{a.password}\t{a.role}\t{a.organization}\n" for a in accounts]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(lines)
