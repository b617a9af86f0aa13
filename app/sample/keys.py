"""Keys of the sample's desk: without holders no competition could be locked."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import User
from app.challenges.models import Challenge
from app.core.actor import StaffRole
from app.keys import policy
from app.keys.models import ChallengeKeyHolder, KeyHolder, Purpose
from app.keys.service import make_key
from app.sample.people import Account
from app.sample.source import sample_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

THRESHOLD = 2
OPENERS = frozenset(role.value for role in (StaffRole.PROVINCIAL_AUTHORITY, StaffRole.OPERATOR, StaffRole.SUPERVISOR))


def load_keys(session: Session, accounts: Sequence[Account], now: dt.datetime) -> list[Account]:
    """Give the desk's people a key each; return all accounts with the passphrases, which are kept nowhere else."""
    return [_with_key(session, account, now) if account.role in OPENERS else account for account in accounts]


def _with_key(session: Session, account: Account, now: dt.datetime) -> Account:
    actor = session.get_one(User, sample_id(account.email)).as_actor()
    passphrase = secrets.token_urlsafe(15)
    if policy.can_hold(actor):
        make_key(session, actor=actor, passphrase=passphrase, now=now)
    return replace(account, passphrase=passphrase)


def lock_challenges(session: Session) -> None:
    """Let the bids of every published challenge of the sample be locked for the desk's keys."""
    holders = session.scalars(sa.select(KeyHolder.id).order_by(KeyHolder.id)).all()
    published = session.scalars(sa.select(Challenge).where(Challenge.code.is_not(None))).all()
    session.add_all(
        ChallengeKeyHolder(
            challenge_id=challenge.id,
            holder_id=holder_id,
            purpose=Purpose.OPEN,
            threshold=THRESHOLD,
            created_at=challenge.published_at,
        )
        for challenge in published
        for holder_id in holders
    )
    session.flush()
