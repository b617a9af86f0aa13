from __future__ import annotations

import datetime as dt
import uuid

from app.accounts.queries.views import PublicCompany
from app.core.actor import Capacity

TODAY = dt.date(2026, 11, 24)


def company(**changes) -> PublicCompany:
    values = {
        "id": uuid.uuid4(),
        "legal_name_zh": "广东示例电子有限公司",
        "name_en": "",
        "uscc": "91440300MA5XX00149",
        "other_registration": "",
        "org_type": "enterprise",
        "capacities": (Capacity.SUPPLY,),
        "region_code": "440305",
        "city_code": "440300",
        "industry_code": "6520",
        "established_on": None,
        "registered_capital_wan": None,
        "size_class": "",
        "profile": "",
        "verified_at": None,
        "categories": (),
        "labels": (),
        "is_fictional": False,
    }
    return PublicCompany(**{**values, **changes})


def test_a_label_counts_until_the_last_day_of_its_term() -> None:
    labelled = company(
        labels=(
            ("hnte", TODAY),
            ("little_giant", TODAY - dt.timedelta(days=1)),
            ("listed", None),
            ("gazelle", TODAY + dt.timedelta(days=1)),
        )
    )

    assert labelled.valid_labels(TODAY) == ("hnte", "listed", "gazelle")
