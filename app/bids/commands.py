"""What people ask of this slice."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Commitment:
    """What the firm promises for one indicator; everything empty: nothing yet."""

    kpi_id: uuid.UUID
    committed: str = ""
    unit: str = ""
    measured: str = ""
    evidence: str = ""
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is delivered in which month, for which share of the price, and which indicators it shows (``K01``)."""

    month: int | None = None
    deliverable: str = ""
    percent: int | None = None
    kpi_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works on the project, with which share of the working time; ``field`` is of the team only."""

    name: str = ""
    title: str = ""
    field: str = ""
    role: str = ""
    time_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask about the bid."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Avoided:
    """An expert whom the firm asks not to have as a reviewer, and why."""

    name: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SaveIntent:
    """What a firm states before it writes a bid."""

    contact: Contact
    product_id: uuid.UUID | None = None
    products: str = ""
    """Other products that may fit."""
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class InviteMember:
    """A firm that is asked to take part: its credit code or full name, what it does, and its share in per cent."""

    firm: str
    part: str
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class SaveBid:
    """Everything on the form of a bid; empty values are allowed while it is a draft.

    ``version`` is that of the row the form was filled from.
    """

    project_name: str = ""
    approach: str = ""
    product_id: uuid.UUID | None = None
    tech_readiness: int | None = None
    supply_plan: str = ""
    ip_statement: str = ""
    price_total_wan: Decimal | None = None
    self_funding_wan: Decimal | None = None
    price_breakdown: str = ""
    """What the price is made of, and what a piece costs at volume."""
    is_pledged: bool = False
    commitments: tuple[Commitment, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    leader: Person = Person()
    team: tuple[Person, ...] = ()
    contact: Contact = Contact()
    avoid_experts: tuple[Avoided, ...] = ()
    version: int | None = None
