"""A challenge with three indicators and a bid that answers it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from decimal import Decimal

from app.bids.commands import Commitment, Milestone, SaveBid
from app.bids.frame import Frame, Indicator

ERROR = Indicator(uuid.UUID(int=1), "K01", "采样误差", "<=", "2", "mV", "25℃", "cell_err",
                  is_core=True, is_veto=True, is_hidden=False)  # fmt: skip
RANGE = Indicator(uuid.UUID(int=2), "K02", "温度范围", "covers", "-40~85", "℃", "", "temp",
                  is_core=False, is_veto=False, is_hidden=False)  # fmt: skip
GRADE = Indicator(uuid.UUID(int=3), "K03", "车规等级", "=", "Grade 1 通过", "", "", "",
                  is_core=True, is_veto=False, is_hidden=False)  # fmt: skip
PRICE = replace(ERROR, id=uuid.UUID(int=4), code="K04", name="单价", target="…", unit="元/颗", param_key="price",
                is_core=False, is_veto=False, is_hidden=True)  # fmt: skip
FRAME = Frame((ERROR, RANGE, GRADE), reward_total_wan=Decimal(1500), term_months=24)
PROMISES = (
    Commitment(ERROR.id, "1.8", "mV"),
    Commitment(RANGE.id, "-40~105", "℃"),
    Commitment(GRADE.id, "Grade 1 通过"),
)
COMPLETE = SaveBid(
    project_name="采样芯片攻关",
    approach="以已量产的产品为基础。",
    tech_readiness=6,
    supply_plan="月产能200千颗",
    ip_statement="自有知识产权",
    price_total_wan=Decimal(1200),
    is_pledged=True,
    commitments=PROMISES,
    milestones=(Milestone(6, "样片", 40, ("K01",)), Milestone(24, "量产", 60, ("K02", "K03"))),
)
