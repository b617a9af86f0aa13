"""What a challenge asks of every bid, as a plain value that rules, forms and pages share."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from app.challenges.models import Challenge, Kpi
from app.challenges.policy import sees_kpi_values
from app.compliance import Asked, Cell, MatrixView, Offer, Promise, Row, matrix, requirement_text
from app.taxonomy.spoken import with_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bids.commands import Commitment

HIDDEN = "…"
"""Stands for a target that its owner keeps until the NDA."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator as bidders may see it."""

    id: uuid.UUID
    code: str
    name: str
    operator: str
    target: str
    unit: str
    condition: str
    param_key: str
    is_core: bool
    is_veto: bool
    is_hidden: bool
    """Whether the target is kept until the NDA."""

    @property
    def asked(self) -> Asked:
        """The indicator as a requirement that can be judged; what is core or decides alone is a must."""
        is_must = self.is_core or self.is_veto
        return Asked(self.param_key, self.operator, self.target, self.unit, is_must, self.condition, self.name)

    @property
    def requirement(self) -> str:
        """What it asks for, ``≤ 2 µA``, in the reader's language."""
        return requirement_text(self.asked)


@dataclass(frozen=True, slots=True)
class Frame:
    """The indicators of a challenge and the limits within which a bid must stay."""

    indicators: tuple[Indicator, ...]
    reward_total_wan: Decimal | None
    term_months: int | None
    is_price_above_reward_allowed: bool = False
    has_price_envelope: bool = False
    is_leader_needed: bool = False
    """Whether the programme counts the bids of each project leader."""


def frame_of(challenge: Challenge) -> Frame:
    """Return what a challenge asks; its indicators and programme must be loaded."""
    programme = challenge.programme
    return Frame(
        indicators=tuple(map(_indicator, challenge.kpis)),
        reward_total_wan=challenge.reward_total_wan,
        term_months=challenge.term_months,
        is_price_above_reward_allowed=programme is not None and programme.is_price_above_reward_allowed,
        has_price_envelope=programme is not None and programme.has_price_envelope,
        is_leader_needed=programme is not None and programme.max_active_bids_per_leader is not None,
    )


def compliance(frame: Frame, commitments: Sequence[Commitment], title: str) -> MatrixView:
    """Judge every commitment against its indicator, as the one column ``title``; musts come first.

    What is promised for a target that is kept until the NDA is shown, but not judged.
    """
    by_kpi = {commitment.kpi_id: commitment for commitment in commitments}
    promises = {
        index: Promise(promise.committed, promise.unit)
        for index, indicator in enumerate(frame.indicators)
        if (promise := by_kpi.get(indicator.id)) is not None
    }
    ordered = sorted(enumerate(frame.indicators), key=lambda place: not place[1].asked.is_must)
    view = matrix([indicator.asked for indicator in frame.indicators], [Offer(title, promises=promises)])
    rows = [
        _unjudged(row, promises.get(index)) if indicator.is_hidden else row
        for row, (index, indicator) in zip(view.rows, ordered, strict=True)
    ]
    must = Counter(row.cells[0].status for row in rows if row.must)
    return replace(view, rows=tuple(rows), totals=(dict(must),))


def _unjudged(row: Row, promise: Promise | None) -> Row:
    offered = with_unit(promise.value, promise.unit) if promise and promise.value else ""
    return replace(row, cells=(Cell("unknown", offered, "", "", ""),))


def _indicator(kpi: Kpi) -> Indicator:
    is_hidden = not sees_kpi_values(kpi.visibility, sees_confidential=False)
    return Indicator(
        id=kpi.id,
        code=kpi.code,
        name=kpi.name,
        operator=kpi.operator,
        target=HIDDEN if is_hidden else kpi.target,
        unit=kpi.unit,
        condition=kpi.condition,
        param_key=kpi.param_key,
        is_core=kpi.is_core,
        is_veto=kpi.is_veto,
        is_hidden=is_hidden,
    )
