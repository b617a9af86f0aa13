"""Who is told: the people who can act for an organisation, as they want to be told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import Membership, Organization, User
from app.core.actor import MemberRole
from app.core.errors import NotFound
from app.notifications.models import DigestFrequency, NotificationPreference
from app.notifications.timing import MailTiming

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

STREAM_SIZE = 500
FREQUENCY: sa.ColumnElement[DigestFrequency] = sa.func.coalesce(
    NotificationPreference.digest, DigestFrequency.WEEKLY.value
)
"""How often a person wants the digest; who never chose wants it weekly."""
HAS_EVENT_MAIL: sa.ColumnElement[bool] = sa.func.coalesce(NotificationPreference.has_event_mail, sa.true())

TIMING = (
    NotificationPreference.no_mail,
    NotificationPreference.quiet_from,
    NotificationPreference.quiet_until,
    NotificationPreference.max_daily,
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person with what decides how messages to them look; experts need not belong to an organisation."""

    user_id: uuid.UUID
    name: str
    email: str
    locale: str
    organization_name: str
    frequency: DigestFrequency
    has_event_mail: bool
    counts_clicks: bool = field(default=False, kw_only=True)
    """Whether the person allows that links of the digest are counted."""
    timing: MailTiming = field(default_factory=MailTiming, kw_only=True)


@dataclass(frozen=True, slots=True)
class Reader(Addressee):
    """A person who can act for an organisation."""

    organization_id: uuid.UUID
    is_demand: bool
    is_supply: bool


def select_readers(*columns: Any) -> sa.Select[Any]:
    """Select columns of the people to be told: members with an address that works and the right to answer."""
    roles = (MemberRole.OWNER, MemberRole.EDITOR)
    return (
        sa.select(*columns)
        .select_from(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .outerjoin(NotificationPreference, NotificationPreference.user_id == User.id)
        .where(User.active.is_(True), User.confirmed_at.is_not(None), Membership.role.in_(roles))
    )


def _readers() -> sa.Select[Any]:
    return select_readers(
        User.id,
        User.name,
        User.email,
        User.locale,
        Organization.legal_name_zh,
        FREQUENCY,
        HAS_EVENT_MAIL,
        Organization.id,
        Organization.is_demand,
        Organization.is_supply,
        NotificationPreference.counts_clicks,
        *TIMING,
    )


def _reader(row: sa.Row[Any]) -> Reader:
    values, timing = list(row[: -len(TIMING)]), row[-len(TIMING) :]
    counts_clicks = bool(values.pop())
    values[5], values[6] = DigestFrequency(values[5]), bool(values[6])
    return Reader(*values, counts_clicks=counts_clicks, timing=_timing(*timing))


def _timing(no_mail: list[str] | None, quiet_from: int | None, quiet_until: int | None, most: int | None) -> MailTiming:
    return MailTiming(frozenset(no_mail or ()), quiet_from, quiet_until, most)


def acting_readers(session: Session, organization_id: uuid.UUID) -> list[Reader]:
    """Return everybody who can act for an organisation."""
    query = _readers().where(Membership.organization_id == organization_id).order_by(User.id)
    return [_reader(row) for row in session.execute(query)]


def person(session: Session, user_id: uuid.UUID) -> list[Addressee]:
    """Return one person with a confirmed address, whether or not they belong to an organisation."""
    query = (
        sa.select(
            User.id, User.name, User.email, User.locale, Organization.legal_name_zh, FREQUENCY, HAS_EVENT_MAIL, *TIMING
        )
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Organization, Organization.id == Membership.organization_id)
        .outerjoin(NotificationPreference, NotificationPreference.user_id == User.id)
        .where(User.id == user_id, User.active.is_(True), User.confirmed_at.is_not(None))
    )
    return [
        Addressee(
            one,
            name,
            email,
            locale,
            organization or "",
            DigestFrequency(frequency),
            bool(has_mail),
            timing=_timing(*timing),
        )
        for one, name, email, locale, organization, frequency, has_mail, *timing in session.execute(query)
    ]


def load_reader(session: Session, user_id: uuid.UUID, *, is_locking: bool = False) -> Reader:
    """Return one person; NotFound unless the person can act for an organisation.

    ``is_locking`` keeps everybody else from making a digest for the person until the transaction ends.
    """
    found = load_readers(session, [user_id], is_locking=is_locking)
    if not found:
        raise NotFound("Nobody with a company and a confirmed address is meant here.", code="no_reader")
    return found[0]


def load_readers(session: Session, user_ids: Sequence[uuid.UUID], *, is_locking: bool = False) -> list[Reader]:
    """Return those of these people who can act for an organisation, in the order in which all lock them."""
    query = _readers().where(User.id.in_(user_ids)).order_by(User.id)
    if is_locking:
        query = query.with_for_update(of=User)
    return [_reader(row) for row in session.execute(query)]


def stream_reader_ids(session: Session, *, frequencies: Sequence[DigestFrequency]) -> Iterator[uuid.UUID]:
    """Yield the people who want the digest that often, a few hundred at a time, in the order of their ids."""
    query = select_readers(User.id).where(FREQUENCY.in_(frequencies)).order_by(User.id).limit(STREAM_SIZE)
    last: uuid.UUID | None = None
    while ids := session.scalars(query if last is None else query.where(User.id > last)).all():
        yield from ids
        last = ids[-1]


def count_readers(session: Session, *, frequencies: Sequence[DigestFrequency]) -> int:
    """Return how many people want the digest that often."""
    return session.scalar(select_readers(sa.func.count()).where(FREQUENCY.in_(frequencies))) or 0
