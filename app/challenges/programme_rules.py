"""What is wrong with a programme, and what a challenge must keep of it; pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from app.core.actor import Capacity
from app.core.clock import SHANGHAI
from app.demands.rules import Fault
from app.demands.workflow import PostingMode
from app.taxonomy import lists

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from app.challenges.commands import SaveChallenge, SaveProgramme

DEFAULT = "default"
NUMBERS = {
    "min_bid_window_days": (1, 365),
    "question_cutoff_days": (0, 60),
    "answer_last_days": (0, 60),
    "amendment_keep_days": (0, 90),
    "max_members": (0, 20),
    "max_projects_per_applicant": (1, 99),
    "award_max": (1, 3),
    "min_valid_bids": (1, 99),
    "key_threshold": (2, 9),
    "panel_min": (3, 25),
    "pass_line": (0, 100),
    "spread_alert": (1, 100),
    "drop_high_low_from": (3, 99),
    "publicity_working_days": (1, 60),
    "objection_accept_wd": (1, 60),
    "objection_decide_wd": (1, 90),
    "first_payment_max_percent": (0, 100),
    "max_term_months": (1, 36),
    "max_relistings": (0, 9),
}
"""Lowest and highest value of every number that a programme must have."""
PRICE = "price"
"""Code of the criterion whose points two envelopes compute, and of the parameter that they seal."""
MONEY = ("元", "CNY", "RMB", "¥", "￥")
"""Signs of a unit that measures money."""
ALWAYS_OPEN = frozenset({"name", "batch", "is_open"})
"""What may change once a challenge was published under the programme; everything else is what it rests on."""


class Limits(Protocol):
    """The rules of a programme that a challenge has to keep."""

    @property
    def min_bid_window_days(self) -> int:
        """Days bidders have at least."""

    @property
    def question_cutoff_days(self) -> int:
        """Days before the deadline of bids at which questions end."""

    @property
    def first_payment_max_percent(self) -> int:
        """Share of the reward that may be paid first."""

    @property
    def max_members(self) -> int:
        """Firms of a consortium beside its lead."""

    @property
    def award_max(self) -> int:
        """Winners a challenge may have."""

    @property
    def is_race_allowed(self) -> bool:
        """Whether winners may race."""

    @property
    def has_price_envelope(self) -> bool:
        """Whether prices are sealed apart."""

    @property
    def max_term_months(self) -> int:
        """Longest term."""

    @property
    def co_funding(self) -> Mapping[str, Any]:
        """``budget_multiple`` and ``cash_percent`` of the grant; empty: no rule."""


def flaws(programme: SaveProgramme) -> list[Fault]:
    """Return everything wrong with a programme."""
    return [*_identity(programme), *_numbers(programme), *_review(programme), *_lists(programme)]


def window_days(now: dt.datetime, deadline: dt.datetime) -> int:
    """Return the days bidders have when publication happens at ``now``; the day of publication does not count."""
    return (deadline.astimezone(SHANGHAI).date() - now.astimezone(SHANGHAI).date()).days


def programme_faults(challenge: SaveChallenge, limits: Limits, now: dt.datetime) -> list[Fault]:
    """Return every limit of its programme that a challenge breaks, were it published at ``now`` (aware)."""
    return [
        *_window_faults(challenge, limits, now),
        *_size_faults(challenge, limits),
        *_funding_faults(challenge, limits.co_funding),
        *(_price_faults(challenge) if limits.has_price_envelope else ()),
    ]


def _identity(programme: SaveProgramme) -> Iterator[Fault]:
    if not programme.code:
        yield Fault("code", "Give the programme a code.")
    if not programme.name:
        yield Fault("name", "Name the programme.")
    if programme.mode is PostingMode.MATCHING_NEED:
        yield Fault("mode", "Needs are matched without a programme.")


def _numbers(programme: SaveProgramme) -> Iterator[Fault]:
    for name, (least, most) in NUMBERS.items():
        if not least <= getattr(programme, name) <= most:
            yield Fault(name, "This number is outside of what the portal can keep.")
    if programme.answer_last_days > programme.question_cutoff_days:
        yield Fault("answer_last_days", "Answers end after questions do.")
    if programme.question_cutoff_days >= programme.min_bid_window_days:
        yield Fault("question_cutoff_days", "Nobody could ask: questions would end before bids begin.")
    if programme.shortlist_max is not None and programme.shortlist_max < programme.award_max:
        yield Fault("shortlist_max", "The short list must hold as many as may win.")
    if programme.max_active_bids_per_leader is not None and programme.max_active_bids_per_leader < 1:
        yield Fault("max_active_bids_per_leader", "This number is outside of what the portal can keep.")
    if programme.budget_multiple is not None and not 0 < programme.budget_multiple <= 100:
        yield Fault("budget_multiple", "This number is outside of what the portal can keep.")
    if programme.cash_percent is not None and not 0 < programme.cash_percent <= 1000:
        yield Fault("cash_percent", "This number is outside of what the portal can keep.")


def _review(programme: SaveProgramme) -> Iterator[Fault]:
    weights = programme.review_weights
    codes = [criterion.code for criterion in weights]
    if len(set(codes)) != len(codes) or not all(codes):
        yield Fault("review_weights", "Every criterion needs a code of its own.")
    if any(criterion.max < 1 or not criterion.name for criterion in weights):
        yield Fault("review_weights", "Every criterion needs a name and at least one point.")
    if weights and sum(criterion.max for criterion in weights) != 100:
        yield Fault("review_weights", "The points of the criteria must add up to 100.")
    if weights and programme.has_price_envelope and (PRICE not in codes or len(codes) < 2):
        yield Fault(
            "review_weights", "With two envelopes one criterion has the code “price”, and others stand beside it."
        )


def _lists(programme: SaveProgramme) -> Iterator[Fault]:
    bodies = [body for body, _ in programme.quota]
    if len(set(bodies)) != len(bodies):
        yield Fault("quota", "Every city has one quota.")
    if any(body != DEFAULT and body not in lists.cities for body in bodies):
        yield Fault("quota", "Choose a city of the list.")
    if any(number < 0 for _, number in programme.quota):
        yield Fault("quota", "A quota is not below zero.")
    if not {capacity.value for capacity in Capacity}.issuperset(programme.required_roles):
        yield Fault("required_roles", "Choose roles of the list.")


def _price_faults(challenge: SaveChallenge) -> Iterator[Fault]:
    """Find indicators whose commitments would tell a price before its envelope is open."""
    for index, kpi in enumerate(challenge.kpis):
        if kpi.param_key == PRICE or any(sign in kpi.unit.upper() for sign in MONEY):
            yield Fault("kpis", "This programme seals prices apart, so that no indicator asks for one.", index, "unit")


def _window_faults(challenge: SaveChallenge, limits: Limits, now: dt.datetime) -> Iterator[Fault]:
    asked, closes = challenge.question_deadline_at, challenge.bid_deadline_at
    if closes is None:
        return
    if window_days(now, closes) < limits.min_bid_window_days:
        message = "Bidders have less time than the programme guarantees them, counted from the day after publication."
        yield Fault("bid_deadline_at", message)
    if asked is not None and window_days(asked, closes) < limits.question_cutoff_days:
        yield Fault("question_deadline_at", "Questions end earlier in this programme, so that answers come in time.")


def _size_faults(challenge: SaveChallenge, limits: Limits) -> Iterator[Fault]:
    first = challenge.payment_plan[0].percent if challenge.payment_plan else None
    if first is not None and first > limits.first_payment_max_percent:
        yield Fault("payment_plan", "The first payment is higher than the programme allows.", 0, "percent")
    if challenge.is_consortium_allowed and challenge.max_members > limits.max_members:
        yield Fault("max_members", "The programme allows fewer members in a consortium.")
    if challenge.award_count > limits.award_max:
        yield Fault("award_count", "The programme allows fewer winners.")
    if challenge.is_race and not limits.is_race_allowed:
        yield Fault("is_race", "Winners do not race in this programme.")
    if challenge.term_months is not None and challenge.term_months > limits.max_term_months:
        yield Fault("term_months", "The term is longer than the programme allows.")


def _funding_faults(challenge: SaveChallenge, rules: Mapping[str, Any]) -> Iterator[Fault]:
    grant = challenge.public_fund_wan or Decimal(0)
    if not rules or not grant:
        return
    multiple, percent = rules.get("budget_multiple"), rules.get("cash_percent")
    if multiple is not None and (challenge.rnd_budget_wan or 0) < Decimal(str(multiple)) * grant:
        yield Fault("rnd_budget_wan", "The programme asks for a larger budget of your own for this grant.")
    if percent is not None and (challenge.owner_cash_wan or 0) * 100 < Decimal(str(percent)) * grant:
        yield Fault("owner_cash_wan", "The programme asks you to pay a larger share of the grant in money.")
