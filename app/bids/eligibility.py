"""May this firm bid for this challenge? Every condition with its answer, before anything is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SOON = dt.timedelta(days=3)


class Finding(StrEnum):
    """What a condition comes to; the values are those of the verdict badges."""

    MET = "met"
    UNSURE = "marginal"
    """The portal cannot tell; people look at it."""
    NOT_MET = "violated"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; ``message`` is an English sentence with ``values`` to fill in."""

    finding: Finding
    message: str
    values: dict[str, Any] = field(default_factory=dict)
    way_out: str = ""
    """Name of the endpoint where the firm can do something about it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the conditions look at."""

    is_verified: bool
    is_supplier: bool
    is_own_challenge: bool
    has_owners_legal_rep: bool
    """Whether firm and challenge owner state the same legal representative."""
    is_open: bool
    time_left: dt.timedelta
    n_bids: int
    """Bids of the firm in the programme."""
    max_bids: int | None
    max_per_leader: int | None
    """Running bids that one project leader may have in the programme."""
    is_single_unit: bool
    is_member_elsewhere: bool
    """Whether the firm has consented to take part in somebody else's bid for this challenge."""
    has_key_holders: bool
    restrictions: Sequence[tuple[str, str]] = ()
    """Text and legal basis of each limit that the challenge states."""


def conditions(facts: Facts) -> tuple[Condition, ...]:
    """Return every condition, those that are not met first."""
    found = (*_firm(facts), *_independence(facts), *_programme(facts), *_time(facts), *_limits(facts))
    order = (Finding.NOT_MET, Finding.UNSURE, Finding.MET)
    return tuple(sorted(found, key=lambda one: order.index(one.finding)))


def _firm(facts: Facts) -> Iterator[Condition]:
    if facts.is_verified:
        yield Condition(Finding.MET, "Your company is verified.")
    else:
        yield Condition(Finding.NOT_MET, "Your company has not been verified yet.", way_out="company.verification")
    if facts.is_supplier:
        yield Condition(Finding.MET, "Your company supplies chips.")
    else:
        yield Condition(Finding.NOT_MET, "Only companies that supply chips bid.", way_out="company.show")


def _independence(facts: Facts) -> Iterator[Condition]:
    if facts.is_own_challenge:
        yield Condition(Finding.NOT_MET, "This challenge is your own company's. Nobody bids for an own challenge.")
    elif facts.has_owners_legal_rep:
        yield Condition(
            Finding.UNSURE,
            "Your company and the challenge owner state the same legal representative. Affiliates do not bid.",
        )
    else:
        yield Condition(Finding.MET, "No affiliation with the challenge owner is known.")


def _programme(facts: Facts) -> Iterator[Condition]:
    if facts.max_bids is not None:
        is_full = facts.n_bids >= facts.max_bids
        yield Condition(
            Finding.NOT_MET if is_full else Finding.MET,
            "Your company has submitted %(n)s of at most %(most)s bids in this programme.",
            {"n": facts.n_bids, "most": facts.max_bids},
        )
    if facts.max_per_leader is not None:
        yield Condition(
            Finding.UNSURE,
            "Running bids that one project leader may have in this programme: %(most)s. It is checked when you submit.",
            {"most": facts.max_per_leader},
        )
    if facts.is_single_unit and facts.is_member_elsewhere:
        yield Condition(
            Finding.NOT_MET,
            "Your company takes part in another bid for this challenge; in this programme a firm is in one only.",
            way_out="workspace_bids.invitations",
        )


def _time(facts: Facts) -> Iterator[Condition]:
    if not facts.is_open:
        yield Condition(Finding.NOT_MET, "The challenge takes no bids now.")
    elif facts.time_left < SOON:
        yield Condition(Finding.UNSURE, "Less than three days are left to write the bid.")
    else:
        yield Condition(Finding.MET, "There are %(n)s days left to write the bid.", {"n": facts.time_left.days})
    if not facts.has_key_holders:
        yield Condition(
            Finding.UNSURE, "The key holders of this challenge are not complete yet; without them no bid can be sealed."
        )


def _limits(facts: Facts) -> Iterator[Condition]:
    for text, basis in facts.restrictions:
        yield Condition(
            Finding.UNSURE,
            "The challenge states a limit: %(text)s (%(basis)s). Whether you meet it is checked after the opening.",
            {"text": text, "basis": basis},
        )
