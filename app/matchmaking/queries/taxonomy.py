"""The categories as the desk keeps them: what ships, what was changed, how much hangs on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts.models import User
from app.matchmaking.categories import OwnCategory, categories_of, category_of
from app.matchmaking.commands import RenameCategory
from app.matchmaking.models import CategoryChange, LexiconEntry
from app.matchmaking.uses import Uses, n_records, uses
from matching.lexicon import concepts, symptoms

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from matching.taxonomy import Category

SHOWN_WORDS = 60


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category with its names of today."""

    code: str
    zh: str
    en: str
    parent: str
    is_renamed: bool
    is_added: bool
    is_withdrawn: bool
    merged_into: str
    uses: Uses
    children: list[CategoryRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TaughtRow:
    """Words the desk taught about a category."""

    id: uuid.UUID
    zh: tuple[str, ...]
    en: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryPage:
    """One category with everything about it."""

    row: CategoryRow
    shipped: Category | None
    command: RenameCategory
    keys: tuple[str, ...]
    """Parameters it is specified by, if it was added with some of its own."""
    n_mentions: int
    """What else names one that was added: editions, kept views and searches, experts, categories merged into it."""
    shipped_words: tuple[str, ...]
    n_more_words: int
    taught: tuple[TaughtRow, ...]
    merged: tuple[str, ...]
    """Codes whose place it took."""
    changed_by: str
    changed_at: dt.datetime | None


def tree(session: Session, *, kind: str, text: str = "", changed_only: bool = False) -> list[CategoryRow]:
    """Return the first-level categories with those below them, in two queries; text narrows by code and name."""
    found = uses(session)
    tops: dict[str, CategoryRow] = {}
    for category in categories_of(session, kind):
        row = _row(category, found)
        if category.parent:
            if _is_wanted(row, text, changed_only=changed_only):
                tops[category.parent].children.append(row)
        else:
            tops[category.code] = row
    is_narrowed = bool(text) or changed_only
    return [
        top
        for top in tops.values()
        if top.children or not is_narrowed or _is_wanted(top, text, changed_only=changed_only)
    ]


def category_page(session: Session, code: str, *, n_mentions: int = 0) -> CategoryPage:
    """Return one category; ``n_mentions`` is what names it in slices above. Raises NotFound."""
    category = category_of(session, code)
    change, row = category.change, _row(category, uses(session))
    words = _shipped_words(code)
    taught = session.scalars(
        select(LexiconEntry).where(LexiconEntry.code == code).order_by(LexiconEntry.updated_at.desc(), LexiconEntry.id)
    )
    merged = session.scalars(
        select(CategoryChange.code).where(CategoryChange.merged_into == code).order_by(CategoryChange.code)
    )
    return CategoryPage(
        row=row,
        shipped=category.shipped,
        command=RenameCategory(row.zh, row.en, change.version if change else None, category.keys),
        keys=category.keys,
        n_mentions=n_mentions + n_records(session, code) if category.is_added else 0,
        shipped_words=words[:SHOWN_WORDS],
        n_more_words=max(0, len(words) - SHOWN_WORDS),
        taught=tuple(TaughtRow(one.id, tuple(one.zh.splitlines()), tuple(one.en.splitlines())) for one in taught),
        merged=tuple(merged),
        changed_by=_name(session, change),
        changed_at=change.updated_at if change else None,
    )


def names(session: Session, code: str) -> tuple[str, str]:
    """Return the Chinese and the English name a category has today. Raises NotFound."""
    category = category_of(session, code)
    return category.zh, category.en


def _row(category: OwnCategory, found: Mapping[str, Uses]) -> CategoryRow:
    return CategoryRow(
        code=category.code,
        zh=category.zh,
        en=category.en,
        parent=category.parent,
        is_renamed=category.is_renamed,
        is_added=category.is_added,
        is_withdrawn=category.is_withdrawn,
        merged_into=category.merged_into,
        uses=found.get(category.code, Uses()),
    )


def _is_wanted(row: CategoryRow, text: str, *, changed_only: bool) -> bool:
    if changed_only and not (row.is_renamed or row.is_added or row.merged_into):
        return False
    wanted = text.casefold()
    return not wanted or any(wanted in name.casefold() for name in (row.code, row.zh, row.en))


def _shipped_words(code: str) -> tuple[str, ...]:
    """Return the words of the shipped lexicon that point to a category, and makers' phrases for it."""
    forms = [form for concept in concepts() if code in concept.codes for form in (*concept.zh, *concept.en)]
    return tuple(dict.fromkeys([*forms, *symptoms().get(code, ())]))


def _name(session: Session, change: CategoryChange | None) -> str:
    if change is None:
        return ""
    return session.scalar(select(User.name).where(User.id == change.updated_by)) or ""
