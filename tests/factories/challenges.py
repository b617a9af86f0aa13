"""Programmes and challenges."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import factory

from app.challenges.models import Challenge, Kpi, Programme
from app.demands.workflow import PostingMode, PostingState
from tests.factories.base import Factory
from tests.factories.demands import NeedFactory
from tests.support.clock import NOON


class ProgrammeFactory(Factory):
    """A programme in which companies pose challenges."""

    class Meta:
        model = Programme

    code = factory.Sequence(lambda n: f"P{n}")
    name, mode = "大企业发榜中小企业揭榜", PostingMode.ENTERPRISE_POSED


def five_kpis() -> list[Kpi]:
    """Return five indicators, three of them core, with weights that add up to 100."""
    targets = (("<=", "2", "mV"), (">=", "150", "mA"), ("<=", "20", "µA"), (">=", "2", "Mbps"), ("<=", "18", "元/颗"))
    names = ("单体电压采样误差", "被动均衡电流", "休眠电流", "菊花链速率", "百万颗级单价")
    return [
        Kpi(
            position=place,
            code=f"K{place + 1:02d}",
            name=name,
            is_core=place < 3,
            operator=operator,
            target=target,
            unit=unit,
            test_method="第三方实验室按规范测试",
            verifier="lab",
            is_veto=place == 0,
            weight=Decimal(20),
        )
        for place, (name, (operator, target, unit)) in enumerate(zip(names, targets, strict=True))
    ]


class ChallengeFactory(NeedFactory):
    """A complete published challenge that takes bids for 30 days; ``closed`` for one past its deadline."""

    class Meta:
        model = Challenge

    class Params:
        closed = factory.Trait(
            state=PostingState.CLOSED,
            bid_deadline_at=NOON - dt.timedelta(hours=1),
            question_deadline_at=NOON - dt.timedelta(days=10),
            closed_at=NOON - dt.timedelta(hours=1),
        )
        draft = factory.Trait(state=PostingState.DRAFT, published_at=None, submitted_at=None, code=None)
        submitted = factory.Trait(state=PostingState.SUBMITTED, published_at=None, code=None)

    programme = factory.SubFactory(ProgrammeFactory)
    mode = PostingMode.ENTERPRISE_POSED
    code = factory.Sequence(lambda n: f"CH2026-{n + 100}")
    background = "新能源汽车与储能电池管理系统所用高串数电池模拟前端长期依赖进口。" * 8
    research_content = "开发可在14至18串范围配置的采样芯片，并在自有量产平台上完成整车验证。" * 8
    deliverables: Any = factory.LazyFunction(lambda: [{"name": "工程样片", "quantity": "200颗"}])
    payment_plan: Any = factory.LazyFunction(
        lambda: [{"milestone": "样片", "percent": 40}, {"milestone": "验收", "percent": 60}]
    )
    term_months, reward_total_wan, owner_cash_wan, public_fund_wan = 24, Decimal(1500), Decimal(1500), None
    ip_terms = "joint"
    is_not_secret_declared, is_funding_pledged = True, True
    question_deadline_at = NOON + dt.timedelta(days=20)
    bid_deadline_at = NOON + dt.timedelta(days=30)
    kpis: Any = factory.LazyFunction(five_kpis)


def prefecture_programme(**attributes: Any) -> Programme:
    """Return a programme with the whole path: the prefecture recommends, experts appraise."""
    programme: Programme = ProgrammeFactory(requires_recommendation=True, requires_appraisal=True, **attributes)
    return programme
