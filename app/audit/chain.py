"""The chain: every event is hashed together with the one before, so that nothing can be changed or left out unseen.

Links are made at the very end of a transaction, under a lock that therefore lasts as long as the commit only, and
that nobody can hold while waiting for another one.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event as events
from sqlalchemy.orm import Session, object_session

from app.audit.models import MAIN, AuditEvent, AuditLink

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

START = "0" * 64
"""What stands before the first link of a chain."""
COLUMNS = (
    "seq", "created_at", "actor_id", "actor_name", "capacity", "organization_id", "action", "subject_type",
    "subject_id", "subject_label", "details", "sealed_by", "request_id", "ip", "box", "discloses",
)  # fmt: skip
LOCK = 0x61756469
"""Number of the advisory lock: "audi"."""
UNLINKED = "audit_events_to_link"
"""Where a session keeps the events of its transaction."""


def add(session: Session, event: AuditEvent) -> None:
    """Add an event to the running transaction; its link is made when the transaction ends."""
    session.add(event)
    session.info.setdefault(UNLINKED, []).append(event)


def chain_of(event: AuditEvent) -> uuid.UUID:
    """Return the chain that an event belongs to."""
    return event.sealed_by if event.box is not None and event.sealed_by is not None else MAIN


def link_hash(previous: str, number: int, event: AuditEvent) -> str:
    """Return the SHA-256 over the hash before, the number and everything that is stored of the event."""
    return hashlib.sha256(canonical([previous, number, *columns_of(event)])).hexdigest()


def columns_of(event: AuditEvent) -> list[Any]:
    """Return everything that is stored of an event as it is hashed."""
    return [_plain(getattr(event, name)) for name in COLUMNS]


def canonical(value: Any) -> bytes:
    """Return JSON as bytes in the one form that is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return json.loads(json.dumps(value))
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if value is None or isinstance(value, int | str):
        return value
    return _instant(value) if hasattr(value, "isoformat") else str(value)


def _instant(value: dt.datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@events.listens_for(Session, "before_commit")
def _link(session: Session) -> None:
    added: Iterable[AuditEvent] = session.info.pop(UNLINKED, ())
    if not added:
        return
    session.flush()
    # What was rolled back has left the session.
    kept = sorted((event for event in added if object_session(event) is session), key=lambda event: event.seq)
    if kept:
        _lock(session)
        _append(session, kept)


@events.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(UNLINKED, None)


def _lock(session: Session) -> None:
    """Let nobody else link before this transaction ends; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _append(session: Session, added: list[AuditEvent]) -> None:
    ends: dict[uuid.UUID, tuple[int, str]] = {}
    rows = []
    for event in added:
        chain = chain_of(event)
        last, previous = ends.get(chain) or end_of(session, chain)
        number, digest = last + 1, link_hash(previous, last + 1, event)
        rows.append({"chain": chain, "number": number, "seq": event.seq, "previous": previous, "hash": digest})
        ends[chain] = number, digest
    session.execute(sa.insert(AuditLink), rows)


def end_of(session: Session, chain: uuid.UUID) -> tuple[int, str]:
    """Return number and hash of the last link of a chain."""
    last = sa.select(AuditLink.number, AuditLink.hash).where(AuditLink.chain == chain)
    row = session.execute(last.order_by(AuditLink.number.desc()).limit(1)).first()
    return (row.number, row.hash) if row else (0, START)
