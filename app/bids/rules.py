"""What is wrong with a bid; pure, so that form and service agree."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from app.compliance.requirements import flaw_of_number, is_known_unit
from app.demands.rules import Fault
from app.taxonomy.dictionary import comparable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.bids.commands import Commitment, Milestone, SaveBid, SaveIntent
    from app.bids.frame import Frame, Indicator

MIN_MILESTONES, MAX_MILESTONES = 2, 20
MAX_MONTH = 60
MAX_WAN = Decimal(100_000_000)
MAX_FILES = 10
MAX_TEAM, MAX_AVOIDED = 30, 3


def faults(bid: SaveBid, frame: Frame, *, complete: bool) -> list[Fault]:
    """Return everything wrong with a bid: contradictions always, gaps only when it must be ``complete``.

    The row of a fault in ``commitments`` is the place of the indicator in the frame.
    """
    found = [*_contradictions(bid, frame), *_people_faults(bid)]
    if complete:
        found += [
            *_gaps(bid),
            *_people_gaps(bid, frame),
            *_money_faults(bid, frame),
            *_commitment_faults(bid, frame),
            *_plan_faults(bid, frame),
        ]
    return found


def _contradictions(bid: SaveBid, frame: Frame) -> Iterator[Fault]:
    price, own = bid.price_total_wan, bid.self_funding_wan
    if price is not None and not 0 < price <= MAX_WAN:
        yield Fault("price_total_wan", "The amount must be above zero.")
    if own is not None and not 0 <= own <= MAX_WAN:
        yield Fault("self_funding_wan", "The amount must not be below zero.")
    if bid.tech_readiness is not None and not 1 <= bid.tech_readiness <= 9:
        yield Fault("tech_readiness", "Technology readiness goes from 1 to 9.")
    codes = {indicator.code for indicator in frame.indicators}
    for index, milestone in enumerate(bid.milestones):
        if milestone.month is not None and not 1 <= milestone.month <= MAX_MONTH:
            yield Fault("milestones", "Months count from 1 to 60.", index, "month")
        if milestone.percent is not None and not 0 <= milestone.percent <= 100:
            yield Fault("milestones", "A share is between 0 and 100 %.", index, "percent")
        if not codes.issuperset(milestone.kpi_codes):
            yield Fault("milestones", "The challenge has no indicator with this code.", index, "kpi_codes")


def intent_faults(intent: SaveIntent) -> Iterator[Fault]:
    """Yield what keeps an intent from being answered."""
    if not intent.contact.name:
        yield Fault("contact_name", "Name a contact person.")
    if not (intent.contact.phone or intent.contact.email):
        yield Fault("contact_phone", "State a telephone number or an e-mail address.")


def _people_faults(bid: SaveBid) -> Iterator[Fault]:
    if not _is_share(bid.leader.time_percent):
        yield Fault("leader_percent", "A share is between 0 and 100 %.")
    for index, person in enumerate(bid.team):
        if not _is_share(person.time_percent):
            yield Fault("team", "A share is between 0 and 100 %.", index, "time_percent")
    if len(bid.team) > MAX_TEAM:
        yield Fault("team", "Name at most thirty people.")
    if len(bid.avoid_experts) > MAX_AVOIDED:
        yield Fault("avoid_experts", "Name at most three experts.")


def _is_share(percent: int | None) -> bool:
    return percent is None or 0 <= percent <= 100


def _people_gaps(bid: SaveBid, frame: Frame) -> Iterator[Fault]:
    is_told = any((bid.leader.title, bid.leader.role, bid.leader.time_percent is not None))
    if not bid.leader.name and frame.is_leader_needed:
        yield Fault("leader_name", "Name the project leader: this programme limits the bids of each leader.")
    elif not bid.leader.name and is_told:
        yield Fault("leader_name", "Name the project leader.")
    for index, person in enumerate(bid.team):
        if not person.name:
            yield Fault("team", "Enter the name.", index, "name")
    for index, expert in enumerate(bid.avoid_experts):
        if not expert.name:
            yield Fault("avoid_experts", "Enter the name.", index, "name")
        if not expert.reason:
            yield Fault("avoid_experts", "Give the reason.", index, "reason")


def _gaps(bid: SaveBid) -> Iterator[Fault]:
    required = (
        ("project_name", "Name the project.", bid.project_name),
        ("approach", "Describe how you will solve it.", bid.approach),
        ("tech_readiness", "Choose how ready the technology is today.", bid.tech_readiness),
        ("supply_plan", "Describe how you will supply.", bid.supply_plan),
        ("ip_statement", "State what you know about rights of others, and which rights of yours you bring.",
         bid.ip_statement),
        ("price_total_wan", "Enter the total price.", bid.price_total_wan),
        ("is_pledged", "Without this pledge the bid cannot be submitted.", bid.is_pledged),
    )  # fmt: skip
    yield from (Fault(field, message) for field, message, value in required if not value)


def _money_faults(bid: SaveBid, frame: Frame) -> Iterator[Fault]:
    reward = frame.reward_total_wan
    is_bound = reward is not None and not frame.is_price_above_reward_allowed
    if is_bound and bid.price_total_wan is not None and reward is not None and bid.price_total_wan > reward:
        yield Fault("price_total_wan", "The price is above the reward; the programme does not allow that.")


def _commitment_faults(bid: SaveBid, frame: Frame) -> Iterator[Fault]:
    stated = {commitment.kpi_id: commitment for commitment in bid.commitments}
    for index, indicator in enumerate(frame.indicators):
        commitment = stated.get(indicator.id)
        if commitment is None or not commitment.committed:
            yield Fault("commitments", "Commit to a value.", index, "committed")
        else:
            yield from (Fault("commitments", message, index, part) for part, message in _flaws(commitment, indicator))


def _flaws(commitment: Commitment, indicator: Indicator) -> Iterator[tuple[str, str]]:
    if not is_known_unit(commitment.unit):
        yield "unit", "This unit is not in the dictionary."
    elif not indicator.is_hidden and commitment.unit and not _measures_the_same(commitment.unit, indicator.unit):
        yield "unit", "This unit does not measure this indicator."
    is_number = indicator.operator != "=" and flaw_of_number(indicator.operator, indicator.target) is None
    flaw = flaw_of_number(indicator.operator, commitment.committed) if is_number else None
    if flaw is not None:
        yield "committed", flaw.message


def _measures_the_same(unit: str, wanted: str) -> bool:
    return unit == wanted or (is_known_unit(wanted) and comparable(unit, wanted))


def _plan_faults(bid: SaveBid, frame: Frame) -> Iterator[Fault]:
    plan = bid.milestones
    if len(plan) < MIN_MILESTONES:
        yield Fault("milestones", "Plan at least two milestones.")
    for index, milestone in enumerate(plan):
        yield from (Fault("milestones", message, index, part) for part, message in _gaps_of(milestone, frame))
    if len(plan) >= MIN_MILESTONES and sum(milestone.percent or 0 for milestone in plan) != 100:
        yield Fault("milestones", "The shares must add up to 100 %.")


def _gaps_of(milestone: Milestone, frame: Frame) -> Iterator[tuple[str, str]]:
    if not milestone.deliverable:
        yield "deliverable", "Say what is delivered."
    if milestone.percent is None:
        yield "percent", "Enter the share."
    if milestone.month is None:
        yield "month", "Enter the month."
    elif frame.term_months is not None and milestone.month > frame.term_months:
        yield "month", "This is after the term of the challenge."
