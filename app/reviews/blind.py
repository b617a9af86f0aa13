"""A bid as reviewers read it: in sections, under a letter, and for experts without any name."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.reviews.masking import cover, short_names
from app.taxonomy.spoken import with_unit

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Mapping

    from app.bids.models import Bid

TEXTS = ("process_plan", "qualification_plan", "industrialisation", "ai_use_statement")
PRICED = ("price_breakdown", "budget_lines")
LISTS = ("team", "ip_list", "risks", "budget_lines")
_PARTS = {
    "team": ("role", "field", "title", "time_percent"),
    "ip_list": ("type", "title", "status"),
    "budget_lines": ("item", "amount_wan"),
}
"""What is told of every entry; what is left out, names and register numbers, tells who bids."""
_UNITS = {"time_percent": "%", "amount_wan": "万元"}


@dataclass(frozen=True, slots=True)
class Passage:
    """One section: its code (``labels`` name it) and its lines."""

    code: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One milestone."""

    month: str
    deliverable: str
    percent: str


@dataclass(frozen=True, slots=True)
class Promised:
    """What a bid says to one indicator beside the value: what is measured today, the evidence, the risk."""

    name: str
    measured: str
    evidence: str
    risk: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A bid to be judged."""

    project_name: str
    tech_readiness: int | None
    price_total_wan: Decimal | None
    self_funding_wan: Decimal | None
    passages: tuple[Passage, ...]
    milestones: tuple[Step, ...]
    promised: tuple[Promised, ...]
    files: tuple[tuple[str, uuid.UUID], ...]
    """What the reader may open, by name."""
    n_kept: int
    """Files that stay with the authority."""


def reading(
    bid: Bid, kpi_names: Mapping[Any, str], names: Iterable[str] | None, *, shows_price: bool = True
) -> Reading:
    """Return a bid's content with all ``names`` covered; None covers nothing. Commitments and files must be loaded.

    What is said to the indicators stands in the order of ``kpi_names``. Without ``shows_price`` a price that is open
    already stays out of it.
    """
    known = _all_names(names)
    said = {one.kpi_id: one for one in bid.commitments}
    shown = bid.files if known is None else ()  # files tell whose they are, inside and by their properties
    files = sorted((one.file.filename, one.file_id) for one in shown if shows_price or not one.is_price)

    def told(text: object) -> str:
        plain = "" if text is None else str(text)
        return plain if known is None else cover(plain, known)

    return Reading(
        project_name=told(bid.project_name),
        tech_readiness=bid.tech_readiness,
        price_total_wan=bid.price_total_wan if shows_price else None,
        self_funding_wan=bid.self_funding_wan if shows_price else None,
        passages=tuple(
            Passage(code, tuple(map(told, lines)))
            for code, lines in _passages(bid)
            if any(lines) and (shows_price or code not in PRICED)
        ),
        milestones=tuple(_step(one, told) for one in bid.details.get("milestones", ())),
        promised=tuple(
            Promised(name, told(_measured(one)), told(one.evidence), told(one.risk))
            for kpi_id, name in kpi_names.items()
            if (one := said.get(kpi_id)) and (one.measured or one.evidence or one.risk)
        ),
        files=tuple(files),
        n_kept=len(bid.files) - len(files),
    )


def _all_names(names: Iterable[str] | None) -> list[str] | None:
    if names is None:
        return None
    return [short for name in names for short in short_names(name)]


def _passages(bid: Bid) -> Iterator[tuple[str, list[str]]]:
    yield "approach", [bid.approach]
    yield "supply_plan", [bid.supply_plan]
    yield "ip_statement", [bid.ip_statement]
    yield "price_breakdown", [bid.price_breakdown]
    for code in TEXTS:
        yield code, [str(bid.details.get(code) or "")]
    leader = bid.details.get("leader")
    people = [leader, *bid.details.get("team", ())] if leader else bid.details.get("team", ())
    for code in LISTS:
        entries = people if code == "team" else bid.details.get(code, ())
        yield code, [_entry(code, one) for one in entries]


def _entry(code: str, one: object) -> str:
    if not isinstance(one, dict):
        return str(one)
    stated = [name for name in _PARTS[code] if one.get(name) not in (None, "")]
    parts = (with_unit(str(one[name]), _UNITS.get(name, "")) for name in stated)
    return " · ".join(parts)


def _step(one: Mapping[str, Any], told: Any) -> Step:
    percent = one.get("payment_percent", one.get("percent", ""))
    return Step(str(one.get("month", "")), told(one.get("deliverable", "")), str(percent))


def _measured(one: Any) -> str:
    return with_unit(one.measured, one.unit) if one.measured else ""
