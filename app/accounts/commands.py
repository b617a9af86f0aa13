"""What people ask the services of this slice to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.core.actor import Capacity


class InterestKind(StrEnum):
    """Why an officer does not decide about a company."""

    EMPLOYMENT = "employment"
    KINSHIP = "kinship"
    SHARES = "shares"
    ADVICE = "advice"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LabelClaim:
    """An official label the organisation says it holds, and until when."""

    code: str
    valid_until: dt.date | None


@dataclass(frozen=True, slots=True)
class SaveOrganization:
    """The whole profile of an organisation; ``registered_capital_wan`` in ten thousand yuan."""

    legal_name_zh: str
    name_en: str
    uscc: str
    other_registration: str
    org_type: str
    capacities: frozenset[Capacity]
    region_code: str
    industry_code: str
    established_on: dt.date | None
    registered_capital_wan: Decimal | None
    employees: int | None
    rnd_staff: int | None
    revenue_band_wan: str
    profile: str
    legal_rep: str
    agent_name: str
    agent_post: str
    agent_mobile: str
    agent_email: str
    categories: frozenset[str]
    labels: tuple[LabelClaim, ...]


@dataclass(frozen=True, slots=True)
class SaveSettings:
    """What a person says of themselves."""

    name: str
    post: str
    mobile: str
    locale: str


@dataclass(frozen=True, slots=True)
class DeclareInterest:
    """An officer's interest in a company, named in full or by its credit code."""

    company: str
    kind: InterestKind
    reason: str
