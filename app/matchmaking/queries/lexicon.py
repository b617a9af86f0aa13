"""The words that administrators taught, as the desk lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, or_, select

from app.accounts.models import User
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.matchmaking.commands import SaveLexiconEntry
from app.matchmaking.models import LexiconEntry

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as listed."""

    id: uuid.UUID
    zh: tuple[str, ...]
    en: tuple[str, ...]
    code: str
    updated_by: str
    updated_at: dt.datetime


def entries(session: Session, *, text: str, code: str, page: int) -> Page[EntryRow]:
    """Return one page of entries, what changed last first; text and code narrow unless empty. Three queries."""
    found = paginate(session, _narrowed(text, code), number=page)
    names = dict(
        session.execute(select(User.id, User.name).where(User.id.in_({entry.updated_by for entry in found.items})))
        .tuples()
        .all()
    )
    return found.map(lambda entry: _row(entry, names.get(entry.updated_by, "")))


def codes_in_use(session: Session) -> dict[str, int]:
    """Return category -> how many entries point to it."""
    query = select(LexiconEntry.code, func.count()).where(LexiconEntry.code != "").group_by(LexiconEntry.code)
    return dict(session.execute(query.order_by(LexiconEntry.code)).tuples().all())


def entry(session: Session, entry_id: uuid.UUID) -> SaveLexiconEntry:
    """Return an entry as its form takes it. Raises NotFound."""
    found = session.get(LexiconEntry, entry_id)
    if found is None:
        raise NotFound("This entry of the lexicon does not exist.", code="not_found")
    return SaveLexiconEntry(tuple(found.zh.splitlines()), tuple(found.en.splitlines()), found.code, found.version)


def _narrowed(text: str, code: str) -> Select[tuple[LexiconEntry]]:
    query = select(LexiconEntry).order_by(LexiconEntry.updated_at.desc(), LexiconEntry.id)
    if text:
        query = query.where(
            or_(
                LexiconEntry.zh.icontains(text, autoescape=True),
                LexiconEntry.en.icontains(text, autoescape=True),
            )
        )
    return query.where(LexiconEntry.code == code) if code else query


def _row(found: LexiconEntry, name: str) -> EntryRow:
    zh, en = tuple(found.zh.splitlines()), tuple(found.en.splitlines())
    return EntryRow(found.id, zh, en, found.code, name, found.updated_at)
