"""The authority teaches the model words; every change is followed by a new fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from app.audit import service as audit
from app.core.errors import Conflict, NotAllowed, RuleViolation
from app.core.locking import lock_one
from app.matchmaking import policy
from app.matchmaking.models import LexiconEntry
from app.matchmaking.words import faults
from app.outbox.service import publish

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.matchmaking.commands import SaveLexiconEntry

MAX_ENTRIES = 5000
"""More would make every fit slow."""


def add_entry(session: Session, *, actor: Actor, command: SaveLexiconEntry, now: dt.datetime) -> LexiconEntry:
    """Teach words. Raises NotAllowed or RuleViolation."""
    author = _author(actor)
    _check(command)
    if len(session.scalars(select(LexiconEntry.id).limit(MAX_ENTRIES)).all()) >= MAX_ENTRIES:
        raise RuleViolation("The lexicon is full. Remove entries first.", code="lexicon_full")
    entry = LexiconEntry(created_by=author, created_at=now)
    _fill(entry, author, command, now)
    session.add(entry)
    session.flush()
    _changed(session, actor, "lexicon.add", entry, now)
    return entry


def change_entry(
    session: Session, *, actor: Actor, entry_id: uuid.UUID, command: SaveLexiconEntry, now: dt.datetime
) -> LexiconEntry:
    """Replace the words of an entry. Raises NotFound, NotAllowed, Conflict (changed meanwhile) or RuleViolation."""
    author = _author(actor)
    _check(command)
    entry = _lock(session, entry_id)
    if command.version is not None and command.version != entry.version:
        raise Conflict("Somebody else has changed this entry meanwhile.", code="changed_meanwhile")
    _fill(entry, author, command, now)
    session.flush()
    _changed(session, actor, "lexicon.change", entry, now)
    return entry


def remove_entry(session: Session, *, actor: Actor, entry_id: uuid.UUID, now: dt.datetime) -> None:
    """Forget an entry. Raises NotFound or NotAllowed."""
    _author(actor)
    entry = _lock(session, entry_id)
    _changed(session, actor, "lexicon.remove", entry, now)
    session.delete(entry)


def _author(actor: Actor) -> uuid.UUID:
    policy.can_edit_lexicon(actor).enforce()
    if actor.user_id is None:
        raise NotAllowed("Only the authority changes the lexicon.", code="not_allowed")
    return actor.user_id


def _lock(session: Session, entry_id: uuid.UUID) -> LexiconEntry:
    query = select(LexiconEntry).where(LexiconEntry.id == entry_id)
    return lock_one(session, query, of=[LexiconEntry], missing="This entry of the lexicon does not exist.")


def _check(command: SaveLexiconEntry) -> None:
    for field, message in faults(command):
        raise RuleViolation(message, code="words", field=field)


def _fill(entry: LexiconEntry, author: uuid.UUID, command: SaveLexiconEntry, now: dt.datetime) -> None:
    entry.zh, entry.en, entry.code = "\n".join(command.zh), "\n".join(command.en), command.code
    entry.updated_by, entry.updated_at = author, now


def _changed(session: Session, actor: Actor, action: str, entry: LexiconEntry, now: dt.datetime) -> None:
    """Record a change with the words as they are then; the search learns it at once, the model with a new fit."""
    zh, en = entry.zh.splitlines(), entry.en.splitlines()
    label = (zh or en)[0]
    audit.record(session, actor, action, "lexicon_entry", entry.id, label=label, zh=zh, en=en, code=entry.code)
    publish(session, "taxonomy.apply", now=now, key="taxonomy.apply")
    publish(
        session,
        "matching.recompute",
        now=now,
        key="matching.recompute",
        trigger="lexicon",
        requested_by=str(actor.user_id),
    )
