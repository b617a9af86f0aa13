"""What is wrong with a challenge; pure, so that form and service agree."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from app.challenges.programme_rules import programme_faults, window_days
from app.compliance.requirements import flaw_of_number, is_known_unit
from app.core.clock import SHANGHAI
from app.demands.rules import Fault
from app.demands.rules import faults as need_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.challenges.commands import KpiInput, SaveChallenge

__all__ = ["MIN_BACKGROUND", "faults", "is_vague", "kpi_flaws", "late_faults", "programme_faults", "window_days"]

MIN_KPIS, MIN_CORE_KPIS, MAX_AFTER_NDA = 5, 3, 2
MIN_BACKGROUND, MIN_RESEARCH = 200, 200
_VAGUE = re.compile(
    r"先进|较好|较高|较低|较大|较小|较强|显著|优良|优异|良好|良率高|领先|一流|高性能|低成本|高可靠|尽可能|尽量|大幅|明显|满足要求|合理|适当|优秀|国际水平|填补空白|"
    r"\b(?:advanced|good|better|best|excellent|significant(?:ly)?|superior|leading|state[- ]of[- ]the[- ]art|"
    r"world[- ]class|reasonable|adequate|sufficient|as\s+\w+\s+as\s+possible|high[- ]performance|low[- ]cost)\b",
    re.IGNORECASE,
)
"""Words that no laboratory can measure."""
_LEVELS = re.compile(r"(ASIL|SIL|EAL|AEC|Grade|Class|CL|级|TRL)", re.IGNORECASE)
"""Marks of ordered levels, which may be compared with ≥ and ≤ though they are no numbers."""


def faults(challenge: SaveChallenge, *, complete: bool) -> list[Fault]:
    """Return everything wrong with a challenge: contradictions always, gaps only when it must be ``complete``."""
    found = need_faults(challenge.need, complete=complete)
    found += _contradictions(challenge)
    if complete:
        found += [*_gaps(challenge), *_kpi_faults(challenge), *_money_faults(challenge)]
        found += _restriction_faults(challenge)
    return found


def late_faults(challenge: SaveChallenge, now: dt.datetime) -> list[Fault]:
    """Return every date of a challenge that has passed at ``now`` (aware) although it lies before the bids."""
    found = []
    sample_by, asked = challenge.need.sample_by, challenge.question_deadline_at
    if sample_by is not None and sample_by < now.astimezone(SHANGHAI).date():
        found.append(Fault("sample_by", "This day has passed."))
    if asked is not None and asked <= now:
        found.append(Fault("question_deadline_at", "This moment has passed."))
    return found


def is_vague(text: str) -> bool:
    """Return whether a text holds a word that cannot be measured."""
    return _VAGUE.search(text) is not None


def _contradictions(challenge: SaveChallenge) -> Iterator[Fault]:
    asked, closes = challenge.question_deadline_at, challenge.bid_deadline_at
    if asked is not None and closes is not None and asked >= closes:
        yield Fault("question_deadline_at", "Questions must end before bids do.")
    for name in ("reward_total_wan", "owner_cash_wan", "public_fund_wan", "rnd_budget_wan"):
        amount = getattr(challenge, name)
        if amount is not None and (amount < 0 or (amount == 0 and name in ("reward_total_wan", "rnd_budget_wan"))):
            yield Fault(name, "The amount must be above zero.")


def _gaps(challenge: SaveChallenge) -> Iterator[Fault]:
    if len(challenge.background) < MIN_BACKGROUND:
        yield Fault("background", "Explain the background in at least 200 characters.")
    if len(challenge.research_content) < MIN_RESEARCH:
        yield Fault("research_content", "Explain the research content in at least 200 characters.")
    required = (
        ("programme_id", "Choose the programme.", challenge.programme_id),
        ("deliverables", "List at least one deliverable.", challenge.deliverables),
        ("term_months", "Enter the term in months.", challenge.term_months),
        ("reward_total_wan", "Enter the reward.", challenge.reward_total_wan),
        ("ip_terms", "Choose who will own the results.", challenge.ip_terms),
        ("question_deadline_at", "Enter until when questions are taken.", challenge.question_deadline_at),
        ("bid_deadline_at", "Enter until when bids are taken.", challenge.bid_deadline_at),
        ("is_not_secret_declared", "Without this declaration the challenge cannot be posted here.",
         challenge.is_not_secret_declared),
        ("is_funding_pledged", "Without this pledge the challenge cannot be posted.", challenge.is_funding_pledged),
    )  # fmt: skip
    yield from (Fault(field, message) for field, message, value in required if not value)


def _restriction_faults(challenge: SaveChallenge) -> Iterator[Fault]:
    """Limits by region, ownership or size distort competition unless a law provides for them."""
    for index, limit in enumerate(challenge.restrictions):
        if not limit.text:
            yield Fault("restrictions", "Say what the limit is.", index, "text")
        if not limit.legal_basis:
            yield Fault("restrictions", "A limit of who may bid needs a legal basis: name it.", index, "legal_basis")


def _kpi_faults(challenge: SaveChallenge) -> Iterator[Fault]:
    kpis = challenge.kpis
    if len(kpis) < MIN_KPIS:
        yield Fault("kpis", "State at least five indicators.")
    if sum(kpi.is_core for kpi in kpis) < MIN_CORE_KPIS:
        yield Fault("kpis", "Mark at least three indicators as core.")
    if kpis and sum(kpi.weight or 0 for kpi in kpis) != 100:
        yield Fault("kpis", "The weights must add up to 100.")
    if sum(kpi.is_after_nda for kpi in kpis) > MAX_AFTER_NDA:
        yield Fault("kpis", "At most two indicators may be kept until the NDA.")
    for index, kpi in enumerate(kpis):
        yield from (Fault("kpis", message, index, part) for part, message in kpi_flaws(kpi))


def kpi_flaws(kpi: KpiInput) -> Iterator[tuple[str, str]]:
    """Yield (cell, message) for everything that keeps one indicator from being measured."""
    if not kpi.name:
        yield "name", "Name the indicator."
    elif is_vague(kpi.name):
        yield "name", "This word cannot be measured. Say what is measured."
    if not kpi.target:
        yield "target", "Enter the target."
    else:
        yield from _target_flaws(kpi)
    if not is_known_unit(kpi.unit):
        yield "unit", "This unit is not in the dictionary."
    if not kpi.test_method:
        yield "test_method", "Say how it is tested."
    if not kpi.verifier:
        yield "verifier", "Choose who tests it."
    if kpi.weight is None:
        yield "weight", "Enter the weight."


def _target_flaws(kpi: KpiInput) -> Iterator[tuple[str, str]]:
    if is_vague(kpi.target):
        yield "target", "This word cannot be measured. Enter a number or one of a list of results."
    elif kpi.operator != "=" and not _LEVELS.search(kpi.target):
        flaw = flaw_of_number(kpi.operator, kpi.target)
        if flaw is not None:
            yield "target", flaw.message


def _money_faults(challenge: SaveChallenge) -> Iterator[Fault]:
    total = challenge.reward_total_wan
    if total is not None and (challenge.owner_cash_wan or 0) + (challenge.public_fund_wan or 0) != total:
        yield Fault("reward_total_wan", "Own money and public money must add up to the reward.")
    plan = challenge.payment_plan
    for index, payment in enumerate(plan):
        if not payment.milestone:
            yield Fault("payment_plan", "Name the milestone.", index, "milestone")
        if payment.percent is None:
            yield Fault("payment_plan", "Enter the share.", index, "percent")
    if sum(payment.percent or 0 for payment in plan) != 100:
        yield Fault("payment_plan", "The payments must add up to 100 %.")
