"""The sample's bids; what is sealed in the files is sealed on the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app.bids.content import statement
from app.bids.models import Bid, BidCommitment
from app.bids.receipt import content_hash
from app.bids.workflow import BidState
from app.sample.challenges import kpi_id
from app.sample.demands import PREPARED
from app.sample.people import owner_id
from app.sample.source import Calendar, amount, document, rows, sample_id
from app.taxonomy import lists

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

UNKNOWN = "0" * 64
"""Stands for the hash until the rows are there to compute it from."""
_PLAIN = ("challenge_edition", "project_name", "approach", "tech_readiness")
_DETAILS = (
    "leader", "team", "process_plan", "qualification_plan", "ip_list", "milestones", "risks", "budget_lines",
    "industrialisation", "ai_use_statement",
)  # fmt: skip


def load_bids(session: Session, calendar: Calendar) -> None:
    """Insert all bids with their commitments."""
    source = document("bids.json")["bids"]
    names = {row["org_id"]: row["legal_name_zh"] for row in rows("organizations.csv")}
    session.execute(sa.insert(Bid), [_bid(row, names, calendar) for row in source])
    session.execute(sa.insert(BidCommitment), [c for row in source for c in _commitments(row)])
    for bid in session.scalars(sa.select(Bid).options(selectinload(Bid.commitments))):
        bid.content_hash = content_hash(statement(bid, []))
        bid.updated_at = bid.sealed_at or bid.updated_at


def _bid(row: dict[str, Any], names: dict[str, str], calendar: Calendar) -> dict[str, object]:
    sealed = calendar.instant(row["sealed_at"])
    return {
        **{name: row[name] for name in _PLAIN},
        "id": sample_id(row["bid_id"]),
        "challenge_id": sample_id(row["challenge_id"]),
        "organization_id": sample_id(row["lead_org_id"]),
        "created_by": owner_id(row["lead_org_id"]),
        "state": BidState(row["status"]),
        "product_id": sample_id(row["product_ref"][0]) if row["product_ref"] else None,
        "supply_plan": _supply_plan(row["supply"]),
        "ip_statement": f"{row['ip_freedom']}\n{row['background_ip']}",
        "price_total_wan": amount(row["price_total_wan"]),
        "self_funding_wan": amount(row["self_funding_wan"]),
        "is_pledged": row["annexes"]["pledge_performance"],
        "details": {**{name: row[name] for name in _DETAILS}, "members": _members(row, names)},
        "receipt_code": sample_id(f"receipt {row['bid_id']}").hex[:16].upper(),
        "sealed_at": sealed,
        "content_hash": UNKNOWN,
        "created_at": sealed - PREPARED,
        "updated_at": sealed,
    }


def _supply_plan(supply: dict[str, Any]) -> str:
    return "\n".join(
        (
            f"产能：{supply['capacity']}",
            f"交期：{supply['lead_time_weeks']} 周",
            f"批量价格：{supply['price_at_volume']}",
            f"第二来源：{supply['second_source']}",
            f"变更与停产：{supply['pcn_eol_policy']}",
        )
    )


def _members(row: dict[str, Any], names: dict[str, str]) -> list[dict[str, object]]:
    return [
        {
            "organization_id": str(sample_id(member["org_id"])),
            "name": names[member["org_id"]],
            "division": member["division"],
            "share_percent": member["share_percent"],
        }
        for member in row["members"]
    ]


def _commitments(row: dict[str, Any]) -> list[dict[str, object]]:
    return [
        {
            "id": sample_id(f"{row['bid_id']} {promise['kpi_id']}"),
            "bid_id": sample_id(row["bid_id"]),
            "kpi_id": kpi_id(row["challenge_id"], promise["kpi_id"]),
            "committed": _stated(promise["committed"]),
            "measured": _stated(promise["measured"]),
            "unit": promise["unit"],
            "evidence": lists.evidence_kinds.label(promise["evidence"], "zh"),
            "risk": promise["risk"],
        }
        for promise in row["kpi_commitments"]
    ]


def _stated(value: str | float | None) -> str:
    return "" if value is None else str(value)
