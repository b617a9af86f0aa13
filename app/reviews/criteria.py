"""What is scored and by which rules, frozen when a panel is formed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KPI_FIT, PRICE = "kpi_fit", "price"
DEFAULT_WEIGHTS = (
    (KPI_FIT, "与需求匹配度", 30),
    ("approach", "攻关方案", 20),
    ("base", "研发基础", 15),
    ("supply", "产业化与供应保障", 15),
    ("team", "团队", 10),
    (PRICE, "价格与资金", 5),
    ("ip", "知识产权与合规", 5),
)
STEP = Decimal("0.5")
FULL = 100
APPLICATION, FINANCE_IP, TECHNICAL = "application", "finance_ip", "technical"
SIDES = (TECHNICAL, APPLICATION, FINANCE_IP)
"""The three kinds of expert; a panel needs at least one of the last two each."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item of the sheet; ``maximum`` in points."""

    code: str
    name: str
    maximum: Decimal


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """The rules of one review; points count up to 100."""

    criteria: tuple[Criterion, ...]
    panel_min: int = 5
    pass_line: Decimal = Decimal(70)
    spread_alert: Decimal = Decimal(25)
    drop_high_low_from: int = 7
    award_max: int = 1
    has_price_envelope: bool = False
    """Whether the points for the price are computed once the envelopes are open, and nobody scores it."""

    @property
    def scored(self) -> tuple[Criterion, ...]:
        """Return the criteria that reviewers score."""
        return tuple(one for one in self.criteria if not (self.has_price_envelope and one.code == PRICE))

    @property
    def price_maximum(self) -> Decimal:
        """Return the most points that a price can bring by the formula; zero where reviewers score it."""
        most = (one.maximum for one in self.criteria if self.has_price_envelope and one.code == PRICE)
        return next(most, Decimal(0))

    @property
    def first(self) -> str:
        """Return the criterion that decides between equals: how well the indicators are met."""
        codes = [criterion.code for criterion in self.criteria]
        return KPI_FIT if KPI_FIT in codes else codes[0]

    @property
    def composition(self) -> dict[str, int]:
        """Return whom every panel needs, and how many of them."""
        return {APPLICATION: 1, FINANCE_IP: 1}

    def stored(self) -> dict[str, Any]:
        """Return the rules as JSON can say them."""
        values = asdict(self)
        values["criteria"] = [{**entry, "maximum": str(entry["maximum"])} for entry in values["criteria"]]
        return {**values, "pass_line": str(self.pass_line), "spread_alert": str(self.spread_alert)}

    @classmethod
    def restored(cls, values: Mapping[str, Any]) -> ReviewRules:
        """Return the rules that ``stored`` wrote."""
        return cls(
            criteria=tuple(Criterion(c["code"], c["name"], Decimal(c["maximum"])) for c in values["criteria"]),
            panel_min=int(values["panel_min"]),
            pass_line=Decimal(values["pass_line"]),
            spread_alert=Decimal(values["spread_alert"]),
            drop_high_low_from=int(values["drop_high_low_from"]),
            award_max=int(values["award_max"]),
            has_price_envelope=bool(values.get("has_price_envelope")),
        )


def criteria_of(weights: Sequence[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """Return the criteria of a programme, or the usual ones where it names none."""
    if not weights:
        return tuple(Criterion(code, name, Decimal(most)) for code, name, most in DEFAULT_WEIGHTS)
    return tuple(Criterion(str(w["code"]), str(w["name"]), Decimal(str(w["max"]))) for w in weights)


def flaw_of(criteria: Sequence[Criterion]) -> str:
    """Return what keeps criteria from being used, or nothing."""
    codes = [criterion.code for criterion in criteria]
    if len(set(codes)) != len(codes) or not all(codes):
        return "Every criterion needs a code of its own."
    if any(criterion.maximum <= 0 or criterion.maximum % STEP for criterion in criteria):
        return "Every criterion has a maximum above zero, in steps of half a point."
    if sum(criterion.maximum for criterion in criteria) != FULL:
        return "The maxima of the criteria must add up to 100."
    return ""
