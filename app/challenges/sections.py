"""The parts of the form of a challenge, in the order in which people fill them in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.demands.rules import Fault

_FIELDS = {
    "content": ("programme_id", "background", "research_content", "relisting_note"),
    "indicators": ("kpis",),
    "money": ("deliverables", "term_months", "reward_total_wan", "owner_cash_wan", "public_fund_wan", "rnd_budget_wan",
              "payment_plan", "ip_terms", "ip_terms_text"),
    "terms": ("bidder_requirements", "restrictions", "is_consortium_allowed", "max_members", "award_count", "is_race",
              "question_deadline_at", "bid_deadline_at"),
    "declarations": ("is_not_secret_declared", "is_funding_pledged"),
}  # fmt: skip
SECTIONS = {
    "need": _l("The need"),
    "content": _l("Background and content"),
    "indicators": _l("Indicators"),
    "money": _l("Deliverables and money"),
    "terms": _l("Terms and deadlines"),
    "declarations": _l("Declarations"),
}
"""Anchor and name; what belongs to no other section belongs to the need."""
_SECTION_OF = {field: section for section, fields in _FIELDS.items() for field in fields}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one section has come."""

    anchor: str
    label: Any
    n_gaps: int


def progress(found: Iterable[Fault]) -> tuple[Progress, ...]:
    """Return every section with the number of faults that are left in it."""
    counts = Counter(_SECTION_OF.get(fault.field, "need") for fault in found)
    return tuple(Progress(anchor, label, counts[anchor]) for anchor, label in SECTIONS.items())


def next_anchor(anchor: str) -> str:
    """Return the section after this one; the last leads to itself, an unknown name to the first."""
    anchors = list(SECTIONS)
    place = anchors.index(anchor) + 1 if anchor in SECTIONS else 0
    return anchors[min(place, len(anchors) - 1)]
