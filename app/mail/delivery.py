"""Delivering what is due: lease, send, mark; one address never stops the next."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.core import clock
from app.core.box import BoxError
from app.core.processes import is_dead, worker_name
from app.db import current_session, transaction
from app.mail import letterhead, sealed, suppression
from app.mail.intake import refused
from app.mail.models import MailMessage, MailState
from app.mail.transports import Refused, Unreachable

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.mail.transports import Connection, Transport

log = logging.getLogger(__name__)

BATCH = 50
LEASE = dt.timedelta(seconds=120)
MARGIN = dt.timedelta(seconds=60)
"""A message is not begun when less of the lease is left than a slow server may take."""
MAX_ATTEMPTS = 9
RETRY_AFTER = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 240, 720, 1440))
"""How long to wait after the first, second … failure; greylisting servers want a few minutes."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A leased message, apart from any session."""

    id: uuid.UUID
    recipient: str
    raw: bytes
    attempts: int
    name: str
    """What a folder calls its file: the first part of the Message-ID."""
    is_sealed: bool
    template: str


def deliver_due(
    transport: Transport, *, is_stopping: Callable[[], bool] = lambda: False, lease: dt.timedelta = LEASE
) -> int:
    """Send every message that is due, in batches over one connection each; return how many went out.

    Needs an application context, and no transaction under way. A server that cannot be reached ends the
    round; its messages wait for their next attempt.
    """
    n_sent, worker = 0, worker_name()
    while not is_stopping() and is_any_due(current_session(), now=clock.now()):
        with transaction() as session:
            letters = claim(session, now=clock.now(), worker=worker, lease=lease)
        if not letters:  # all that was due is suppressed, or another worker was faster
            continue
        until = clock.now() + lease - min(MARGIN, lease / 2)
        try:
            n_sent += _send_batch(transport, letters, is_ending=partial(_is_over, is_stopping, until))
        except Unreachable as error:
            _postpone(letters, str(error))
            break
    return n_sent


def _is_over(is_stopping: Callable[[], bool], until: dt.datetime) -> bool:
    return is_stopping() or clock.now() > until


def claim(
    session: Session, *, now: dt.datetime, worker: str = "", lease: dt.timedelta = LEASE, limit: int = BATCH
) -> list[Letter]:
    """Lease up to ``limit`` due messages, those of dead workers too, what somebody waits for first; commit at once.

    Messages to suppressed addresses are settled here: nobody hands them over.
    """
    ids = _due_ids(session, now, limit)
    leased = sa.update(MailMessage).where(MailMessage.id.in_(ids))
    leased = leased.values(
        state=MailState.SENDING, leased_until=now + lease, leased_by=worker, attempts=MailMessage.attempts + 1
    )
    session.execute(leased.execution_options(synchronize_session=False))
    columns = (MailMessage.id, MailMessage.recipient, MailMessage.raw, MailMessage.attempts, MailMessage.box)
    rows = session.execute(sa.select(*columns, MailMessage.template).where(MailMessage.id.in_(ids)))
    letters = {row.id: _letter(row) for row in rows}
    return _without_suppressed(session, [letters[one] for one in ids])


def _due_ids(session: Session, now: dt.datetime, limit: int) -> list[uuid.UUID]:
    """Return what is to be sent next, locked; apart from the messages themselves, which no database shall sort."""
    order = (MailMessage.is_bulk, MailMessage.next_attempt_at, MailMessage.created_at)
    found: list[sa.Row[Any]] = []
    for due in (_waiting(now), _abandoned(session, now)):
        query = sa.select(*order, MailMessage.id).where(due).order_by(*order).limit(limit)
        found += session.execute(query.with_for_update(skip_locked=True))
    return [row.id for row in sorted(found)[:limit]]


def _without_suppressed(session: Session, letters: list[Letter]) -> list[Letter]:
    """Return the letters that may go out; the others are settled."""
    reasons = suppression.reasons(session, [letter.recipient for letter in letters])
    held = [letter for letter in letters if suppression.holds(reasons, letter.recipient, letter.template)]
    if held:
        settled = sa.update(MailMessage).where(MailMessage.id.in_([letter.id for letter in held]))
        values = {"state": MailState.SUPPRESSED, "leased_until": None, "leased_by": ""}
        session.execute(settled.values(values).execution_options(synchronize_session=False))
    return [letter for letter in letters if letter not in held]


def _letter(row: sa.Row[Any]) -> Letter:
    """Return a message to be sent; to nobody, which the sending refuses, when another key locked its box."""
    if row.box is None:
        return Letter(row.id, row.recipient, row.raw, row.attempts, row.id.hex, is_sealed=False, template=row.template)
    try:
        told = sealed.opened(row.id, row.box)
    except BoxError:
        return Letter(row.id, "", b"", row.attempts, "", is_sealed=True, template=row.template)
    name = told["message_id"].strip("<>").partition("@")[0]
    return Letter(row.id, told["recipient"], told["raw"], row.attempts, name, is_sealed=True, template=row.template)


