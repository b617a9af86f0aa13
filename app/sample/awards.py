"""The sample's results: what is in public notice, and what was awarded."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.awards.commands import Outcome
from app.awards.models import Award, AwardProposal, Objection, ProposedVerdict, Publicity
from app.awards.service.notice import new_notice
from app.awards.workflow import ObjectionState, ProposalState
from app.bids.workflow import BidState
from app.challenges.models import Challenge, ChallengeStep
from app.challenges.workflow import ChallengeEvent
from app.core.actor import StaffRole
from app.core.calendar import add_working_days
from app.demands.workflow import PostingState
from app.sample.people import officer_id, owner_id
from app.sample.rankings import judged
from app.sample.source import document, sample_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

REVIEWED_AFTER = dt.timedelta(days=20)
"""Between the deadline of bids and the proposal of award."""
IN_NOTICE_SINCE = dt.timedelta(days=1)
OUTCOMES = {
    BidState.SELECTED: Outcome.SELECTED,
    BidState.RESERVE: Outcome.RESERVE,
    BidState.NOT_SELECTED: Outcome.NOT_SELECTED,
}
REASONS = "拟揭榜单位核心指标全部响应，样片与量产进度可信，供货保障充分；其余按评审排名列为备选或不予选定。"
OBJECTED_AFTER = dt.timedelta(hours=5)
OBJECTION = (
    "本单位方案的核心指标均附第三方检测报告，评审意见称“核心指标余量偏小”，与检测报告所列实测值不符。"
    "请复核本单位方案“与需求匹配度”一项的评分依据，并说明评审时是否采用了报告中的低温数据。"
)
DISMISSED = "经复核，评审依据为申报书所列全温区承诺值，检测报告仅含常温数据，评分依据充分、程序合规，异议不成立。"
STEPS = {
    ChallengeEvent.PROPOSE: (PostingState.EVALUATING, PostingState.PUBLICITY),
    ChallengeEvent.AWARD: (PostingState.PUBLICITY, PostingState.AWARDED),
}
REFUSED = "核心指标余量或量产进度不及前列，评审排名靠后。"


def load_awards(session: Session, now: dt.datetime) -> None:
    """Insert proposals, notices and awards of the competitions that have come that far; bids must be there."""
    for row in document("challenges.json")["challenges"]:
        if "proposed_winners" in row:
            _load(session, row["challenge_id"], row["org_id"], now)


def is_there(session: Session) -> bool:
    """Tell whether this has been loaded."""
    return session.scalar(sa.select(AwardProposal.id).limit(1)) is not None


def _load(session: Session, name: str, owner: str, now: dt.datetime) -> None:
    query = sa.select(Challenge).where(Challenge.id == sample_id(name))
    both = (joinedload(Challenge.organization), joinedload(Challenge.programme))
    challenge = session.scalars(query.options(*both)).one()
    is_running = challenge.state is PostingState.PUBLICITY
    began = now - IN_NOTICE_SINCE if is_running else (challenge.bid_deadline_at or now) + REVIEWED_AFTER
    proposal = _proposal(session, challenge, owner, began)
    bids = {bid.id: bid for bid in judged(session, challenge.id)}
    session.add(proposal)
    session.flush()
    publicity = new_notice(challenge, proposal, bids, began)
    session.add(publicity)
    session.flush()
    session.add(_step(challenge, ChallengeEvent.PROPOSE, began))
    _object(session, challenge, publicity, is_running=is_running)
    if is_running:
        return
    publicity.ended_at = challenge.closed_at = add_working_days(began, publicity.working_days)
    session.add(_step(challenge, ChallengeEvent.AWARD, publicity.ended_at))
    winners = [one.bid_id for one in proposal.verdicts if one.outcome is Outcome.SELECTED]
    session.add_all(
        Award(
            challenge_id=challenge.id,
            bid_id=bid_id,
            publicity_id=publicity.id,
            number=f"{challenge.code}-A{number}",
            awarded_at=publicity.ended_at,
            awarded_by=officer_id(),
            created_at=publicity.ended_at,
        )
        for number, bid_id in enumerate(winners, 1)
    )


def _step(challenge: Challenge, event: ChallengeEvent, at: dt.datetime) -> ChallengeStep:
    before, after = STEPS[event]
    return ChallengeStep(
        challenge_id=challenge.id, event=event, from_state=before, to_state=after, actor_id=officer_id(),
        capacity=StaffRole.PROVINCIAL_AUTHORITY.value, at=at,
    )  # fmt: skip


def _object(session: Session, challenge: Challenge, publicity: Publicity, *, is_running: bool) -> None:
    """Let the last bidder of the ranking object: lately and not looked at yet, or long ago and in vain."""
    last = judged(session, challenge.id)[-1]
    received = publicity.starts_at + OBJECTED_AFTER
    objection = Objection(
        challenge_id=challenge.id, publicity_id=publicity.id, bid_id=last.id, organization_id=last.organization_id,
        user_id=last.created_by, contact_name="法务专员", contact_phone="0755-00000000", ground="review_result",
        text=OBJECTION, received_at=received, accept_by=add_working_days(received, 2),
        decide_by=add_working_days(received, 15), files=[],
    )  # fmt: skip
    if not is_running:
        objection.state, objection.decision = ObjectionState.DISMISSED, DISMISSED
        objection.decided_by, objection.decided_at = officer_id(), add_working_days(received, 3)
    session.add(objection)


def _proposal(session: Session, challenge: Challenge, owner: str, began: dt.datetime) -> AwardProposal:
    return AwardProposal(
        challenge_id=challenge.id,
        state=ProposalState.CONFIRMED,
        reasons=REASONS,
        proposed_by=owner_id(owner),
        proposed_at=began - dt.timedelta(days=2),
        confirmed_by=officer_id(),
        confirmed_at=began,
        verdicts=[
            ProposedVerdict(
                bid_id=bid.id,
                place=place,
                outcome=OUTCOMES[bid.state],
                reason=REFUSED if bid.state is BidState.NOT_SELECTED else "",
            )
            for place, bid in enumerate(judged(session, challenge.id), 1)
        ],
    )
