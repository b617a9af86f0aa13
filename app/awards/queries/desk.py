"""What is being decided, for the desk."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.accounts.models import Organization
from app.awards.commands import Remedy
from app.awards.models import AwardProposal, Objection, Publicity
from app.awards.queries.pages import DECIDERS
from app.awards.workflow import OPEN_OBJECTIONS, ObjectionState, ProposalState
from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.errors import NotFound
from app.core.paging import paginate_rows
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.reviews.models import ReviewPanel
from app.reviews.workflow import PanelState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.core.paging import Page
    from app.demands.workflow import PostingMode

TABS = {
    "evaluating": PostingState.EVALUATING,
    "publicity": PostingState.PUBLICITY,
    "awarded": PostingState.AWARDED,
    "no_award": PostingState.NO_AWARD,
}


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One competition in the list."""

    id: uuid.UUID
    code: str
    title: str
    owner: str
    mode: PostingMode
    state: PostingState
    step: str
    """What it waits for, as a code of ``labels.STEPS``."""
    is_proposed: bool
    """Whether a proposal waits for confirmation."""
    notice_ends_at: dt.datetime | None
    is_frozen: bool
    n_objections: int


def decisions(session: Session, *, actor: Actor, tab: str, page: int) -> Page[DecisionLine]:
    """Return one page of competitions in a state, those whose notice ends first on top."""
    if not actor.roles & DECIDERS:
        raise NotFound("The page does not exist, or it is not open to you.", code="not_staff")
    need, challenge = Need.__table__.c, Challenge.__table__.c
    n_open = (
        select(func.count())
        .select_from(Objection)
        .where(Objection.challenge_id == challenge.id, Objection.state.in_(OPEN_OBJECTIONS))
        .scalar_subquery()
    )
    proposed = (
        select(AwardProposal.id)
        .where(AwardProposal.challenge_id == challenge.id, AwardProposal.state == ProposalState.PROPOSED)
        .exists()
    )
    query = (
        select(
            challenge.id,
            challenge.code,
            need.title,
            Organization.legal_name_zh,
            need.mode,
            need.state,
            proposed,
            Publicity.ends_at,
            Publicity.frozen_at.is_not(None),
            n_open,
        )
        .select_from(Challenge.__table__)
        .join(Need.__table__, need.id == challenge.id)
        .join(Organization, Organization.id == need.organization_id)
        .outerjoin(Publicity, (Publicity.challenge_id == challenge.id) & Publicity.ended_at.is_(None))
        .where(need.state == TABS[tab])
        .order_by(Publicity.ends_at.is_(None), Publicity.ends_at, challenge.bid_deadline_at.desc(), challenge.id)
    )
    found = paginate_rows(session, query, number=page)
    steps = evaluation_steps(session, [row[0] for row in found.items if row[5] is PostingState.EVALUATING])
    return found.map(lambda row: _line(row, steps.get(row[0], "")))


def _line(row: Any, step: str) -> DecisionLine:
    return DecisionLine(
        row[0], row[1] or "", row[2], row[3], row[4], row[5], step, bool(row[6]), row[7], bool(row[8]), row[9]
    )


def evaluation_steps(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what each competition under evaluation waits for before somebody can propose, in three queries."""
    bids: dict[uuid.UUID, set[BidState]] = {}
    for challenge_id, state in session.execute(
        select(Bid.challenge_id, Bid.state).where(Bid.challenge_id.in_(ids)).distinct()
    ).tuples():
        bids.setdefault(challenge_id, set()).add(state)
    panels = {
        row.challenge_id: row
        for row in session.execute(
            select(ReviewPanel.challenge_id, ReviewPanel.state, ReviewPanel.ranked_at)
            .where(ReviewPanel.challenge_id.in_(ids))
            .order_by(ReviewPanel.round)
        )
    }
    again = (
        select(Objection.challenge_id, func.max(Objection.decided_at))
        .where(Objection.challenge_id.in_(ids), Objection.remedy == Remedy.REVIEW_AGAIN)
        .where(Objection.state == ObjectionState.UPHELD)
        .group_by(Objection.challenge_id)
    )
    reopened = dict(session.execute(again).tuples().all())
    return {one: _step(bids.get(one, set()), panels.get(one), reopened.get(one)) for one in ids}


def _step(bids: set[BidState], panel: Any, reopened_at: dt.datetime | None) -> str:
    if BidState.SEALED in bids:
        return "unreadable"
    if BidState.OPENED in bids:
        return "format"
    is_old = panel is not None and reopened_at is not None and panel.ranked_at and panel.ranked_at <= reopened_at
    if panel is None or is_old or panel.state is PanelState.FORMING:
        return "panel"
    return "proposal" if panel.state is PanelState.RANKED else "scores"


def tab_counts(session: Session) -> dict[str, int]:
    """Return how many competitions each tab holds."""
    query = select(Challenge.state, func.count()).where(Challenge.state.in_(TABS.values())).group_by(Challenge.state)
    found: dict[PostingState, int] = dict(session.execute(query).tuples().all())
    return {tab: found.get(state, 0) for tab, state in TABS.items()}
