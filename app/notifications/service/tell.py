"""Telling people about one event: a line in the inbox of each, and a message to those who want mail."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core.upsert import insert_into
from app.events import invitations
from app.events.calendar import Person
from app.mail.models import MailMessage
from app.mail.service import queue_mail
from app.notifications import links, news, recipients
from app.notifications.events import EventKind
from app.notifications.models import DigestFrequency, Notification
from app.notifications.service.tell_groups import tell_groups
from app.outbox.topics import URGENT, topic_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.mail.compose import CalendarPart
    from app.notifications.news import News
    from app.notifications.recipients import Addressee

NEUTRAL = "notice"
"""The message that does not say what it is about."""
DAY = dt.timedelta(days=1)
EVENT_TEMPLATES = (*(kind.template for kind in EventKind), "competition")
"""What counts as the mail of a single event."""
INSTANTS = ("reply_by", "sealed_at", "deadline_at", "starts_at")


def tell(session: Session, *, kind: EventKind, subject_id: uuid.UUID, side: str = "", now: dt.datetime) -> int:
    """Tell everybody who can act for the organisations concerned; return how many people that are.

    A second call for the same occurrence tells nobody anything twice.
    """
    n_told = 0
    for item in news.read(session, kind=kind, subject_id=subject_id, side=side):
        tell_groups(session, [item], topic=topic_of(kind), now=now)
        for reader in _readers(session, item):
            note(session, reader, item, now)
            if _wants_mail(reader, item):
                write(session, reader, item, now)
            n_told += 1
    return n_told


def _readers(session: Session, item: News) -> Sequence[Addressee]:
    if item.user_id is not None:
        return recipients.person(session, item.user_id)
    return recipients.acting_readers(session, item.organization_id) if item.organization_id else ()


def tell_sealed(
    session: Session, *, organization_id: uuid.UUID, sealed_by: uuid.UUID, key: str, now: dt.datetime
) -> int:
    """Ask the people who can act for a firm to log in, and say nothing else; return how many they are.

    No line of an inbox is made: until the competition ``sealed_by`` has been opened, nothing may connect a person
    with it, in the database or in a mailbox.
    """
    readers = [one for one in recipients.acting_readers(session, organization_id) if one.has_event_mail]
    for reader in readers:
        queue_mail(
            session,
            template=NEUTRAL,
            user_id=reader.user_id,
            recipient=reader.email,
            locale=reader.locale,
            dedupe_key=f"{key}:{reader.user_id}",
            context={"path": links.WORKSPACE},
            now=now,
            sealed_by=sealed_by,
        )
    return len(readers)


def _wants_mail(reader: Addressee, item: News) -> bool:
    """Leave proposed pairings to the digest of those who read it, and introductions to the inbox of the officer."""
    is_in_digest = item.kind is EventKind.PAIRING_PROPOSED and reader.frequency is not DigestFrequency.OFF
    is_of_officer = item.kind is EventKind.PAIRING_INTRODUCED and item.user_id is not None
    return not (is_in_digest or is_of_officer)


def note(session: Session, reader: Addressee, item: News, now: dt.datetime) -> None:
    """Put a line into the inbox of one person; the same occurrence is noted once."""
    statement = insert_into(session, Notification).values(
        id=uuid.uuid4(),
        user_id=reader.user_id,
        kind=item.kind.value,
        event_key=item.key,
        payload={**item.payload, "organization": reader.organization_name},
        url=item.path,
        created_at=now,
    )
    session.execute(statement.on_conflict_do_nothing(index_elements=["user_id", "event_key"]))


def write(session: Session, reader: Addressee, item: News, now: dt.datetime) -> None:
    """Queue the message to one person who wants mail of this; the same occurrence is written once.

    In the reader's quiet hours it waits for their end; beyond the reader's most per day it is in the inbox only.
    """
    topic = topic_of(item.kind.value)
    if not reader.has_event_mail or topic in reader.timing.no_mail:
        return
    is_urgent = topic in URGENT
    if not is_urgent and _is_enough(session, reader, now):
        return
    queue_mail(
        session,
        template=item.kind.template,
        user_id=reader.user_id,
        recipient=reader.email,
        locale=reader.locale,
        dedupe_key=f"{item.key}:{reader.user_id}",
        context=_context(reader, item),
        now=now,
        calendar=_calendar(reader, item, now),
        send_at=None if is_urgent else reader.timing.send_at(now),
    )


def _is_enough(session: Session, reader: Addressee, now: dt.datetime) -> bool:
    """Return whether the reader has been mailed as many single events in 24 hours as wanted at most."""
    most = reader.timing.max_daily
    if most is None:
        return False
    lately = sa.select(sa.func.count()).where(
        MailMessage.user_id == reader.user_id,
        MailMessage.created_at > now - DAY,
        MailMessage.template.in_(EVENT_TEMPLATES),
    )
    return (session.scalar(lately) or 0) >= most


def _calendar(reader: Addressee, item: News, now: dt.datetime) -> CalendarPart | None:
    if item.invitation is None:
        return None
    person = Person(reader.name, reader.email)
    return invitations.attached(item.invitation, person, locale=reader.locale, now=now)


def _context(reader: Addressee, item: News) -> dict[str, Any]:
    """Return the payload with its instants as instants, and what every message of this kind names."""
    instants = {name: dt.datetime.fromisoformat(item.payload[name]) for name in INSTANTS if item.payload.get(name)}
    return {**item.payload, **instants, "organization": reader.organization_name, "path": item.path}
