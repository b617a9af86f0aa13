"""What an amendment changes of a challenge, how much it matters, and how much time bidders have afterwards."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from app.challenges.standing import rules_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.challenges.models import Challenge, Kpi
    from app.clarifications.commands import ProposeAmendment

TEXTS = ("research_content", "bidder_requirements")
AMOUNTS = ("reward_total_wan", "owner_cash_wan", "public_fund_wan")
INSTANTS = ("bid_deadline_at", "question_deadline_at")
KPI_PARTS = ("operator", "target", "unit", "condition", "test_method")
CORE = ("bidder_requirements", *AMOUNTS)
"""Fields whose change touches the core: sealed bids must then be confirmed again (domain §2.1, C7)."""
CORE_KPI_PARTS = ("operator", "target", "unit", "condition")


def wanted(challenge: Challenge, command: ProposeAmendment) -> dict[str, Any]:
    """Return what a proposal changes, as JSON; nothing when it changes nothing. Indicators must be loaded."""
    changes: dict[str, Any] = {}
    for name in (*TEXTS, *AMOUNTS, *INSTANTS):
        value = getattr(command, name)
        if value != _typed(getattr(challenge, name)):
            changes[name] = _told(value)
    kpis = {}
    for change in command.kpis:
        kpi = _kpi(challenge, change.code)
        parts = {
            part: getattr(change, part) for part in KPI_PARTS if kpi and getattr(change, part) != getattr(kpi, part)
        }
        if parts:
            kpis[change.code] = parts
    return {**changes, **({"kpis": kpis} if kpis else {})}


def is_core(changes: Mapping[str, Any]) -> bool:
    """Return whether bids that were written before the change may no longer fit."""
    kpis = changes.get("kpis", {}).values()
    return any(name in changes for name in CORE) or any(part in parts for parts in kpis for part in CORE_KPI_PARTS)


def is_extension_only(changes: Mapping[str, Any]) -> bool:
    """Return whether nothing but the clocks changes."""
    return set(changes) <= set(INSTANTS)


def deadline_after(challenge: Challenge, changes: Mapping[str, Any], now: dt.datetime) -> dt.datetime | None:
    """Return the deadline once the changes are in force at ``now``: as wanted, and never so that too few days remain.

    The programme says how many days bidders keep after a change of more than the clocks. No deadline moves earlier.
    """
    deadline = _later(challenge.bid_deadline_at, _instant(changes.get("bid_deadline_at")))
    if deadline is None or is_extension_only(changes):
        return deadline
    return max(deadline, now + dt.timedelta(days=rules_of(challenge).amendment_keep_days))


def apply(challenge: Challenge, changes: Mapping[str, Any], now: dt.datetime) -> None:
    """Write the changes into a locked challenge whose indicators are loaded."""
    deadline = deadline_after(challenge, changes, now)
    for name in TEXTS:
        if name in changes:
            setattr(challenge, name, changes[name])
    for name in AMOUNTS:
        if name in changes:
            setattr(challenge, name, Decimal(changes[name]) if changes[name] is not None else None)
    if "question_deadline_at" in changes:
        wanted_at = _instant(changes["question_deadline_at"])
        challenge.question_deadline_at = _later(challenge.question_deadline_at, wanted_at)
    challenge.bid_deadline_at = deadline
    for code, parts in changes.get("kpis", {}).items():
        kpi = _kpi(challenge, code)
        for part, value in parts.items():
            setattr(kpi, part, value)


def _later(now_in_force: dt.datetime | None, wanted_at: dt.datetime | None) -> dt.datetime | None:
    """Return the later deadline: since the proposal the one in force may have been extended past what was wanted."""
    if now_in_force is None or wanted_at is None:
        return now_in_force or wanted_at
    return max(now_in_force, wanted_at)


def _kpi(challenge: Challenge, code: str) -> Kpi | None:
    return next((kpi for kpi in challenge.kpis if kpi.code == code), None)


def _typed(value: Any) -> Any:
    """Return a value as a form shows it: an instant to the minute, although the clock may have stopped in between."""
    return value.replace(second=0, microsecond=0) if isinstance(value, dt.datetime) else value


def _told(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _instant(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
