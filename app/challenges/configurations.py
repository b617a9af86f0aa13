"""The programmes every installation begins with: real ones, as their notices describe them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.challenges.commands import Criterion, SaveProgramme
from app.demands.workflow import PostingMode

USUAL_WEIGHTS = (
    Criterion("kpi_fit", "与需求匹配度", 30),
    Criterion("approach", "攻关方案", 20),
    Criterion("base", "研发基础", 15),
    Criterion("supply", "产业化与供应保障", 15),
    Criterion("team", "团队水平", 10),
    Criterion("price", "报价与资金", 5),
    Criterion("ip", "知识产权与合规", 5),
)
"""Domain §3.6: how bids are weighed where a programme says nothing else."""

MIIT_ENTERPRISE = SaveProgramme(
    code="MIIT-DQFB-2023",
    name="大企业“发榜”中小企业“揭榜”（工信部 2023）",
    mode=PostingMode.ENTERPRISE_POSED,
    batch="2023",
    basis="工信厅企业函〔2023〕88号",
    requires_recommendation=True,
    requires_appraisal=True,
    max_active_bids_per_leader=1,
    award_max=3,
    review_weights=USUAL_WEIGHTS,
)
"""A large firm poses, prefecture and province pass it on, and the firm itself picks one to three solvers."""

MIIT_TASK_LIST = SaveProgramme(
    code="MIIT-WLCY-2023",
    name="未来产业创新任务揭榜挂帅（工信部 2023）",
    mode=PostingMode.GOVERNMENT_TASK,
    batch="2023",
    basis="工信厅科函〔2023〕235号",
    requires_recommendation=True,
    requires_appraisal=True,
    min_bid_window_days=50,
    max_members=4,
    max_projects_per_applicant=3,
    max_active_bids_per_leader=1,
    award_max=3,
    shortlist_max=5,
    is_race_allowed=True,
    pre_deadline_viewer="prefecture_authority",
    review_weights=USUAL_WEIGHTS,
    quota=(("default", 15),),
)
"""A task list of honour: recommended under quotas, one lead with four members, five short-listed, three succeed."""

PREFECTURE_CO_FUNDED = SaveProgramme(
    code="GZ-GXPZ-2023",
    name="赣州市“揭榜挂帅”配资项目（2023）",
    mode=PostingMode.ENTERPRISE_POSED,
    batch="2023",
    requires_recommendation=True,
    requires_appraisal=True,
    max_active_bids_per_leader=1,
    award_max=1,
    is_race_allowed=False,
    has_price_envelope=True,
    review_weights=tuple(replace(one, name="报价") if one.code == "price" else one for one in USUAL_WEIGHTS),
    max_term_months=36,
    budget_multiple=Decimal(4),
    cash_percent=40,
)
"""A city adds a grant: the owner's budget is four times as much, and two fifths of it reach the solver in money.

Because public money follows the price, the price is sealed apart.
"""

SEEDED = (MIIT_ENTERPRISE, MIIT_TASK_LIST, PREFECTURE_CO_FUNDED)
