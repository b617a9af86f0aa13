"""What is being decided, for the desk."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from app.accounts.models import Organization
from app.awards.models import AwardProposal, Objection, Publicity
from app.awards.queries.pages import DECIDERS
from app.awards.workflow import OPEN_OBJECTIONS, ProposalState
from app.challenges.models import Challenge
from app.core.errors import NotFound
from app.core.paging import paginate_rows
from app.demands.models import Need
from app.demands.workflow import PostingState

if TYPE_CHECKING:
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
    return paginate_rows(session, query, number=page).map(_line)


def _line(row: Any) -> DecisionLine:
    return DecisionLine(
        row[0], row[1] or "", row[2], row[3], row[4], row[5], bool(row[6]), row[7], bool(row[8]), row[9]
    )


def tab_counts(session: Session) -> dict[str, int]:
    """Return how many competitions each tab holds."""
    query = select(Challenge.state, func.count()).where(Challenge.state.in_(TABS.values())).group_by(Challenge.state)
    found: dict[PostingState, int] = dict(session.execute(query).tuples().all())
    return {tab: found.get(state, 0) for tab, state in TABS.items()}
