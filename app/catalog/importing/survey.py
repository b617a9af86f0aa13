"""Finding the tables of a file: which sheets, where their headers stand, and what the headers mean."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.catalog.importing import layout
from app.catalog.importing.source import UnreadableFile, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.catalog.importing.layout import Column
    from app.catalog.importing.source import Row, Source

HEAD_ROWS = 12
"""Headers are looked for in the first rows that are not blank."""
EXAMPLES = 3
MAX_SHEETS = 50
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file: its sheet, the row of its headers, the headers, and a few values of each column."""

    sheet: str
    header_row: int
    titles: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file holds; without ``params`` the parameters, if any, stand in the table of products."""

    products: Table
    params: Table | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it for storage."""
        return {"products": asdict(self.products), "params": asdict(self.params) if self.params else None}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Survey:
        """Return what was stored."""
        return cls(_table(stored["products"]), _table(stored["params"]) if stored["params"] else None)

    @property
    def columns(self) -> tuple[Column, ...]:
        """What columns of the table of products may mean."""
        return layout.PRODUCT_COLUMNS if self.params else layout.LONG_COLUMNS

    def guess(self) -> Mapping:
        """Return what the columns mean, judging by their headers."""
        return Mapping(
            tuple(layout.guess(self.products.titles, self.columns)),
            tuple(layout.guess(self.params.titles, layout.PARAM_COLUMNS)) if self.params else (),
        )


@dataclass(frozen=True, slots=True)
class Mapping:
    """For each column of both tables the key of what it means; empty when it is not taken over."""

    products: tuple[str, ...]
    params: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return it for storage."""
        return {"products": list(self.products), "params": list(self.params)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Mapping:
        """Return what was stored."""
        return cls(tuple(stored["products"]), tuple(stored["params"]))


def survey(source: Source) -> Survey:
    """Find the table of products and that of parameters. Raises UnreadableFile when there is none."""
    heads = {sheet: list(islice(source.rows(sheet), HEAD_ROWS)) for sheet in source.sheets[:MAX_SHEETS]}
    tables = {sheet: _find(sheet, rows) for sheet, rows in heads.items()}
    found = [table for table in tables.values() if table]
    if not found:
        raise UnreadableFile("The file holds no table.", code="no_table")
    params = max(found, key=_param_likeness)
    products = max(found, key=lambda table: _product_likeness(table, params))
    if products is params or _param_likeness(params) < 3:
        return Survey(products)
    return Survey(products, params)


def _product_likeness(table: Table, params: Table) -> tuple[int, bool]:
    return layout.likeness(table.titles, layout.LONG_COLUMNS), table is not params


def _param_likeness(table: Table) -> int:
    """Return how much a table looks like one of parameters only."""
    own = layout.likeness(table.titles, layout.PARAM_COLUMNS)
    foreign = layout.likeness(table.titles, layout.PRODUCT_COLUMNS)
    return own - max(0, foreign - len(layout.IDENTITY))


def _find(sheet: str, rows: Sequence[Row]) -> Table | None:
    """Return the table under the row that looks most like headers, else under the widest one."""
    if not rows:
        return None
    columns = layout.LONG_COLUMNS
    place = max(
        range(len(rows)), key=lambda at: (layout.likeness(_titles(rows[at]), columns), len(_filled(rows[at])), -at)
    )
    titles = _titles(rows[place])
    if len(_filled(rows[place])) < 2:
        return None
    examples = tuple(_examples(rows[place + 1 :], column) for column in range(len(titles)))
    return Table(sheet, rows[place].number, titles, examples)


def _titles(row: Row) -> tuple[str, ...]:
    titles = [" ".join(shown(cell).split())[:SHOWN] for cell in row.cells]
    while titles and not titles[-1]:
        titles.pop()
    return tuple(titles)


def _filled(row: Row) -> list[str]:
    return [title for title in _titles(row) if title]


def _examples(rows: Sequence[Row], column: int) -> tuple[str, ...]:
    texts = dict.fromkeys(" ".join(shown(row.at(column)).split()) for row in rows)
    return tuple(
        text if len(text) <= SHOWN else text[: SHOWN - 1] + "…" for text in islice(filter(None, texts), EXAMPLES)
    )


def _table(stored: dict[str, Any]) -> Table:
    examples = tuple(tuple(texts) for texts in stored["examples"])
    return Table(stored["sheet"], stored["header_row"], tuple(stored["titles"]), examples)
