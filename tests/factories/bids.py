"""Bids."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import factory

from app.bids.models import Bid, BidCommitment
from app.bids.workflow import BidState
from tests.factories.accounts import OrganizationFactory
from tests.factories.base import Factory
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON


def one_for_each(challenge: Any) -> list[BidCommitment]:
    """Return a commitment to the very target of every indicator."""
    return [BidCommitment(kpi=kpi, committed=kpi.target, unit=kpi.unit) for kpi in challenge.kpis]


class BidFactory(Factory):
    """A complete draft; ``sealed`` for one that was submitted."""

    class Meta:
        model = Bid

    class Params:
        sealed = factory.Trait(
            state=BidState.SEALED,
            sealed_at=NOON - dt.timedelta(hours=2),
            receipt_code=factory.Sequence(lambda n: f"{n:016X}"),
            content_hash="0" * 64,
        )

    challenge = factory.SubFactory(ChallengeFactory)
    organization = factory.SubFactory(OrganizationFactory, chip=True)
    project_name, approach = "18串采样芯片攻关", "以已量产的14串产品为基础扩展通道。"
    price_total_wan, tech_readiness = Decimal(1200), 6
    supply_plan, ip_statement, is_pledged = "月产能200千颗", "自有知识产权", True
    commitments: Any = factory.LazyAttribute(lambda bid: one_for_each(bid.challenge))
