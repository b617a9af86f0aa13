"""One decision with everything that belongs to it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import Organization, User
from app.awards.models import Award, AwardProposal, ProposedVerdict, Publicity
from app.awards.queries.objections import of_challenge
from app.awards.queries.views import (
    AwardPage,
    AwardView,
    Competition,
    ProposalView,
    RankedBid,
    VerdictView,
    notice_view,
)
from app.awards.ranking import final_ranking
from app.bids.models import Bid
from app.challenges.models import Challenge
from app.core.actor import StaffRole
from app.core.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from app.awards.queries.views import NoticeView
    from app.core.actor import Actor

MISSING = "There is no such challenge."
DECIDERS = frozenset({StaffRole.PROVINCIAL_AUTHORITY, StaffRole.SUPERVISOR})


def award_page(session: Session, *, actor: Actor, challenge_id: uuid.UUID) -> AwardPage:
    """Return a decision for the challenge owner, the authority or the supervisor; raise NotFound for others."""
    query = (
        select(Challenge)
        .where(Challenge.id == challenge_id)
        .options(joinedload(Challenge.organization), joinedload(Challenge.programme))
    )
    challenge = session.scalars(query).one_or_none()
    is_staff = bool(actor.roles & DECIDERS)
    if challenge is None or not (is_staff or actor.belongs_to(challenge.organization_id)):
        raise NotFound(MISSING, code="challenge_not_found")
    firms = _firms(session, challenge_id)
    return AwardPage(
        competition=_competition(challenge),
        ranking=_ranking(session, challenge_id, firms),
        proposals=_proposals(session, challenge_id, firms),
        notices=tuple(map(notice_view, session.scalars(_notices(challenge_id)))),
        objections=of_challenge(session, challenge_id, is_staff=is_staff),
        awards=_awards(session, challenge_id, firms),
    )


def public_notices(session: Session, challenge_id: uuid.UUID) -> tuple[NoticeView, ...]:
    """Return the notices of a challenge, newest first; anybody may read them."""
    return tuple(map(notice_view, session.scalars(_notices(challenge_id))))


def _competition(challenge: Challenge) -> Competition:
    return Competition(
        id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        owner_id=challenge.organization_id,
        owner=challenge.organization.legal_name_zh,
        state=challenge.state,
        mode=challenge.mode,
        award_count=challenge.award_count,
    )


def _firms(session: Session, challenge_id: uuid.UUID) -> Mapping[uuid.UUID, tuple[str, str]]:
    """Return firm and project of every opened bid."""
    query = (
        select(Bid.id, Organization.legal_name_zh, Bid.project_name)
        .join(Organization, Organization.id == Bid.organization_id)
        .where(Bid.challenge_id == challenge_id)
    )
    return {bid_id: (firm, project) for bid_id, firm, project in session.execute(query)}


def _ranking(
    session: Session, challenge_id: uuid.UUID, firms: Mapping[uuid.UUID, tuple[str, str]]
) -> tuple[RankedBid, ...]:
    return tuple(
        RankedBid(line.bid_id, line.place, *firms.get(line.bid_id, ("", "")), line.score, line.is_passing)
        for line in final_ranking(session, challenge_id)
    )


def _proposals(
    session: Session, challenge_id: uuid.UUID, firms: Mapping[uuid.UUID, tuple[str, str]]
) -> tuple[ProposalView, ...]:
    proposer = aliased(User)
    query = (
        select(AwardProposal, proposer.name, proposer.email)
        .join(proposer, proposer.id == AwardProposal.proposed_by)
        .where(AwardProposal.challenge_id == challenge_id)
        .options(selectinload(AwardProposal.verdicts))
        .order_by(AwardProposal.round.desc())
    )
    return tuple(
        ProposalView(
            id=proposal.id,
            round=proposal.round,
            state=proposal.state,
            kind=proposal.kind,
            reasons=proposal.reasons,
            reason_codes=tuple(proposal.reason_codes),
            replaces=firms.get(proposal.replaces_bid_id, ("", ""))[0] if proposal.replaces_bid_id else "",
            proposed_by=proposal.proposed_by,
            proposer=name or email,
            proposed_at=proposal.proposed_at,
            confirmed_at=proposal.confirmed_at,
            opinion=proposal.opinion,
            verdicts=tuple(_verdict(verdict, firms) for verdict in proposal.verdicts),
        )
        for proposal, name, email in session.execute(query)
    )


def _verdict(verdict: ProposedVerdict, firms: Mapping[uuid.UUID, tuple[str, str]]) -> VerdictView:
    firm = firms.get(verdict.bid_id, ("", ""))[0]
    return VerdictView(verdict.bid_id, verdict.place, firm, verdict.outcome, verdict.reason)


def _notices(challenge_id: uuid.UUID) -> Select[tuple[Publicity]]:
    return select(Publicity).where(Publicity.challenge_id == challenge_id).order_by(Publicity.starts_at.desc())


def _awards(
    session: Session, challenge_id: uuid.UUID, firms: Mapping[uuid.UUID, tuple[str, str]]
) -> tuple[AwardView, ...]:
    query = select(Award).where(Award.challenge_id == challenge_id).order_by(Award.number)
    return tuple(
        AwardView(
            id=award.id,
            number=award.number,
            bid_id=award.bid_id,
            firm=firms.get(award.bid_id, ("", ""))[0],
            project=firms.get(award.bid_id, ("", ""))[1],
            state=award.state,
            awarded_at=award.awarded_at,
            awarded_by=award.awarded_by,
            end_reason=award.end_reason,
            ended_at=award.ended_at,
            declined_at=award.declined_at,
            decline_reason=award.decline_reason,
        )
        for award in session.scalars(query)
    )
