"""The sample's results: what is in public notice, and what was awarded."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.awards.commands import Outcome
from app.awards.models import Award, AwardProposal, ProposedVerdict
from app.awards.service.notice import new_notice
from app.awards.workflow import ProposalState
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.calendar import add_working_days
from app.demands.workflow import PostingState
from app.sample.people import officer_id, owner_id
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
ORDER = {outcome: place for place, outcome in enumerate(Outcome)}
REASONS = "拟揭榜单位核心指标全部响应，样片与量产进度可信，供货保障充分；其余按评审排名列为备选或不予选定。"
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
    bids = {bid.id: bid for bid in _ranked(session, challenge)}
    session.add(proposal)
    session.flush()
    publicity = new_notice(challenge, proposal, bids, began)
    session.add(publicity)
    session.flush()
    if is_running:
        return
    publicity.ended_at = challenge.closed_at = add_working_days(began, publicity.working_days)
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


def _ranked(session: Session, challenge: Challenge) -> list[Bid]:
    query = sa.select(Bid).where(Bid.challenge_id == challenge.id, Bid.state.in_(OUTCOMES))
    found = session.scalars(query.options(joinedload(Bid.organization))).all()
    return sorted(found, key=lambda bid: (ORDER[OUTCOMES[bid.state]], bid.id))


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
            for place, bid in enumerate(_ranked(session, challenge), 1)
        ],
    )
