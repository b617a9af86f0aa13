"""Terms and code lists: frozen, bilingual, read once from the data files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from types import MappingProxyType

_OWN_COLUMNS = frozenset({"code", "zh", "en", "parent"})
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of a code list; ``parent`` is "" at the top, ``attributes`` are further columns."""

    code: str
    zh: str
    en: str
    parent: str = ""
    attributes: Mapping[str, str] = field(default_factory=lambda: _NOTHING, hash=False)

    def label(self, locale: str) -> str:
        """Return the name in Chinese for a Chinese locale, else in English."""
        return self.zh if locale.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Branch:
    """A term with everything below it."""

    term: Term
    children: tuple[Branch, ...] = ()


class CodeList:
    """A closed list of terms in the order of its file, possibly in levels.

    A code that was merged into another is no longer in the list, but still leads to the term that took its place; so
    does one that was withdrawn, to the term above it.
    """

    __slots__ = ("_children", "_merged", "_terms", "name")

    def __init__(self, name: str, terms: Iterable[Term]) -> None:
        """Check the terms. Raises ValueError for a code twice, a missing name, a parent that comes later."""
        self.name = name
        self.become(terms)

    def become(self, terms: Iterable[Term], merged: Mapping[str, str] = _NOTHING) -> None:
        """Replace the terms, for everybody who holds the list. Raises ValueError as at the beginning."""
        found: dict[str, Term] = {}
        children: dict[str, list[Term]] = {}
        for term in terms:
            if term.code in found or not (term.code and term.zh and term.en):
                raise ValueError(f"{self.name}: {term.code!r} is there twice or has no name")
            if term.parent and term.parent not in found:
                raise ValueError(f"{self.name}: {term.code!r} stands before its parent {term.parent!r}")
            found[term.code] = term
            children.setdefault(term.parent, []).append(term)
        self._terms, self._children, self._merged = found, children, merged

    def __contains__(self, code: object) -> bool:
        """Tell whether the code is in the list."""
        return code in self._terms

    def __iter__(self) -> Iterator[Term]:
        """Return the terms in order."""
        return iter(self._terms.values())

    def __len__(self) -> int:
        """Return the number of terms."""
        return len(self._terms)

    def __repr__(self) -> str:
        return f"<CodeList {self.name}: {len(self)} terms>"

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes in order."""
        return tuple(self._terms)

    def get(self, code: str | None) -> Term | None:
        """Return the term of a code, or None."""
        return self._terms.get(self.current(code)) if code else None

    def current(self, code: str) -> str:
        """Return the code that took the place of a merged one, else the code itself."""
        return self._merged.get(code, code)

    def label(self, code: str | None, locale: str) -> str:
        """Return the name of a code in a locale; an unknown code stands for itself, none gives ""."""
        term = self.get(code)
        return term.label(locale) if term else code or ""

    def path(self, code: str | None, locale: str, separator: str = " › ") -> str:
        """Return the names from the top level down to the code."""
        return separator.join(term.label(locale) for term in self.ancestry(code)) or code or ""

    def ancestry(self, code: str | None) -> tuple[Term, ...]:
        """Return the terms from the top level down to the code, none for an unknown code."""
        found: list[Term] = []
        term = self.get(code)
        while term:
            found.append(term)
            term = self.get(term.parent)
        return tuple(reversed(found))

    def level(self, code: str) -> int:
        """Return 1 for a term of the top level, 2 for one below it …, 0 for an unknown code."""
        return len(self.ancestry(code))

    def children(self, code: str) -> tuple[Term, ...]:
        """Return the terms directly below a code ("" = the top level)."""
        return tuple(self._children.get(code, ()))

    def choices(self, locale: str, *, level: int | None = None, parent: str | None = None) -> list[tuple[str, str]]:
        """Return (code, name) of all terms, of one level, or of those directly below ``parent``."""
        terms = self if parent is None else self.children(parent)
        return [(t.code, t.label(locale)) for t in terms if level is None or self.level(t.code) == level]

    def tree(self) -> tuple[Branch, ...]:
        """Return the whole list as branches."""
        return tuple(self._branch(term) for term in self.children(""))

    def index(self, code: str) -> int:
        """Return the place of a code in the list. Raises ValueError for an unknown code."""
        return self.codes.index(code)

    def _branch(self, term: Term) -> Branch:
        return Branch(term, tuple(self._branch(child) for child in self.children(term.code)))


def read_rows(file: str) -> list[dict[str, str]]:
    """Return the rows of a data file by header; lines that begin with ``#`` are comments."""
    text = (resources.files("app.taxonomy.data") / file).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if line and not line.startswith("#")))


def read_list(name: str) -> CodeList:
    """Return the code list of ``data/<name>.csv``."""
    return CodeList(name, [_term(row) for row in read_rows(f"{name}.csv")])


def _term(row: dict[str, str]) -> Term:
    attributes = {key: value for key, value in row.items() if key not in _OWN_COLUMNS}
    return Term(row["code"], row["zh"], row["en"], row.get("parent", ""), MappingProxyType(attributes))
