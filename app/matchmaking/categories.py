"""The categories as the database has them: those that ship and those the desk added, with what was changed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core.errors import NotFound, RuleViolation
from app.matchmaking.models import CategoryChange
from app.taxonomy import lists
from matching.taxonomy import ADDED_NUMBERS, Category, shipped_categories

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

KINDS = ("C", "T")
"""Chip and terminal categories, by the first letter of their codes."""
MAX_NAME, MAX_KEYS = 60, 20


@dataclass(frozen=True, slots=True)
class OwnCategory:
    """A category that ships, that the desk added, or that it added and withdrew."""

    code: str
    zh: str
    en: str
    """The names of today."""
    parent: str
    """"" on the first level."""
    shipped: Category | None
    change: CategoryChange | None

    @property
    def is_added(self) -> bool:
        """Whether the desk made it."""
        return self.shipped is None

    @property
    def is_renamed(self) -> bool:
        """Whether it ships under other names."""
        return self.shipped is not None and self.change is not None and bool(self.change.zh)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the desk added it and took it back."""
        return self.change is not None and self.change.withdrawn_at is not None

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters an added one is specified by; none for those of its parent."""
        return tuple(self.change.keys.splitlines()) if self.change else ()

    @property
    def merged_into(self) -> str:
        """The code that took its place, or ""."""
        return self.change.merged_into if self.change else ""


def category_of(session: Session, code: str) -> OwnCategory:
    """Return one category. Raises NotFound."""
    shipped = _shipped(code)
    change = session.get(CategoryChange, code)
    if shipped is None and change is None:
        raise NotFound("There is no such category.", code="category_not_found")
    return _own(code, shipped, change)


def categories_of(session: Session, *kinds: str) -> list[OwnCategory]:
    """Return all categories of some kinds by code, each parent before its children, in one query."""
    is_of_kind = (CategoryChange.code.startswith(kind) for kind in kinds)
    changes = {change.code: change for change in session.scalars(sa.select(CategoryChange).where(sa.or_(*is_of_kind)))}
    shipped = {code: category for kind in kinds for code, category in shipped_categories(kind).items()}
    return [_own(code, shipped.get(code), changes.get(code)) for code in sorted({*shipped, *changes})]


def next_code(parent: str, known: Iterable[OwnCategory]) -> str | None:
    """Return the code of the next category below ``parent``, None when there is none left; none is given twice."""
    numbers = {int(one.code[3:]) for one in known if one.is_added and one.parent == parent}
    number = max(numbers, default=ADDED_NUMBERS.start - 1) + 1
    return f"{parent}{number}" if number in ADDED_NUMBERS else None


def is_added_code(code: str) -> bool:
    """Return whether a code is one of those that no release ships."""
    return code[3:].isdigit() and int(code[3:]) in ADDED_NUMBERS


def check_names(known: Sequence[OwnCategory], code: str, zh: str, en: str) -> None:
    """Raise RuleViolation unless both names are given, short, printable and nobody else's, or neither is."""
    if bool(zh) != bool(en):
        raise RuleViolation("Give both names, or leave both empty.", code="names", field="en" if zh else "zh")
    taken = [one for one in known if one.code != code and not one.is_withdrawn]
    own = next((one.shipped for one in known if one.code == code), None)
    for field, name in (("zh", zh), ("en", en)):
        if len(name) > MAX_NAME:
            raise RuleViolation("At most 60 characters.", code="names", field=field)
        if not name.isprintable():
            raise RuleViolation("The name has characters that cannot be seen.", code="names", field=field)
        is_own = own is not None and name == getattr(own, field)
        if name and not is_own and any(_folded(getattr(one, field)) == _folded(name) for one in taken):
            raise RuleViolation("Another category has this name.", code="names", field=field)


def checked_keys(code: str, keys: Iterable[str]) -> str:
    """Return the parameters of an added category as they are stored. Raises RuleViolation."""
    chosen = dict.fromkeys(keys)
    if chosen and not code.startswith("C"):
        raise RuleViolation("Only chip categories are specified by parameters.", code="keys", field="keys")
    if len(chosen) > MAX_KEYS:
        raise RuleViolation("Choose at most 20 parameters.", code="keys", field="keys")
    if any(key not in lists.parameters for key in chosen):
        raise RuleViolation("Choose parameters of the list.", code="keys", field="keys")
    return "\n".join(chosen)


def _folded(name: str) -> str:
    """Return a name as it is compared with others: letters of any width and case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _shipped(code: str) -> Category | None:
    return shipped_categories(code[0]).get(code) if code.startswith(KINDS) else None


def _own(code: str, shipped: Category | None, change: CategoryChange | None) -> OwnCategory:
    has_names = change is not None and bool(change.zh)
    named = change if has_names else shipped
    zh, en = (named.zh, named.en) if named else (code, code)
    return OwnCategory(code, zh, en, shipped.parent if shipped else code[:3], shipped, change)
