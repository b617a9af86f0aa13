"""Challenges on their way, and the commands that lead them on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.challenges.commands import ConcludeAppraisal, GiveReason, PanelMember, Recommend
from app.challenges.labels import CHECKLIST
from app.challenges.models import Appraisal, Challenge
from app.demands.commands import ReviewPosting
from app.demands.workflow import PostingState
from tests.factories.base import current
from tests.factories.challenges import ChallengeFactory, prefecture_programme
from tests.support.clock import NOON

OPINION = ReviewPosting("需求真实，指标可测，资金到位。")
SUSPEND = GiveReason("objection", "收到异议，正在核查，期间暂停。")
RESUME = GiveReason("", "核查完毕，异议不成立，恢复。")
CANCEL = GiveReason("need_gone", "整机项目终止，需求不再存在。")
PANEL = tuple(PanelMember(f"专家{n}", f"第{n}研究院", "模拟电路", is_free_of_conflict=True) for n in range(3))
MINUTES = "专家组认为该需求真实、指标可测、国内尚无成熟产品，建议发榜。"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def recommend(rank: int = 1, **changes: Any) -> Recommend:
    """Return a recommendation with every point of the check list in order."""
    given = {"opinion": OPINION.opinion, "rank": rank, "checklist": tuple(CHECKLIST), **changes}
    return Recommend(**given)


def conclude(conclusion: str, **changes: Any) -> ConcludeAppraisal:
    """Return a conclusion with its minutes."""
    return ConcludeAppraisal(**{"minutes": MINUTES, "conclusion": conclusion, **changes})


def submitted(**attributes: Any) -> Challenge:
    """Return a challenge that waits for the prefecture of its owner."""
    given = {"programme": attributes.pop("programme", None) or prefecture_programme(), **attributes}
    row: Challenge = ChallengeFactory(submitted=True, **{"submitted_at": NOON - HOUR, **given})
    return row


def in_state(state: PostingState, **attributes: Any) -> Challenge:
    """Return a challenge that was never published, in this state."""
    row = submitted(**attributes)
    row.state = state
    current().commit()
    return row


def appraising(conclusion: str = "", **attributes: Any) -> Challenge:
    """Return a challenge before its experts, who have concluded when ``conclusion`` is given."""
    row = in_state(PostingState.APPRAISING)
    starter = row.created_by or attributes.pop("started_by")
    given: dict[str, Any] = {"panel": [{"name": "专家", "organization": "研究院", "expertise": ""}], **attributes}
    if conclusion:
        given |= {"conclusion": conclusion, "minutes": MINUTES, "concluded_at": NOON, "concluded_by": starter}
    current().add(Appraisal(challenge_id=row.id, started_at=NOON - DAY, started_by=starter, **given))
    current().commit()
    return row
