"""The people outside the companies who are told of a competition: its authorities and those who hold its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import Organization, Role, User
from app.bids.models import Bid
from app.bids.workflow import BidState, PriceState
from app.core.actor import StaffRole
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.keys.models import ChallengeKeyHolder, KeyHolder, Purpose

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


def province(session: Session, _challenge_id: uuid.UUID, _subject_id: uuid.UUID) -> Iterator[tuple[None, uuid.UUID]]:
    """Yield everybody who decides for the provincial authority."""
    query = sa.select(User.id).where(User.roles.any(Role.name == StaffRole.PROVINCIAL_AUTHORITY))
    for user_id in session.scalars(query.order_by(User.id)):
        yield None, user_id


def prefecture(session: Session, challenge_id: uuid.UUID, _subject_id: uuid.UUID) -> Iterator[tuple[None, uuid.UUID]]:
    """Yield the officers of the city in which the challenge's company is registered."""
    need = Need.__table__.c
    city = (
        sa.select(Organization.city_code)
        .join(Need.__table__, need.organization_id == Organization.id)
        .where(need.id == challenge_id)
        .scalar_subquery()
    )
    is_officer = User.roles.any(Role.name == StaffRole.PREFECTURE_AUTHORITY)
    query = sa.select(User.id).where(is_officer, User.city_code != "", User.city_code == city)
    for user_id in session.scalars(query.order_by(User.id)):
        yield None, user_id


def key_holders(session: Session, challenge_id: uuid.UUID, _subject_id: uuid.UUID) -> Iterator[tuple[None, uuid.UUID]]:
    """Yield those whose keys open the bids of a closed challenge; nobody while it is not closed, or without bids."""
    need = Need.__table__.c
    is_closed = sa.exists().where(need.id == challenge_id, need.state == PostingState.CLOSED)
    has_bids = sa.exists().where(Bid.challenge_id == challenge_id, Bid.state == BidState.SEALED)
    yield from _openers(session, challenge_id, is_closed, has_bids)


def price_holders(
    session: Session, challenge_id: uuid.UUID, _subject_id: uuid.UUID
) -> Iterator[tuple[None, uuid.UUID]]:
    """Yield those whose keys open the price envelopes of a challenge; nobody while none is due."""
    is_due = sa.exists().where(Bid.challenge_id == challenge_id, Bid.price_state == PriceState.DUE)
    yield from _openers(session, challenge_id, is_due)


def _openers(
    session: Session, challenge_id: uuid.UUID, *waiting: sa.ColumnElement[bool]
) -> Iterator[tuple[None, uuid.UUID]]:
    query = (
        sa.select(KeyHolder.user_id)
        .join(ChallengeKeyHolder, ChallengeKeyHolder.holder_id == KeyHolder.id)
        .where(ChallengeKeyHolder.challenge_id == challenge_id, ChallengeKeyHolder.purpose == Purpose.OPEN)
        .where(*waiting)
        .order_by(KeyHolder.user_id)
    )
    for user_id in session.scalars(query):
        yield None, user_id
