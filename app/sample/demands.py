"""The sample's matching needs; a challenge shares their first half."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.demands.models import Need, NeedCategory, NeedParam
from app.demands.workflow import PostingMode, PostingState
from app.sample.people import owner_id
from app.sample.source import REFERENCE_DAY, Calendar, amount, number, parts, rows, sample_id, whole

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PLAIN = (
    "title", "terminal_category", "end_product", "subsystem", "use_description", "quality_grade",
    "package_pref", "pin_compat_with", "current_supply", "software_needs",
)  # fmt: skip
_STATES = {
    "published": PostingState.PUBLISHED,
    "closed": PostingState.CLOSED,
    # The portal suspends no needs: what its owner had paused is looked at again before it returns.
    "suspended": PostingState.SUBMITTED,
}
PREPARED = dt.timedelta(days=9)
"""From the first draft of a posting to its publication."""
REVIEWED = dt.timedelta(days=4)
"""From sending a posting in to its publication."""
LONGEST_WAIT = 3
"""Working days for which a posting may have waited for its review when the sample is loaded."""


def load_needs(session: Session, calendar: Calendar) -> None:
    """Insert all needs with their requirements."""
    session.execute(sa.insert(Need), need_rows(calendar))
    session.execute(sa.insert(NeedCategory), category_rows())
    session.execute(sa.insert(NeedParam), requirement_rows())


def need_rows(calendar: Calendar) -> list[dict[str, object]]:
    """Return the needs as rows of their table."""
    source = rows("needs.csv")
    waiting = [row["need_id"] for row in source if _STATES[row["status"]] is PostingState.SUBMITTED]
    days_ago = {need: place % LONGEST_WAIT + 1 for place, need in enumerate(waiting)}
    return [_need(row, calendar, days_ago.get(row["need_id"])) for row in source]


def category_rows() -> list[dict[str, object]]:
    """Return the chip categories of the needs."""
    return [
        {"need_id": sample_id(row["need_id"]), "code": code}
        for row in rows("needs.csv")
        for code in parts(row["chip_categories"])
    ]


def requirement_rows() -> list[dict[str, object]]:
    """Return the requirements of the needs, each with its place."""
    by_need: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows("need_params.csv"):
        by_need[row["need_id"]].append({**row, "must": row["must"] == "1"})
    return [row for need, params in by_need.items() for row in requirements(need, params)]


def _need(row: dict[str, str], calendar: Calendar, days_ago: int | None) -> dict[str, object]:
    """Return one need; one that waits for review was handed in ``days_ago`` working days."""
    state = _STATES[row["status"]]
    published = calendar.morning(row["published_on"])
    is_closed = state is PostingState.CLOSED
    return {
        **{name: row[name] for name in PLAIN},
        **owned(row["need_id"], row["org_id"]),
        "mode": PostingMode.MATCHING_NEED,
        "kind": "need",
        "state": state,
        "is_owner_shown": row["show_owner"] == "1",
        "temp_min": number(row["temp_min"]),
        "temp_max": number(row["temp_max"]),
        "qual_standards": parts(row["qual_standards"]),
        "annual_volume_kpcs": whole(row["annual_volume_kpcs"]),
        "target_price_cny": amount(row["target_price"]),
        "sample_by": calendar.day(row["sample_by"]),
        "sop_on": calendar.day(row["sop_on"]),
        "urgency": whole(row["urgency"]),
        "published_at": None if days_ago else published,
        "closed_at": calendar.morning(REFERENCE_DAY.isoformat(), days=-2) if is_closed else None,
        **(waiting_since(calendar.working_days_ago(days_ago)) if days_ago else dated(published)),
    }


def owned(name: str, organization: str) -> dict[str, object]:
    """Return the columns that say whose posting it is."""
    return {
        "id": sample_id(name),
        "organization_id": sample_id(organization),
        "created_by": owner_id(organization),
        "contact_user_id": owner_id(organization),
    }


def dated(published: dt.datetime) -> dict[str, object]:
    """Return when a posting was begun, sent in and last changed."""
    return {
        "created_at": published - PREPARED,
        "submitted_at": published - REVIEWED,
        "updated_at": published,
    }


def waiting_since(submitted: dt.datetime) -> dict[str, object]:
    """Return when a posting was begun, sent in and last changed that nobody has reviewed yet."""
    return {
        "created_at": submitted - (PREPARED - REVIEWED),
        "submitted_at": submitted,
        "updated_at": submitted,
    }


def requirements(name: str, params: list[dict[str, Any]]) -> list[dict[str, object]]:
    """Return the requirements of one posting as rows of their table."""
    return [
        {
            "id": sample_id(f"{name} {place}"),
            "need_id": sample_id(name),
            "position": place,
            "key": param["key"],
            "op": param["op"],
            "value": str(param["value"]),
            "unit": param["unit"],
            "is_must": param["must"],
            "condition": param.get("condition", ""),
        }
        for place, param in enumerate(params)
    ]
