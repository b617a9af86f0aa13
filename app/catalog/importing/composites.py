"""Cells that hold a list: written as people read them, and exactly where that would be ambiguous."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from app.catalog import codes
from app.catalog.commands import BenchmarkPart, Qualification, ReferenceCustomer
from app.catalog.labels import WRITTEN
from app.catalog.reading import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CONSENT = "可公开"
_STATUS = {**WRITTEN["qualification_status"], **{code: code for code in codes.QUALIFICATION_STATES}}
_STATUS_WORDS = {code: word for word, code in WRITTEN["qualification_status"].items()}
_RELATION = {**WRITTEN["relation"], **{code: code for code in codes.RELATIONS}}
_RELATION_WORDS = {code: word for word, code in WRITTEN["relation"].items()}
_GRADE = re.compile(r"(.+?)\s+((?:Class|ASIL|Grade|Level)\s+\S+|\S+)")
_CATALOGUE_GRADE = re.compile(
    r"[A-Za-z]{1,4}\.?\d[\d.]*\+?|\d+\.\d+|[一二三四五]级|(?:Class|ASIL|Grade|Level)\s+\S+|QM"
)
_INTERFACES = {name.casefold(): name for name in codes.INTERFACES}


def split(text: str, signs: str = ";；\n") -> list[str]:
    """Return the entries of a list that are not blank."""
    return [part.strip() for part in re.split(f"[{re.escape(signs)}]+", text) if part.strip()]


def read_interfaces(text: str) -> tuple[str, ...]:
    """Return the interfaces of "SPI、UART", under the names of the list where they are on it."""
    found = (fold(part) for part in split(text, "、,，;；|\n"))
    return tuple(dict.fromkeys(_INTERFACES.get(name.casefold(), name) for name in found))


def write_interfaces(names: Iterable[str]) -> str:
    """Return the interfaces as one cell."""
    return "、".join(names)


def read_qualifications(text: str) -> tuple[Qualification, ...]:
    """Return the entries of "AEC-Q100 G1 已通过 R-1;…" or "AEC-Q100|G1|已通过|R-1;…"."""
    return tuple(_qualification(entry) for entry in split(text))


def write_qualifications(entries: Iterable[Qualification]) -> str:
    """Return the qualifications as one cell."""

    def pieces(entry: Qualification) -> list[str]:
        return [entry.standard, entry.grade, _STATUS_WORDS.get(entry.status, entry.status), entry.report_no]

    return _written(entries, pieces, " ".join, _qualification)


def read_benchmarks(text: str) -> tuple[BenchmarkPart, ...]:
    """Return the entries of "Maker PN123(脚对脚);…" or "Maker|PN 123|脚对脚;…"."""
    return tuple(_benchmark(entry) for entry in split(text))


def write_benchmarks(entries: Iterable[BenchmarkPart]) -> str:
    """Return the comparable parts as one cell."""

    def pieces(entry: BenchmarkPart) -> list[str]:
        return [entry.maker, entry.part, _RELATION_WORDS.get(entry.relation, entry.relation)]

    return _written(entries, pieces, lambda parts: f"{' '.join(parts[:-1])}({parts[-1]})", _benchmark)


def read_references(text: str) -> tuple[ReferenceCustomer, ...]:
    """Return the entries of "车载(量产)、商显(小批·可公开)"; without that word nobody has consented."""
    return tuple(_reference(entry) for entry in split(text, "、;；\n"))


def write_references(entries: Iterable[ReferenceCustomer]) -> str:
    """Return the uses in the field as one cell."""

    def words(entry: ReferenceCustomer) -> str:
        told = "·".join(filter(None, (entry.stage, CONSENT if entry.consent == "Y" else "")))
        return entry.segment + (f"({told})" if told else "")

    return ";".join(_plain(words(entry)) for entry in entries)


def read_set(text: str) -> str:
    """Return a set as it is stored, ``A|B``."""
    return "|".join(dict.fromkeys(split(text, "、,，;；|\n")))


def write_set(text: str) -> str:
    """Return a stored set as a person reads it."""
    return text.replace("|", "、")


def _written(
    entries: Iterable[Any],
    pieces: Callable[[Any], list[str]],
    join: Callable[[list[str]], str],
    read: Callable[[str], Any],
) -> str:
    """Return the entries as people write them, those that would be read back differently with bars."""
    cells = []
    for entry in entries:
        parts = [_plain(part).replace("|", "/") for part in pieces(entry)]
        plain = join([part for part in parts if part])
        cells.append(plain if read(plain) == entry else "|".join(parts))
    return ";".join(cells)


def _plain(text: str) -> str:
    return re.sub(r"\s*[;；\n]\s*", ", ", text).strip()


def _bars(entry: str, n: int) -> list[str] | None:
    if "|" not in entry:
        return None
    return [*(part.strip() for part in entry.split("|")), *[""] * n][:n]


def _qualification(entry: str) -> Qualification:
    exact = _bars(entry, 4)
    if exact:
        return Qualification(exact[0], exact[1], _STATUS.get(exact[2], exact[2] or "none"), exact[3])
    words = entry.split()
    place = next((at for at, word in enumerate(words) if word in _STATUS), None)
    if place is None:
        return Qualification(*_standard(words))
    return Qualification(*_standard(words[:place]), _STATUS[words[place]], " ".join(words[place + 1 :]))


def _standard(words: list[str]) -> tuple[str, str]:
    """Return standard and grade: the last words, when they look like a grade and something stands before them."""
    found = _GRADE.fullmatch(" ".join(words))
    if found and _CATALOGUE_GRADE.fullmatch(found[2]):
        return found[1], found[2]
    return " ".join(words), ""


def _benchmark(entry: str) -> BenchmarkPart:
    exact = _bars(entry, 3)
    if exact:
        return BenchmarkPart(exact[0], exact[1], _RELATION.get(exact[2], exact[2] or "functional"))
    found = re.fullmatch(r"(.*?)\s*[(（]([^()（）]*)[)）]", entry)
    name, relation = (found[1], _RELATION.get(found[2].strip(), found[2].strip())) if found else (entry, "functional")
    maker, _, part = name.rpartition(" ")
    return BenchmarkPart(maker.strip(), part, relation)


def _reference(entry: str) -> ReferenceCustomer:
    found = re.fullmatch(r"(.*?)\s*[(（]([^()（）]*)[)）]", entry)
    if found is None:
        return ReferenceCustomer(entry)
    told = split(found[2], "·,，/")
    stage = "·".join(word for word in told if word != CONSENT)
    return ReferenceCustomer(found[1], stage, "Y" if CONSENT in told else "N")


READERS: dict[str, Callable[[str], Any]] = {
    "interfaces": read_interfaces,
    "qualifications": read_qualifications,
    "benchmark_parts": read_benchmarks,
    "reference_customers": read_references,
}
WRITERS: dict[str, Callable[[Any], str]] = {
    "interfaces": write_interfaces,
    "qualifications": write_qualifications,
    "benchmark_parts": write_benchmarks,
    "reference_customers": write_references,
}
