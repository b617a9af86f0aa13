"""What people ask of this slice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from app.compliance import Asked


@dataclass(frozen=True, slots=True)
class SaveNeed:
    """Everything on the form of a need; empty values are allowed while it is a draft.

    ``version`` is that of the row the form was filled from, None for a new one.
    """

    title: str = ""
    is_owner_shown: bool = True
    terminal_category: str = ""
    end_product: str = ""
    subsystem: str = ""
    categories: tuple[str, ...] = ()
    use_description: str = ""
    params: tuple[Asked, ...] = ()
    quality_grade: str = ""
    temp_min: float | None = None
    temp_max: float | None = None
    qual_standards: tuple[str, ...] = ()
    package_pref: str = ""
    pin_compat_with: str = ""
    annual_volume_kpcs: int | None = None
    target_price_cny: Decimal | None = None
    sample_by: dt.date | None = None
    sop_on: dt.date | None = None
    current_supply: str = ""
    urgency: int | None = None
    software_needs: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ReviewPosting:
    """What the authority says about a submitted posting; ``version`` is that of the text it has read."""

    opinion: str
    version: int | None = None
