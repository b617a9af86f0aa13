"""The categories as the desk keeps them: what ships, what was changed, how much hangs on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import func, literal, select, union_all

from app.accounts.models import OrganizationCategory, User
from app.catalog.models import ChipProduct
from app.core.errors import NotFound
from app.demands.models import Need, NeedCategory
from app.matchmaking.commands import RenameCategory
from app.matchmaking.models import CategoryChange, LexiconEntry
from matching.lexicon import concepts, symptoms
from matching.taxonomy import shipped_categories

if TYPE_CHECKING:
    import datetime as dt
    import uuid
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

KINDS = ("C", "T")
"""Chip and terminal categories, by the first letter of their codes."""
SHOWN_WORDS = 60


@dataclass(frozen=True, slots=True)
class Uses:
    """How many things name a category."""

    products: int = 0
    needs: int = 0
    companies: int = 0
    words: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.products + self.needs + self.companies + self.words


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category with its names of today."""

    code: str
    zh: str
    en: str
    parent: str
    is_renamed: bool
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
    shipped_zh: str
    shipped_en: str
    command: RenameCategory
    shipped_words: tuple[str, ...]
    n_more_words: int
    taught: tuple[TaughtRow, ...]
    merged: tuple[str, ...]
    """Codes whose place it took."""
    changed_by: str
    changed_at: dt.datetime | None


def tree(session: Session, *, kind: str, text: str = "", changed_only: bool = False) -> list[CategoryRow]:
    """Return the first-level categories with those below them, in two queries; text narrows by code and name."""
    changes = {change.code: change for change in session.scalars(select(CategoryChange))}
    uses = _uses(session)
    tops: dict[str, CategoryRow] = {}
    for code, category in shipped_categories(kind).items():
        row = _row(code, changes.get(code), uses)
        if category.parent:
            if _is_wanted(row, text, changed_only=changed_only):
                tops[category.parent].children.append(row)
        else:
            tops[code] = row
    is_narrowed = bool(text) or changed_only
    return [
        top
        for top in tops.values()
        if top.children or not is_narrowed or _is_wanted(top, text, changed_only=changed_only)
    ]


def category_page(session: Session, code: str) -> CategoryPage:
    """Return one category. Raises NotFound."""
    shipped = next((shipped_categories(kind)[code] for kind in KINDS if code in shipped_categories(kind)), None)
    if shipped is None:
        raise NotFound("There is no such category.", code="category_not_found")
    change = session.get(CategoryChange, code)
    row = _row(code, change, _uses(session))
    words = _shipped_words(code)
    taught = session.scalars(
        select(LexiconEntry).where(LexiconEntry.code == code).order_by(LexiconEntry.updated_at.desc(), LexiconEntry.id)
    )
    merged = session.scalars(
        select(CategoryChange.code).where(CategoryChange.merged_into == code).order_by(CategoryChange.code)
    )
    return CategoryPage(
        row=row,
        shipped_zh=shipped.zh,
        shipped_en=shipped.en,
        command=RenameCategory(row.zh, row.en, change.version if change else None),
        shipped_words=words[:SHOWN_WORDS],
        n_more_words=max(0, len(words) - SHOWN_WORDS),
        taught=tuple(TaughtRow(one.id, tuple(one.zh.splitlines()), tuple(one.en.splitlines())) for one in taught),
        merged=tuple(merged),
        changed_by=_name(session, change),
        changed_at=change.updated_at if change else None,
    )


def names(session: Session, code: str) -> tuple[str, str]:
    """Return the Chinese and the English name a shipped category has today."""
    row = _row(code, session.get(CategoryChange, code), {})
    return row.zh, row.en


def _row(code: str, change: CategoryChange | None, uses: Mapping[str, Uses]) -> CategoryRow:
    shipped = shipped_categories(code[0])[code]
    is_renamed = change is not None and bool(change.zh)
    return CategoryRow(
        code=code,
        zh=change.zh if change and change.zh else shipped.zh,
        en=change.en if change and change.en else shipped.en,
        parent=shipped.parent,
        is_renamed=is_renamed,
        merged_into=change.merged_into if change else "",
        uses=uses.get(code, Uses()),
    )


def _is_wanted(row: CategoryRow, text: str, *, changed_only: bool) -> bool:
    if changed_only and not (row.is_renamed or row.merged_into):
        return False
    wanted = text.casefold()
    return not wanted or any(wanted in name.casefold() for name in (row.code, row.zh, row.en))


def _uses(session: Session) -> dict[str, Uses]:
    """Return how many things name each category, in one query."""
    columns = (
        ("products", ChipProduct.category), ("needs", NeedCategory.code), ("needs", Need.terminal_category),
        ("companies", OrganizationCategory.code), ("words", LexiconEntry.code),
    )  # fmt: skip
    counts = [
        select(literal(name).label("kind"), column.label("code"), func.count().label("n"))
        .where(column != "")
        .group_by(column)
        for name, column in columns
    ]
    found: dict[str, dict[str, int]] = {}
    for name, code, n in session.execute(union_all(*counts)):
        found.setdefault(code, {}).setdefault(name, 0)
        found[code][name] += n
    return {code: Uses(**numbers) for code, numbers in found.items()}


def _shipped_words(code: str) -> tuple[str, ...]:
    """Return the words of the shipped lexicon that point to a category, and makers' phrases for it."""
    forms = [form for concept in concepts() if code in concept.codes for form in (*concept.zh, *concept.en)]
    return tuple(dict.fromkeys([*forms, *symptoms().get(code, ())]))


def _name(session: Session, change: CategoryChange | None) -> str:
    if change is None:
        return ""
    return session.scalar(select(User.name).where(User.id == change.updated_by)) or ""
