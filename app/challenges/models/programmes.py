"""Plans and batches: the rules of a competition as rows."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import CreatedAt, Model, PrimaryKey, UpdatedAt, enum_column
from app.demands.workflow import PostingMode


class Programme(Model):
    """A plan or batch under which challenges are posted; its numbers are rules, not constants."""

    __tablename__ = "programmes"
    __table_args__ = (
        sa.CheckConstraint("min_bid_window_days > 0", name="window_positive"),
        sa.CheckConstraint(
            "question_cutoff_days >= 0 AND answer_last_days BETWEEN 0 AND question_cutoff_days", name="answers_in_time"
        ),
        sa.CheckConstraint("amendment_keep_days >= 0", name="amendment_not_negative"),
        sa.CheckConstraint("max_members BETWEEN 0 AND 20", name="members_range"),
        sa.CheckConstraint("max_projects_per_applicant > 0", name="projects_positive"),
        sa.CheckConstraint(
            "max_active_bids_per_leader IS NULL OR max_active_bids_per_leader > 0", name="leader_positive"
        ),
        sa.CheckConstraint("award_max BETWEEN 1 AND 3", name="award_range"),
        sa.CheckConstraint("shortlist_max IS NULL OR shortlist_max >= award_max", name="shortlist_holds_awards"),
        sa.CheckConstraint("min_valid_bids > 0", name="bids_positive"),
        sa.CheckConstraint("key_threshold BETWEEN 2 AND 9", name="key_threshold_range"),
        sa.CheckConstraint("pre_deadline_viewer IN ('', 'prefecture_authority')", name="pre_deadline_viewer_known"),
        sa.CheckConstraint("panel_min BETWEEN 3 AND 25", name="panel_range"),
        sa.CheckConstraint("pass_line BETWEEN 0 AND 100", name="pass_line_range"),
        sa.CheckConstraint("spread_alert BETWEEN 1 AND 100", name="spread_range"),
        sa.CheckConstraint("drop_high_low_from >= 3", name="drop_leaves_one"),
        sa.CheckConstraint("publicity_working_days > 0", name="publicity_positive"),
        sa.CheckConstraint("objection_accept_wd > 0 AND objection_decide_wd > 0", name="objection_positive"),
        sa.CheckConstraint("first_payment_max_percent BETWEEN 0 AND 100", name="first_payment_range"),
        sa.CheckConstraint("max_term_months BETWEEN 1 AND 36", name="term_range"),
        sa.CheckConstraint("max_relistings BETWEEN 0 AND 9", name="relistings_range"),
    )

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    mode: Mapped[PostingMode] = mapped_column(enum_column(PostingMode, "mode"))
    batch: Mapped[str] = mapped_column(sa.String(40), default="")
    basis: Mapped[str] = mapped_column(sa.String(200), default="")
    """The notice it rests on: ``工信厅企业函〔2023〕88号``."""
    is_open: Mapped[bool] = mapped_column(default=True)
    requires_recommendation: Mapped[bool] = mapped_column(default=False)
    """Whether the owner's prefecture recommends a challenge before the province sees it."""
    requires_appraisal: Mapped[bool] = mapped_column(default=False)
    """Whether experts appraise a challenge before it is approved."""
    min_bid_window_days: Mapped[int] = mapped_column(default=20)
    question_cutoff_days: Mapped[int] = mapped_column(default=10)
    """Days before the deadline of bids at which questions end."""
    answer_last_days: Mapped[int] = mapped_column(default=5)
    """Days before the deadline of bids at which the last answer is given."""
    amendment_keep_days: Mapped[int] = mapped_column(default=15)
    """Days that bidders have at least after an amendment."""
    max_members: Mapped[int] = mapped_column(default=4)
    """Firms of a consortium beside its lead."""
    is_single_unit_bid: Mapped[bool] = mapped_column(default=False)
    """Whether a firm may take part in one bid for a challenge only, as lead or as member."""
    max_projects_per_applicant: Mapped[int] = mapped_column(default=3)
    max_active_bids_per_leader: Mapped[int | None]
    """Bids one project leader may have running at a time; empty: as many as they like."""
    award_max: Mapped[int] = mapped_column(default=3)
    shortlist_max: Mapped[int | None]
    """Bids that may be short-listed (入围) for a challenge; empty: no limit."""
    is_race_allowed: Mapped[bool] = mapped_column(default=True)
    min_valid_bids: Mapped[int] = mapped_column(default=1)
    key_threshold: Mapped[int] = mapped_column(default=2)
    """Holders whose keys together open the bids."""
    has_price_envelope: Mapped[bool] = mapped_column(default=False)
    """Whether price parts are sealed apart and opened only after the technical scores are final (双信封)."""
    pre_deadline_viewer: Mapped[str] = mapped_column(sa.String(40), default="")
    """Role that must read bids before the deadline (recommendation type); each view is on record."""
    review_weights: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    """``{code, name, max}`` each, in order; the maxima add up to 100."""
    panel_min: Mapped[int] = mapped_column(default=5)
    pass_line: Mapped[int] = mapped_column(default=70)
    spread_alert: Mapped[int] = mapped_column(default=25)
    """Points between the highest and the lowest score from which on a discussion is due."""
    drop_high_low_from: Mapped[int] = mapped_column(default=7)
    """Experts from which on the highest and the lowest score do not count."""
    publicity_working_days: Mapped[int] = mapped_column(default=5)
    objection_accept_wd: Mapped[int] = mapped_column(default=2)
    objection_decide_wd: Mapped[int] = mapped_column(default=15)
    is_price_above_reward_allowed: Mapped[bool] = mapped_column(default=False)
    first_payment_max_percent: Mapped[int] = mapped_column(default=40)
    max_term_months: Mapped[int] = mapped_column(default=36)
    quota: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Challenges a body may recommend: ``{city code or "default": number}``; empty: no limit."""
    co_funding: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """``budget_multiple`` of the grant that the owner's R&D budget reaches, ``cash_percent`` of the grant that the
    owner pays the solver in money; empty: no rule."""
    max_relistings: Mapped[int] = mapped_column(default=2)
    required_roles: Mapped[list[str]] = mapped_column(default=list)
    """Capacities that a consortium has to unite."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[UpdatedAt]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__: dict[str, Any] = {"version_id_col": version}  # noqa: RUF012

    def quota_of(self, body: str) -> int | None:
        """Return how many challenges a body may recommend; None: as many as it likes."""
        limit = self.quota.get(body, self.quota.get("default"))
        return None if limit is None else int(limit)
