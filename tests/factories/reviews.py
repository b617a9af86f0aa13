"""Experts, and challenges whose bids are being judged."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import factory
import pytest

from app.bids.workflow import BidState
from app.core.actor import StaffRole
from app.demands.workflow import PostingState
from app.reviews import candidates, service
from app.reviews.commands import CheckFormat, Conclude, FormPanel, ItemResult, SaveReview, Score
from app.reviews.criteria import APPLICATION, FINANCE_IP, TECHNICAL, ReviewRules
from app.reviews.models import Expert, ExpertTie, Review, ReviewPanel, ReviewScore
from app.reviews.rules import ITEMS
from app.reviews.workflow import Phase, SeatState
from tests.factories.accounts import UserFactory, officer
from tests.factories.base import Factory, at_once, current
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from app.accounts.models import User
    from app.bids.models import Bid
    from app.challenges.models import Challenge
    from app.reviews.models import ReviewEntry, ReviewSeat

SIDES = (TECHNICAL, APPLICATION, FINANCE_IP)
MINUTES = "评审会于二〇二六年十一月召开，五名专家到会，逐项讨论各方案后形成一致意见，会议记录经全体确认，无异议。"
REASON = "该项指标有实测数据支撑，第三方报告完整，风险已识别并给出应对措施。"
FULL = {"kpi_fit": 30, "approach": 20, "base": 15, "supply": 15, "team": 10, "price": 5, "ip": 5}


class ExpertFactory(Factory):
    """An expert who is free and bound to nobody; sides go round."""

    class Meta:
        model = Expert

    user: Any = factory.LazyFunction(lambda: UserFactory(staff=(StaffRole.EXPERT,)))
    expertise = "电池管理芯片的模拟前端、采样精度与功能安全"
    sides: Any = factory.Iterator(itertools.cycle([[side] for side in SIDES]))
    categories: Any = factory.LazyFunction(list)
    ties: Any = factory.LazyFunction(list)
    confirmed_at = NOON


def pool(n: int = 7) -> list[Expert]:
    """Return experts of all sides."""
    with at_once():
        return [ExpertFactory(sides=[SIDES[place % 3]]) for place in range(n)]


def employed_by(name: str, **dates: Any) -> ExpertTie:
    """Return an employment at a firm."""
    return ExpertTie(position=0, kind="employer", name=name, **dates)


def under_evaluation(n: int = 2, state: BidState = BidState.VALID, **attributes: Any) -> tuple[Challenge, list[Bid]]:
    """Return a challenge under evaluation with opened bids."""
    with at_once():
        challenge = ChallengeFactory(closed=True, **{"state": PostingState.EVALUATING, **attributes})
        return challenge, [BidFactory(challenge=challenge, state=state) for _ in range(n)]


def in_order(**verdicts: str) -> CheckFormat:
    """Return a checklist in which everything is in order, except for what is named."""
    return CheckFormat(
        tuple(ItemResult(code, verdicts.get(code, "ok"), "缺少盖章页" if code in verdicts else "") for code in ITEMS)
    )


def formed(n_bids: int = 2, *, size: int = 5, n_experts: int = 9, **attributes: Any) -> ReviewPanel:
    """Return a panel that has been formed, not called yet."""
    challenge, _ = under_evaluation(n_bids, **attributes)
    pool(n_experts)
    panel = form(challenge.id, officer(), size=size)
    current().commit()
    return panel


def form(challenge_id: uuid.UUID, lead: User, *, size: int = 5) -> ReviewPanel:
    """Form a panel; how well its experts suit is not computed, as factories give all of them the same words."""
    command = FormPanel("panel", size)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "expert_fits", lambda _session, experts, _need: {one.id: 0.5 for one in experts})
        return service.form_panel(
            current(), actor=lead.as_actor(), challenge_id=challenge_id, command=command, now=NOON
        )


def called(n_bids: int = 2, **given: Any) -> ReviewPanel:
    """Return a panel whose experts are invited."""
    panel = formed(n_bids, **given)
    session = current()
    service.call_panel(session, actor=officer().as_actor(), panel_id=panel.id, now=NOON)
    session.commit()
    return panel


def scoring(n_bids: int = 2, **given: Any) -> ReviewPanel:
    """Return a panel whose experts have all pledged."""
    panel = called(n_bids, **given)
    with at_once():
        for seat in experts_of(panel):
            pledge(seat)
    return panel


def experts_of(panel: ReviewPanel) -> list[ReviewSeat]:
    """Return the seats of a panel that experts hold."""
    current().refresh(panel, ["seats"])
    return [seat for seat in panel.seats if seat.expert_id is not None]


def pledge(seat: ReviewSeat) -> None:
    """Let an expert have pledged."""
    with at_once():
        seat.state, seat.pledged_at = SeatState.ACTIVE, NOON
        seat.pledged_by = current().get_one(Expert, seat.expert_id).user_id


def user_of(expert: Expert) -> Any:
    """Return the account of an expert."""
    from app.accounts.models import User

    return current().get_one(User, expert.user_id)


def holder(seat: ReviewSeat) -> Any:
    """Return the account of the expert on a seat."""
    return user_of(current().get_one(Expert, seat.expert_id))


def sheet(share: float = 0.8, **changes: Any) -> SaveReview:
    """Return a complete sheet with about that share of all points, and reasons everywhere."""
    points = {code: Decimal(round(most * share * 2)) / 2 for code, most in FULL.items()}
    return SaveReview(**{"scores": {code: Score(value, REASON) for code, value in points.items()}, **changes})


def handed_in(panel: ReviewPanel, shares: Mapping[str, list[float]] | None = None, **changes: Any) -> None:
    """Let every expert have handed in a sheet about every bid, or those in ``shares``: a share for each expert."""
    session = current()
    session.refresh(panel, ["entries"])
    sheets = [
        _filled(panel, seat, entry, sheet(shares[entry.label][place] if shares else 0.8, **changes))
        for place, seat in enumerate(experts_of(panel))
        for entry in panel.entries
        if shares is None or entry.label in shares
    ]
    session.add_all(sheets)
    session.flush()  # in the database a sheet is locked after its points are there
    for one in sheets:
        one.locked_at, one.locked_by = NOON, one.seat.pledged_by
    session.commit()


def _filled(panel: ReviewPanel, seat: ReviewSeat, entry: ReviewEntry, given: SaveReview) -> Review:
    scores = [
        ReviewScore(criterion=one.code, value=given.scores[one.code].value, comment=given.scores[one.code].comment)
        for one in rules_of(panel).scored
    ]
    texts = {"comment": given.comment, "veto": given.veto, "veto_reason": given.veto_reason}
    return Review(seat=seat, entry_id=entry.id, phase=Phase.INDIVIDUAL, scores=scores, updated_at=NOON, **texts)


def meeting(n_bids: int = 2, shares: Mapping[str, list[float]] | None = None, **given: Any) -> ReviewPanel:
    """Return a panel in discussion."""
    panel = scoring(n_bids, **given)
    handed_in(panel, shares)
    session = current()
    service.open_meeting(session, actor=officer().as_actor(), panel_id=panel.id, now=NOON)
    session.commit()
    return panel


def ranked(n_bids: int = 2, shares: Mapping[str, list[float]] | None = None, **given: Any) -> ReviewPanel:
    """Return a panel that has settled its ranking."""
    panel = meeting(n_bids, shares or {"A": [0.9] * 5, "B": [0.8] * 5}, **given)
    session = current()
    current().refresh(panel, ["entries"])
    notes = {entry.id: "讨论后各专家维持原分。" for entry in panel.entries}
    service.rank_bids(
        session, actor=officer().as_actor(), panel_id=panel.id, command=Conclude(MINUTES, notes), now=NOON
    )
    session.commit()
    return panel


def rules_of(panel: ReviewPanel) -> ReviewRules:
    """Return the frozen rules of a panel."""
    return ReviewRules.restored(panel.rules)
