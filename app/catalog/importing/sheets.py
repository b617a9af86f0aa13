"""Products on their way out: the values of the handbook's columns."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from app.catalog import codes
from app.catalog.importing import composites, layout
from app.catalog.labels import WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.catalog.commands import ParamInput, ProductInput

Cell: TypeAlias = "str | int | float | dt.date | None"

_WORDS = {
    "lifecycle_stage": {code: word for word, code in WRITTEN["lifecycle_stage"].items()},
    "quality_grade": {code: word for word, code in WRITTEN["quality_grade"].items()},
    "ip_core": {code: word for word, code in WRITTEN["ip_core"].items()},
}
_SOURCES = {code: word for word, code in WRITTEN["data_source"].items()}


@dataclass(frozen=True, slots=True)
class Firm:
    """Whose products they are."""

    name: str
    uscc: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A product with what a file tells of it beside its sheet."""

    sheet: ProductInput
    data_source: str
    confirmed_on: dt.date | None


def product_cells(number: int, product: Listed, firm: Firm) -> list[Cell]:
    """Return a product's row of the first sheet; ``number`` counts from 1."""
    told: dict[str, Cell] = {
        "number": number,
        "firm": firm.name,
        "uscc": firm.uscc,
        "main_category": _category(product.sheet.category[:3]),
        "summary": "；".join(map(summary, product.sheet.params)),
        "data_source": _SOURCES.get(product.data_source, product.data_source),
        "confirmed_on": product.confirmed_on,
    }
    return [
        told[column.shows] if column.shows else _field(column.key, getattr(product.sheet, column.key))
        for column in layout.PRODUCT_COLUMNS
    ]


def param_cells(part_number: str, param: ParamInput, firm: Firm) -> list[Cell]:
    """Return a parameter's row of the second sheet."""
    kind = codes.parameter_kind(param.key)
    values: dict[str, Cell] = {
        "part_number": part_number,
        "uscc": firm.uscc,
        "param_name": kind.name_zh if kind else param.key,
        "key": param.key,
        "min": _number(param.min),
        "typ": _number(param.typ),
        "max": _number(param.max),
        "unit": _unit(param),
        "value_text": _words(param),
        "condition": param.condition,
    }
    return [values[column.key] for column in layout.PARAM_COLUMNS]


def long_rows(number: int, product: Listed, firm: Firm) -> Iterator[list[Cell]]:
    """Yield the lines of a product in a single table: itself with its first parameter, then the others."""
    places = [place for place, column in enumerate(layout.PARAM_COLUMNS) if column.key not in layout.IDENTITY]
    part = next(place for place, column in enumerate(layout.PRODUCT_COLUMNS) if column.key == "part_number")
    itself = product_cells(number, product, firm)
    n_columns = len(places)
    lines = [param_cells("", param, firm) for param in product.sheet.params]
    tails = [[line[place] for place in places] for line in lines] or [[None] * n_columns]
    for at, tail in enumerate(tails):
        head: list[Cell] = itself if at == 0 else [None] * len(itself)
        if at:
            head[part] = product.sheet.part_number
        yield [*head, *tail]


def titles(columns: Sequence[layout.Column]) -> list[Cell]:
    """Return the headers of a table."""
    return [column.zh for column in columns]


def summary(param: ParamInput) -> str:
    """Return a parameter in words, for people."""
    kind = codes.parameter_kind(param.key)
    unit = _unit(param)
    value = _words(param) or _range(param) + (f" {unit}" if unit else "")
    condition = f"（{param.condition}）" if param.condition else ""
    return f"{kind.name_zh if kind else param.key}：{value}{condition}"


def _range(param: ParamInput) -> str:
    number = "{:.12g}".format
    if param.min is not None and param.max is not None:
        typical = f"（典型{number(param.typ)}）" if param.typ is not None else ""
        return f"{number(param.min)}~{number(param.max)}{typical}"
    parts = [
        f"{word}{number(value)}"
        for word, value in (("典型", param.typ), ("最大", param.max), ("不低于", param.min))
        if value is not None
    ]
    return number(param.typ) if len(parts) == 1 and param.typ is not None else "，".join(parts)


def _field(key: str, value: Any) -> Cell:
    if key in composites.WRITERS:
        return composites.WRITERS[key](value)
    if key == "category":
        return _category(value)
    if key == "mp_since":
        return _first_day(value)
    if value is None or isinstance(value, bool):
        return None if value is None else ("可" if value else "否")
    if isinstance(value, int | float | Decimal):
        return _number(value)
    text = str(value)
    return _WORDS.get(key, {}).get(text, text)


def _category(code: str) -> str:
    category = codes.chip_categories().get(code)
    return f"{code} {category.zh}" if category else code


def _first_day(month: str) -> Cell:
    try:
        return dt.date.fromisoformat(f"{month}-01")
    except ValueError:
        return month


def _number(value: float | Decimal | None) -> Cell:
    if value is None:
        return None
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _unit(param: ParamInput) -> str:
    return "" if param.unit == "1" else param.unit


def _words(param: ParamInput) -> str:
    kind = codes.parameter_kind(param.key)
    return composites.write_set(param.value_text) if kind and kind.kind == "set" else param.value_text
