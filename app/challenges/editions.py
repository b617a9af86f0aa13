"""A challenge as it was published: a canonical document that anybody can hash, and what only some may read."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

from app.challenges.content import filled
from app.demands.content import filled as filled_need

if TYPE_CHECKING:
    from app.challenges.commands import KpiInput
    from app.challenges.models import Challenge, Programme

FORMAT = "chipbridge-challenge-edition/1"
_NEED_PUBLIC = ("title", "terminal_category", "end_product", "subsystem", "use_description", "quality_grade",
                "temp_min", "temp_max", "qual_standards", "sample_by", "sop_on")  # fmt: skip
_NEED_VERIFIED = ("package_pref", "software_needs")
_NEED_CONFIDENTIAL = ("annual_volume_kpcs", "target_price_cny", "pin_compat_with", "current_supply", "urgency")
_PUBLIC = ("background", "research_content", "term_months", "reward_total_wan", "owner_cash_wan", "public_fund_wan",
           "ip_terms", "ip_terms_text", "bidder_requirements", "is_consortium_allowed", "max_members", "award_count",
           "is_race", "question_deadline_at", "bid_deadline_at")  # fmt: skip
_RULES = ("code", "name", "basis", "min_bid_window_days", "question_cutoff_days", "answer_last_days",
          "amendment_keep_days", "max_members", "is_single_unit_bid", "max_projects_per_applicant",
          "max_active_bids_per_leader", "award_max", "is_race_allowed", "min_valid_bids", "key_threshold",
          "has_price_envelope",
          "pre_deadline_viewer", "review_weights", "panel_min", "pass_line", "spread_alert", "drop_high_low_from",
          "publicity_working_days", "objection_accept_wd", "objection_decide_wd", "is_price_above_reward_allowed",
          "first_payment_max_percent", "required_roles")  # fmt: skip
_HIDDEN = ("target", "condition", "baseline", "test_method", "sample_n", "verifier")


def snapshot(challenge: Challenge) -> dict[str, Any]:
    """Return what an edition keeps of a challenge; everything that belongs to it must be loaded.

    The parts that not everybody may read appear in the public document as salted hashes, so that they cannot be
    changed later and cannot be guessed either.
    """
    verified, confidential, salt = _verified(challenge), _confidential(challenge), secrets.token_hex(16)
    document = {
        "format": FORMAT,
        "challenge": str(challenge.id),
        "code": challenge.code,
        "edition": challenge.edition,
        "public": _public(challenge),
        "verified_sha256": _salted(verified, salt),
        "confidential_sha256": _salted(confidential, salt),
    }
    return {"document": document, "verified": verified, "confidential": confidential, "salt": salt}


def canonical(document: dict[str, Any]) -> bytes:
    """Return a document byte for byte as its hash is taken of: sorted keys, no spaces, UTF-8."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def hash_of(document: dict[str, Any]) -> str:
    """Return the SHA-256 of the canonical document in hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def differences(before: Any, after: Any, path: str = "") -> list[dict[str, Any]]:
    """Return where two documents differ: ``{path, before, after}`` of the deepest places, in order of the path."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = sorted(before.keys() | after.keys())
        return [d for k in keys for d in differences(before.get(k), after.get(k), f"{path}.{k}" if path else k)]
    return [] if before == after else [{"path": path, "before": before, "after": after}]


def _public(challenge: Challenge) -> dict[str, Any]:
    command, organization = filled(challenge), challenge.organization
    return _plain(
        {
            **{name: getattr(command.need, name) for name in _NEED_PUBLIC},
            **{name: getattr(command, name) for name in _PUBLIC},
            "mode": challenge.mode,
            "owner": organization.legal_name_zh if challenge.is_owner_shown else None,
            "city": organization.city_code,
            "chip_categories": [category.code for category in challenge.categories],
            "kpis": {f"K{place:02d}": _kpi(kpi) for place, kpi in enumerate(command.kpis, 1)},
            "deliverables": challenge.deliverables,
            "restrictions": challenge.restrictions,
            "published_at": challenge.published_at,
            "parent": str(challenge.parent_id) if challenge.parent_id else None,
            "programme": _rules(challenge.programme),
        }
    )


def _rules(programme: Programme | None) -> dict[str, Any] | None:
    return {name: getattr(programme, name) for name in _RULES} if programme else None


def _kpi(kpi: KpiInput) -> dict[str, Any]:
    """Return an indicator as everybody may read it: what is kept until the NDA is left out."""
    values = {name: getattr(kpi, name) for name in kpi.__dataclass_fields__ if name not in ("id", "is_after_nda")}
    return {**values, **dict.fromkeys(_HIDDEN)} if kpi.is_after_nda else values


def _verified(challenge: Challenge) -> dict[str, Any]:
    need = filled_need(challenge)
    params = [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in need.params]
    return _plain(
        {
            **{name: getattr(need, name) for name in _NEED_VERIFIED},
            "params": params,
            "payment_plan": challenge.payment_plan,
        }
    )


def _confidential(challenge: Challenge) -> dict[str, Any]:
    command = filled(challenge)
    hidden = {
        f"K{place:02d}": {name: getattr(kpi, name) for name in _HIDDEN}
        for place, kpi in enumerate(command.kpis, 1)
        if kpi.is_after_nda
    }
    return _plain({**{name: getattr(command.need, name) for name in _NEED_CONFIDENTIAL}, "kpis": hidden})


def _salted(part: dict[str, Any], salt: str) -> str:
    return hashlib.sha256(salt.encode() + canonical(part)).hexdigest()


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """Return the value as JSON holds it: decimals and days as text, instants in UTC."""
    plain: dict[str, Any] = json.loads(json.dumps(value, default=_text, ensure_ascii=False))
    return plain


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
