"""Competitions whose bids are ranked, in notice, or awarded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.awards import service
from app.awards.commands import FileObjection, Outcome, ProposeAward, Verdict
from app.awards.models import Objection, ObjectionFile, Publicity
from app.awards.ranking import final_ranking
from app.bids.workflow import BidState
from app.demands.workflow import PostingState
from app.reviews.criteria import ReviewRules, criteria_of
from app.reviews.models import ReviewEntry, ReviewMethod, ReviewPanel
from app.reviews.scoring import Outcome as Ranked
from app.reviews.workflow import PanelState
from tests.factories.accounts import OrganizationFactory, UserFactory, officer
from tests.factories.base import at_once, current
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory
from tests.factories.files import StoredFileFactory
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.accounts.models import User
    from app.awards.models import Award, AwardProposal
    from app.bids.models import Bid
    from app.challenges.models import Challenge

REASONS = "第一名指标全部响应，样片进度可信，供货能力有保障。"
DECLINED = "中榜单位书面放弃签约，附情况说明。"
WHY = "与前列相比，核心指标余量不足，样片进度偏晚。"
FACTS = "公示单位的样片实测报告出具日期早于其流片日期，相关数据不可能来自该芯片。"


def ranked(n: int = 3, *, n_below: int = 0, **attributes: Any) -> Challenge:
    """Return a challenge whose ``n`` bids are ranked, the last ``n_below`` of them below the line."""
    with at_once():
        challenge = ChallengeFactory(closed=True, **{"state": PostingState.EVALUATING, **attributes})
        bids = [BidFactory(challenge=challenge, state=BidState.UNDER_REVIEW) for _ in range(n)]
    rank(challenge, bids, n_below=n_below)
    return challenge


def rank(challenge: Challenge, bids: Sequence[Bid], *, n_below: int = 0) -> None:
    """Let a panel have ranked these bids in their order, the last ``n_below`` of them below the line."""
    n = len(bids)
    panel = ReviewPanel(
        challenge_id=challenge.id,
        state=PanelState.RANKED,
        method=ReviewMethod.PANEL,
        size=5,
        rules=ReviewRules(criteria_of(())).stored(),
        seed=1,
        minutes="评审会逐项讨论后形成一致意见。",
        ranked_at=NOON - dt.timedelta(hours=1),
        seats=[],
        entries=[
            ReviewEntry(
                bid_id=bid.id,
                label="ABCDEFGH"[place],
                votes=0,
                mean=Decimal(90 - 5 * place),
                equalised=Decimal(90 - 5 * place),
                outcome=Ranked.PROPOSED if place == 0 else Ranked.RESERVE if place < n - n_below else Ranked.BELOW_LINE,
                place=place + 1 if place < n - n_below else None,
            )
            for place, bid in enumerate(bids)
        ],
    )
    current().add(panel)
    current().commit()


def owner_of(challenge: Challenge) -> User:
    """Return a person who acts for the company that posed a challenge."""
    user: User = UserFactory(organization=challenge.organization)
    return user


def as_ranked(challenge: Challenge, n_selected: int = 1, refused: int = 0) -> ProposeAward:
    """Return a proposal that follows the ranking; the last ``refused`` bids are not even kept in reserve."""
    lines = final_ranking(current(), challenge.id)
    outcomes = [
        Outcome.NOT_SELECTED
        if not line.is_passing or place >= len(lines) - refused
        else Outcome.SELECTED
        if place < n_selected
        else Outcome.RESERVE
        for place, line in enumerate(lines)
    ]
    verdicts = tuple(
        Verdict(line.bid_id, outcome, WHY if outcome is Outcome.NOT_SELECTED else "")
        for line, outcome in zip(lines, outcomes, strict=True)
    )
    return ProposeAward(verdicts, REASONS)


def proposed(n: int = 3, *, n_selected: int = 1, **given: Any) -> AwardProposal:
    """Return a proposal of the challenge owner that waits for the authority."""
    challenge = ranked(n, **{"award_count": n_selected, **given})
    return _proposed(challenge, as_ranked(challenge, n_selected))


def in_notice(challenge: Challenge, *, refused: int = 0) -> Publicity:
    """Return the running notice of a challenge whose bids are ranked."""
    return _confirmed(_proposed(challenge, as_ranked(challenge, refused=refused)))


def _proposed(challenge: Challenge, command: ProposeAward) -> AwardProposal:
    proposal = service.propose_award(
        current(), actor=owner_of(challenge).as_actor(), challenge_id=challenge.id, command=command, now=NOON
    )
    current().commit()
    return proposal


def _confirmed(proposal: AwardProposal) -> Publicity:
    publicity = service.confirm_proposal(
        current(), actor=officer().as_actor(), proposal_id=proposal.id, opinion="", now=NOON
    )
    current().commit()
    return publicity


def noticed(n: int = 3, *, is_over: bool = False, **given: Any) -> Publicity:
    """Return a running public notice; ``is_over``: its time has passed by now."""
    publicity = _confirmed(proposed(n, **given))
    if is_over:
        publicity.starts_at, publicity.ends_at = NOON - dt.timedelta(days=8), NOON - dt.timedelta(hours=1)
    current().commit()
    return publicity


def awarded(n: int = 3, **given: Any) -> list[Award]:
    """Return the awards of a competition."""
    publicity = noticed(n, is_over=True, **given)
    awards = service.award_challenge(
        current(), actor=officer().as_actor(), challenge_id=publicity.challenge_id, now=NOON
    )
    current().commit()
    return awards


def replacement(award: Award, person: Any = None) -> AwardProposal:
    """Return a proposal to end an award that waits for a second officer."""
    proposal = service.propose_replacement(
        current(), actor=(person or officer()).as_actor(), award_id=award.id, reason=DECLINED, now=NOON
    )
    current().commit()
    return proposal


def no_award(challenge_id: Any, person: Any = None) -> AwardProposal:
    """Return a proposal to end a competition without an award that waits for a second officer."""
    proposal = service.propose_no_award(
        current(),
        actor=(person or officer()).as_actor(),
        challenge_id=challenge_id,
        reasons=["all_withdrew"],
        text=DECLINED,
        now=NOON,
    )
    current().commit()
    return proposal


def confirm(proposal: AwardProposal, person: Any = None) -> Publicity | None:
    """Let another officer confirm a proposal."""
    publicity = service.confirm_proposal(
        current(), actor=(person or officer()).as_actor(), proposal_id=proposal.id, opinion="", now=NOON
    )
    current().commit()
    return publicity


def pass_notice(challenge_id: Any) -> None:
    """Let the time of the running notice have passed."""
    publicity = (
        current()
        .scalars(sa.select(Publicity).where(Publicity.challenge_id == challenge_id, Publicity.ended_at.is_(None)))
        .one()
    )
    publicity.starts_at, publicity.ends_at = NOON - dt.timedelta(days=8), NOON - dt.timedelta(hours=1)
    current().commit()


def objection(publicity: Publicity, *, bid_id: Any = None, **given: Any) -> Objection:
    """Return an objection to a notice that waits to be taken up."""
    user: User = UserFactory(organization=OrganizationFactory(chip=True))
    file = StoredFileFactory(organization_id=user.membership.organization_id, purpose="objection")
    one = Objection(
        challenge_id=publicity.challenge_id,
        publicity_id=publicity.id,
        bid_id=bid_id,
        organization_id=user.membership.organization_id,
        user_id=user.id,
        contact_name="陈静",
        contact_phone="0755-12345678",
        ground="review_result",
        text=FACTS,
        received_at=NOON,
        accept_by=NOON + dt.timedelta(days=2),
        decide_by=NOON + dt.timedelta(days=21),
        files=[ObjectionFile(file_id=file.id)],
        **given,
    )
    current().add(one)
    current().commit()
    return one


def file_command(**changes: Any) -> FileObjection:
    """Return a complete objection."""
    return FileObjection(
        **{
            "ground": "review_result",
            "text": FACTS,
            "contact_name": "陈静",
            "contact_phone": "0755-12345678",
            **changes,
        }
    )
