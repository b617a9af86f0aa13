"""Read an evaluation set in the plain layout: corpus, queries, qrels, optional parts of firms and history."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from matching.records import Need, Parameter, Requirement, Sheet

Judgements = dict[str, dict[str, int]]
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Dataset:
    """Sheets, needs and graded judgements; ``by_firm`` when the answers are firms and the sheets their products."""

    name: str
    sheets: list[Sheet]
    needs: list[Need]
    judgements: Judgements
    by_firm: bool = False
    profiles: list[Sheet] = field(default_factory=list)
    history: list[tuple[Need, str, float]] = field(default_factory=list)


def read_dataset(directory: Path) -> Dataset:
    """Read a set; files may be gzipped. Raises OSError or ValueError naming the file at fault."""
    corpus = list(_records(directory, "corpus.jsonl", _sheet))
    parts = list(_records(directory, "parts.jsonl", _sheet, optional=True))
    judgements = _judgements(directory, "qrels.tsv")
    needs = list(_records(directory, "queries.jsonl", _need))
    history_needs = {need.id: need for need in _records(directory, "history_queries.jsonl", _need, optional=True)}
    chosen = _judgements(directory, "history.tsv") if history_needs else {}
    if not any(need.id in judgements for need in needs):
        raise ValueError("qrels.tsv judges no query of queries.jsonl")
    return Dataset(
        name=directory.resolve().name,
        sheets=parts or corpus,
        needs=[need for need in needs if need.id in judgements],
        judgements=judgements,
        by_firm=bool(parts),
        profiles=corpus if parts else [],
        history=[
            (history_needs[n], s, float(g)) for n, row in chosen.items() for s, g in row.items() if n in history_needs
        ],
    )


def _lines(directory: Path, name: str, optional: bool = False) -> Iterator[str]:
    for path in (directory / name, directory / f"{name}.gz"):
        if path.exists():
            opener = gzip.open if path.suffix == ".gz" else open
            try:
                with opener(path, "rt", encoding="utf-8") as stream:
                    yield from (line for line in stream if line.strip())
            except (EOFError, UnicodeDecodeError, zlib.error, gzip.BadGzipFile) as error:
                raise ValueError(f"{path.name} is damaged: {error}") from error
            return
    if not optional:
        raise FileNotFoundError(f"{directory} has no {name}")


def _records(
    directory: Path, name: str, make: Callable[[dict[str, Any]], Record], *, optional: bool = False
) -> Iterator[Record]:
    for number, line in enumerate(_lines(directory, name, optional), 1):
        try:
            yield make(json.loads(line))
        except KeyError as error:
            raise ValueError(f"{name}, line {number}: {error} is missing") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{name}, line {number}: {error}") from error


def _judgements(directory: Path, name: str) -> Judgements:
    found: Judgements = {}
    for number, line in enumerate(_lines(directory, name), 1):
        cells = line.rstrip("\n").split("\t")
        if len(cells) != 3 or not cells[2].strip().isdigit():
            if number == 1:
                continue  # a header
            raise ValueError(f"{name}, line {number}: expected query, document, grade")
        found.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return found


def _text(row: dict[str, Any], name: str) -> str:
    return str(row.get(name) or "")


def _number(row: dict[str, Any], name: str) -> float | None:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else None


def _sheet(row: dict[str, Any]) -> Sheet:
    return Sheet(
        id=str(row["id"]),
        text=_text(row, "text"),
        title=_text(row, "title"),
        firm=_text(row, "supplier") or _text(row, "vendor"),
        category=_text(row, "category"),
        lang=_text(row, "lang"),
        params=tuple(_parameter(p) for p in row.get("params") or ()),
        interfaces=tuple(row.get("interfaces") or ()),
        package=_text(row, "package"),
        temp_min=_number(row, "temp_min"),
        temp_max=_number(row, "temp_max"),
        quality_grade=_text(row, "quality_grade"),
        lifecycle_stage=_text(row, "lifecycle_stage"),
        extras={key: row[key] for key in ("price", "lead_time", "asil", "area") if row.get(key) is not None},
    )


def _parameter(row: dict[str, Any]) -> Parameter:
    low, typical, high = (_number(row, name) for name in ("min", "typ", "max"))
    text = _text(row, "text") if low is None and typical is None and high is None else ""
    return Parameter(row["key"], low, typical, high, _text(row, "unit"), text, _text(row, "condition"))


def _need(row: dict[str, Any]) -> Need:
    return Need(
        id=str(row["id"]),
        text=_text(row, "text"),
        title=_text(row, "title"),
        lang=_text(row, "lang"),
        terminal_category=_text(row, "terminal_category"),
        categories=tuple(row.get("chip_categories") or ()),
        params=tuple(
            Requirement(p["key"], p["op"], str(p["value"]), _text(p, "unit"), bool(p.get("must", True)))
            for p in row.get("params") or ()
        ),
        temp_min=_number(row, "temp_min"),
        temp_max=_number(row, "temp_max"),
        quality_grade=_text(row, "quality_grade"),
    )