def is_any_due(session: Session, *, now: dt.datetime) -> bool:
    """Return whether there is something to deliver."""
    due = sa.or_(_waiting(now), _abandoned(session, now))
    return session.scalar(sa.select(MailMessage.id).where(due).limit(1)) is not None


def _waiting(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(MailMessage.state == MailState.QUEUED, MailMessage.next_attempt_at <= now)


def _abandoned(session: Session, now: dt.datetime) -> sa.ColumnElement[bool]:
    """Return what is held by workers that ended or let their lease run out."""
    is_held = MailMessage.state == MailState.SENDING
    holders = session.scalars(sa.select(MailMessage.leased_by).where(is_held).distinct())
    dead = [name for name in holders if is_dead(name)]
    return sa.and_(is_held, sa.or_(MailMessage.leased_until < now, MailMessage.leased_by.in_(dead)))


def _send_batch(transport: Transport, letters: list[Letter], *, is_ending: Callable[[], bool]) -> int:
    """Send letters over one connection; what is not tried is put back. Raises Unreachable before the first."""
    n_tried = n_sent = 0
    with transport.connect() as connection:
        for letter in letters:
            if is_ending():
                break
            n_tried += 1
            try:
                n_sent += _send(connection, letter)
            except Unreachable as error:  # the rest goes over a new connection
                _postpone([letter], str(error))
                break
    for letter in letters[n_tried:]:
        _settle(letter, state=MailState.QUEUED, attempts=letter.attempts - 1)
    return n_sent


def _send(connection: Connection, letter: Letter) -> bool:
    """Send one letter and note what became of it; return whether it went out."""
    head = letterhead.current()
    if not letter.recipient:
        _give_up(letter, BoxError.__name__)
        return False
    try:
        raw = head.signer.sign(letter.raw, clock.now()) if head.signer else letter.raw
        connection.send(sender=head.address.addr_spec, recipient=letter.recipient, raw=raw, name=letter.name)
    except Refused as error:
        if error.is_of_address and not letter.is_sealed:  # a row of its reader beside it would tell whose it is
            _hold_back(letter, str(error))
        elif error.is_final:
            _give_up(letter, str(error))
        else:
            _postpone([letter], str(error))
        return False
    except Unreachable:
        raise
    except Exception as error:
        shown = None if letter.is_sealed else error
        log.error("message cannot be sent", exc_info=shown, extra={"mail_id": str(letter.id)})  # noqa: TRY400
        _give_up(letter, f"{type(error).__name__}: {error}")
        return False
    _settle(letter, state=MailState.SENT, sent_at=clock.now(), last_error="")
    return True


def _postpone(letters: list[Letter], error: str) -> None:
    """Try again after a growing pause; give up after ``MAX_ATTEMPTS``."""
    log.warning("mail postponed", extra={"n_messages": len(letters)})
    for letter in letters:
        if letter.attempts >= MAX_ATTEMPTS:
            _give_up(letter, error)
        else:
            pause = RETRY_AFTER[min(letter.attempts, len(RETRY_AFTER)) - 1]
            again_at = clock.now() + pause
            _settle(letter, state=MailState.QUEUED, next_attempt_at=again_at, last_error=_shown(letter, error))


def _hold_back(letter: Letter, error: str) -> None:
    """Give a letter up whose mailbox does not exist, and keep everything else from that address."""
    _give_up(letter, error)
    with transaction() as session:
        refused(session, recipient=letter.recipient, reason=error, mail_id=letter.id, now=clock.now())


def _give_up(letter: Letter, error: str) -> None:
    _settle(letter, state=MailState.FAILED, last_error=_shown(letter, error))


def _shown(letter: Letter, error: str) -> str:
    """Return what the log keeps of an error: servers like to repeat the address, so of a sealed letter one word."""
    return error.partition(" ")[0].rstrip(":")[:40] if letter.is_sealed else error[:2000]


def _settle(letter: Letter, **values: Any) -> None:
    """Note what became of a letter, unless its lease has passed to another worker: ``attempts`` tells."""
    values |= {"leased_until": None, "leased_by": ""}
    with transaction() as session:
        session.execute(_held(*values), {**values, "held_id": letter.id, "held_attempts": letter.attempts})


@cache
def _held(*names: str) -> sa.Update:
    """Return the UPDATE of these columns of a letter that is still held; building it takes longer than running it."""
    mail: Any = MailMessage.__table__
    held = sa.update(mail).where(
        mail.c.id == sa.bindparam("held_id"),
        mail.c.state == MailState.SENDING,
        mail.c.attempts == sa.bindparam("held_attempts"),
    )
    return held.values({name: sa.bindparam(name) for name in names})
