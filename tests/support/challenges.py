"""A challenge that lacks nothing, as its form holds it."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

from app.challenges.commands import Deliverable, KpiInput, Payment, SaveChallenge
from app.challenges.forms import initial
from app.compliance import Asked
from app.core.clock import SHANGHAI
from app.demands.commands import SaveNeed
from tests.support.clock import NOON


def need(**changes: Any) -> SaveNeed:
    given: dict[str, Any] = {
        "title": "储能电池包18串采样芯片",
        "terminal_category": "T1202",
        "end_product": "工商业储能柜",
        "categories": ("C0407",),
        "use_description": "电池管理从控需要采样18串电芯电压。",
        "params": (
            Asked("cell_err", "<=", "2", "mV"),
            Asked("cells", "covers", "14~18", "串"),
            Asked("sleep_i", "<=", "20", "µA", is_must=False),
        ),
        "quality_grade": "industrial",
        "temp_min": -40.0,
        "temp_max": 85.0,
        "annual_volume_kpcs": 400,
        "sample_by": (NOON + dt.timedelta(days=60)).date(),
        "sop_on": (NOON + dt.timedelta(days=300)).date(),
    }
    return SaveNeed(**{**given, **changes})


def kpi(**changes: Any) -> KpiInput:
    given: dict[str, Any] = {
        "name": "单体电压采样误差",
        "operator": "<=",
        "target": "2",
        "unit": "mV",
        "is_core": True,
        "test_method": "恒温箱25℃稳定2小时后逐通道扫描",
        "verifier": "lab",
        "weight": Decimal(20),
    }
    return KpiInput(**{**given, **changes})


def challenge(**changes: Any) -> SaveChallenge:
    given: dict[str, Any] = {
        "need": need(),
        "programme_id": uuid.UUID(int=1),
        "background": "高串数电池模拟前端长期依赖进口，交期在20至50周之间波动。" * 10,
        "research_content": "研究高压差分采样开关、基准温漂与封装应力对误差的耦合机理。" * 10,
        "kpis": (kpi(),) * 5,
        "deliverables": (Deliverable("工程样片", "200颗"),),
        "term_months": 24,
        "reward_total_wan": Decimal(1500),
        "owner_cash_wan": Decimal(1000),
        "public_fund_wan": Decimal(500),
        "payment_plan": (Payment("样片", 40), Payment("验收", 60)),
        "ip_terms": "joint",
        "question_deadline_at": NOON + dt.timedelta(days=20),
        "bid_deadline_at": NOON + dt.timedelta(days=30),
        "is_not_secret_declared": True,
        "is_funding_pledged": True,
    }
    return SaveChallenge(**{**given, **changes})


def typed(given: SaveChallenge) -> dict[str, str]:
    """Return what a browser sends for a challenge that was filled in like this."""
    return {name: text for key, value in initial(given).items() for name, text in _sent(key, value)}


def _sent(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, list):
        return [pair for index, item in enumerate(value) for pair in _sent(f"{name}-{index}", item)]
    if isinstance(value, dict):
        return [pair for key, item in value.items() for pair in _sent(f"{name}-{key}", item)]
    if isinstance(value, bool):
        return [(name, "y")] if value else []
    if isinstance(value, dt.datetime):
        return [(name, value.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M"))]
    return [(name, "" if value is None else str(value))]
