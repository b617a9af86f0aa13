"""The sample's bids; what is sealed in the files is sealed on the portal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.accounts.models import User
from app.bids import commitments, content, people, receipt
from app.bids.document import Content, command_of
from app.bids.models import Bid, Opening, OpeningRelease
from app.bids.workflow import BidState
from app.challenges.models import Challenge, Kpi
from app.core import box
from app.demands.workflow import PostingState
from app.keys.crypto import new_code
from app.keys.queries import holders_of
from app.sample.challenges import kpi_id
from app.sample.demands import PREPARED
from app.sample.keys import THRESHOLD
from app.sample.people import owner_id
from app.sample.source import Calendar, amount, document, rows, sample_id
from app.taxonomy import lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from app.keys.models import ChallengeKeyHolder

OPENED_AFTER = dt.timedelta(hours=17)
"""Between a deadline at five in the afternoon and the next morning at ten."""
_PLAIN = ("project_name", "approach", "tech_readiness")
_DETAILS = (
    "leader", "team", "process_plan", "qualification_plan", "ip_list", "risks", "budget_lines",
    "industrialisation", "ai_use_statement",
)  # fmt: skip


def load_bids(session: Session, calendar: Calendar) -> None:
    """Insert all bids: sealed ones locked for the desk's keys, the others as they were opened."""
    source = document("bids.json")["bids"]
    names = {row["org_id"]: row["legal_name_zh"] for row in rows("organizations.csv")}
    for row in source:
        session.add(_bid(session, row, names, calendar))
    session.flush()
    for challenge in session.scalars(sa.select(Challenge).where(Challenge.closed_at.is_not(None))):
        _close(session, challenge)
    session.flush()


def _bid(session: Session, row: dict[str, Any], names: dict[str, str], calendar: Calendar) -> Bid:
    sealed, state = calendar.instant(row["sealed_at"]), BidState(row["status"])
    bid = Bid(
        id=sample_id(row["bid_id"]),
        challenge_id=sample_id(row["challenge_id"]),
        challenge_edition=row["challenge_edition"],
        receipt_code=sample_id(f"receipt {row['bid_id']}").hex[:16].upper(),
        sealed_at=sealed,
        created_at=sealed - PREPARED,
    )
    written, code = _content(row, names), new_code()
    content.begin(bid, written.organization_id, written.created_by)
    holders = holders_of(session, bid.challenge_id)
    content.seal(bid, written, code=code, holders=holders, city_code="")
    bid.state = state
    if state is not BidState.SEALED:
        kpis = session.scalars(sa.select(Kpi.id).where(Kpi.challenge_id == bid.challenge_id))
        content.reveal(bid, content.unseal_with_code(bid, code), known_kpis=frozenset(kpis), now=sealed)
    bid.updated_at = sealed
    return bid


def _content(row: dict[str, Any], names: dict[str, str]) -> Content:
    plain = {name: row[name] for name in _PLAIN}
    details = {name: row[name] for name in _DETAILS}
    plain |= {
        "product_id": sample_id(row["product_ref"][0]) if row["product_ref"] else None,
        "supply_plan": _supply_plan(row["supply"]),
        "ip_statement": f"{row['ip_freedom']}\n{row['background_ip']}",
        "price_total_wan": amount(row["price_total_wan"]),
        "self_funding_wan": amount(row["self_funding_wan"]),
        "is_pledged": row["annexes"]["pledge_performance"],
    }
    return Content(
        organization_id=sample_id(row["lead_org_id"]),
        created_by=owner_id(row["lead_org_id"]),
        command=command_of(plain, dict(_commitments(row)), row["milestones"], people.taken(details)),
        details={**details, "members": _members(row, names)},
    )


def _close(session: Session, challenge: Challenge) -> None:
    """Publish the commitments of a challenge that is over, and record its opening where it has been opened."""
    bids = session.scalars(sa.select(Bid).where(Bid.challenge_id == challenge.id)).all()
    lines, deadline = commitments.lines(bids), challenge.bid_deadline_at or challenge.updated_at
    opening = Opening(challenge_id=challenge.id, closed_at=deadline, commitments=lines)
    opening.list_hash = receipt.hash_of(commitments.listing(challenge.id, challenge.bid_deadline_at, lines))
    session.add(opening)
    if bids and challenge.state is not PostingState.CLOSED:
        opening.opened_at = challenge.keys_released_at = deadline + OPENED_AFTER
        releases = [_release(session, challenge, holder, deadline) for holder in _first_two(session, challenge)]
        opening.record = {
            "threshold": THRESHOLD,
            "releases": [
                {"name": one.holder_name, "role": one.role, "at": one.released_at.isoformat(), "n_damaged": 0}
                for one in releases
            ],
            "bids": {bid.content_hash: {"at": opening.opened_at.isoformat(), "error": ""} for bid in bids},
        }


def _first_two(session: Session, challenge: Challenge) -> Sequence[ChallengeKeyHolder]:
    return holders_of(session, challenge.id)[:THRESHOLD]


def _release(session: Session, challenge: Challenge, of: ChallengeKeyHolder, deadline: dt.datetime) -> OpeningRelease:
    """Return the record of a release; the shares themselves were used up when these files were made."""
    person = session.get_one(User, of.holder.user_id)
    release = OpeningRelease(
        challenge_id=challenge.id,
        holder_id=of.holder_id,
        user_id=person.id,
        role=of.holder.role,
        holder_name=person.name,
        released_at=deadline + OPENED_AFTER,
        shares_box=box.lock_json({}, about=f"release {challenge.id} {of.holder_id}"),
        n_shares=0,
    )
    session.add(release)
    return release


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


def _commitments(row: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what is promised by the id of its indicator."""
    for promise in row["kpi_commitments"]:
        said = {
            "committed": _stated(promise["committed"]),
            "measured": _stated(promise["measured"]),
            "unit": promise["unit"],
            "evidence": lists.evidence_kinds.label(promise["evidence"], "zh"),
            "risk": promise["risk"],
        }
        yield str(kpi_id(row["challenge_id"], promise["kpi_id"])), said


def _stated(value: str | float | None) -> str:
    return "" if value is None else str(value)
