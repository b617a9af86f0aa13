"""The sample's programmes and challenges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.challenges.models import Challenge, ChallengeNumber, Kpi, KpiVisibility, Programme
from app.demands.models import NeedCategory, NeedParam
from app.demands.workflow import NEVER_PUBLIC, PostingMode, PostingState
from app.sample.demands import LONGEST_WAIT, dated, owned, requirements, waiting_since
from app.sample.demands import PLAIN as NEED_PLAIN
from app.sample.source import REFERENCE_DAY, Calendar, amount, document, rows, sample_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NEED = (*NEED_PLAIN, "temp_min", "temp_max", "qual_standards", "annual_volume_kpcs", "urgency")
_PLAIN = (
    "edition", "background", "research_content", "term_months", "max_members", "award_count",
)  # fmt: skip
_AMOUNTS = ("reward_total_wan", "owner_cash_wan", "public_fund_wan")
_PROGRAMME = (
    "name", "batch", "min_bid_window_days", "max_members", "max_projects_per_applicant",
    "first_payment_max_percent", "publicity_working_days", "max_active_bids_per_leader",
)  # fmt: skip
_PATH = {"requires_recommendation": False, "requires_appraisal": False, "quota": {}}
"""What most of the programmes do not ask for."""
_REASONS = {"none_above_line": "none_above_line", "strong_light_data_missing": "evidence_missing"}
"""Of no award; the files are more particular than ``lists.no_award_reasons``."""


def load_challenges(session: Session, calendar: Calendar) -> None:
    """Insert the programmes, and all challenges with requirements and indicators."""
    source = document("challenges.json")
    challenges, leads = source["challenges"], _leads()
    session.execute(sa.insert(Programme), [_programme(row, calendar) for row in source["programmes"]])
    session.execute(sa.insert(Challenge), [_challenge(row, leads, calendar) for row in challenges])
    session.execute(sa.insert(NeedCategory), [c for row in challenges for c in _categories(row)])
    session.execute(
        sa.insert(NeedParam),
        [p for row in challenges for p in requirements(row["challenge_id"], row["params"])],
    )
    session.execute(sa.insert(Kpi), [kpi for row in challenges for kpi in _kpis(row)])
    session.add(ChallengeNumber(year=REFERENCE_DAY.year, last=len(challenges)))
    session.flush()


def _programme(row: dict[str, Any], calendar: Calendar) -> dict[str, object]:
    return {
        **{name: row[name] for name in _PROGRAMME},
        **{name: row.get(name, usual) for name, usual in _PATH.items()},
        "id": sample_id(row["programme_id"]),
        "code": row["programme_id"],
        "mode": PostingMode(row["mode"]),
        "created_at": calendar.morning("2026-05-04"),
    }


def _challenge(row: dict[str, Any], leads: dict[str, dict[str, str]], calendar: Calendar) -> dict[str, object]:
    state = PostingState(row["status"])
    published = calendar.instant(row["published_at"]) if row["published_at"] else None
    deadline = calendar.instant(row["bid_deadline"])
    is_over = state is not PostingState.PUBLISHED and state not in NEVER_PUBLIC
    return {
        **{name: row[name] for name in (*_NEED, *_PLAIN)},
        **{name: amount(row[name]) for name in _AMOUNTS},
        **owned(row["challenge_id"], row["org_id"]),
        "mode": PostingMode(row["mode"]),
        "kind": "challenge",
        "state": state,
        "code": row["challenge_id"] if published else None,
        "programme_id": sample_id(row["programme_id"]),
        "is_owner_shown": row["show_owner"],
        "target_price_cny": amount(row["target_price"]),
        "sample_by": calendar.day(row["sample_by"]),
        "sop_on": calendar.day(row["sop_on"]),
        "deliverables": [_deliverable(item) for item in row["deliverables"]],
        "payment_plan": [{"milestone": p["milestone"], "percent": p["percent"]} for p in row["payment_plan"]],
        "ip_terms": row["ip_terms"]["type"],
        "ip_terms_text": row["ip_terms"]["text"],
        "bidder_requirements": _requirements_text(row),
        "is_consortium_allowed": row["consortium_allowed"],
        "is_race": row["race"],
        "question_deadline_at": calendar.instant(row["question_deadline"]),
        "bid_deadline_at": deadline,
        "is_not_secret_declared": row["not_secret_declaration"],
        "is_funding_pledged": row["authenticity_pledge"],
        "outcome": _outcome(row, leads),
        "parent_id": sample_id(row["parent"]) if "parent" in row else None,
        "n_relistings": int("parent" in row),
        "relisting_note": row.get("relisting_note", ""),
        "published_at": published,
        "closed_at": deadline if is_over else None,
        **(dated(published) if published else waiting_since(calendar.working_days_ago(LONGEST_WAIT))),
    }


def _deliverable(item: dict[str, Any]) -> dict[str, str]:
    return {"name": item["item"], "quantity": f"{item['quantity']} {item['unit']}".strip()}


def _requirements_text(row: dict[str, Any]) -> str:
    """Return what is asked of bidders; a restriction is not told without its basis."""
    limits = [f"{limit['text']}（依据：{limit['legal_basis']}）" for limit in row["restrictions"]]
    return "\n".join([row["bidder_requirements"], *limits])


def _outcome(row: dict[str, Any], leads: dict[str, dict[str, str]]) -> dict[str, object]:
    """Return the public result: winners and reserve by their lead bidder, or the reasons of no award."""
    if "no_award_reasons" in row:
        return {"reasons": [_REASONS[reason] for reason in row["no_award_reasons"]]}
    if "proposed_winners" not in row:
        return {}
    return {
        "winners": [leads[bid] for bid in row["proposed_winners"]],
        "reserve": [leads[bid] for bid in row["reserve_order"]],
    }


def _leads() -> dict[str, dict[str, str]]:
    """Return the lead bidder of each bid."""
    names = {row["org_id"]: row["legal_name_zh"] for row in rows("organizations.csv")}
    return {
        bid["bid_id"]: {
            "organization_id": str(sample_id(bid["lead_org_id"])),
            "name": names[bid["lead_org_id"]],
        }
        for bid in document("bids.json")["bids"]
    }


def _categories(row: dict[str, Any]) -> list[dict[str, object]]:
    return [{"need_id": sample_id(row["challenge_id"]), "code": code} for code in row["chip_categories"]]


def _kpis(row: dict[str, Any]) -> list[dict[str, object]]:
    return [_kpi(row["challenge_id"], place, kpi) for place, kpi in enumerate(row["kpis"])]


def kpi_id(challenge: str, code: str) -> object:
    """Return the identifier of an indicator (``CH2026-001``, ``K01``)."""
    return sample_id(f"{challenge} {code}")


def _kpi(challenge: str, place: int, kpi: dict[str, Any]) -> dict[str, object]:
    return {
        "id": kpi_id(challenge, kpi["kpi_id"]),
        "challenge_id": sample_id(challenge),
        "position": place,
        "code": kpi["kpi_id"],
        "name": kpi["name"],
        "is_core": kpi["class"] == "core",
        "kind": kpi["kind"].lower(),
        "operator": kpi["operator"],
        "target": str(kpi["target"]),
        "unit": kpi["unit"],
        "baseline": kpi["baseline"],
        "test_method": kpi["test_method"],
        "condition": kpi["condition"],
        "sample_n": kpi["sample_n"],
        "verifier": kpi["verifier"],
        "is_veto": kpi["veto"],
        "weight": amount(kpi["weight"]),
        "param_key": kpi["param_key"] or "",
        "visibility": KpiVisibility.PUBLIC if kpi["visibility"] == "P" else KpiVisibility.AFTER_NDA,
    }
