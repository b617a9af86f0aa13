"""From an event of a competition to the firms and people who are told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from app.accounts.models import Membership, Organization
from app.awards.commands import Outcome
from app.awards.models import Award, AwardProposal, Objection, ProposedVerdict, Publicity
from app.bids.models import Bid
from app.bids.ownership import firm_tag
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.clarifications.models import Amendment, ChallengeFollow, Question
from app.core.text import one_line
from app.demands.models import Need
from app.notifications import staff_readers
from app.notifications.competition import TELLINGS
from app.notifications.telling import IN_THE_OPEN, Audience, CompetitionEvent, path
from app.outbox.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

SUBJECTS: dict[str, Any] = {
    "publicity_id": Publicity,
    "proposal_id": AwardProposal,
    "objection_id": Objection,
    "award_id": Award,
    "bid_id": Bid,
    "question_id": Question,
    "amendment_id": Amendment,
}


@dataclass(frozen=True, slots=True)
class Told:
    """One firm that is told, or one person (``user_id``) of it or of none; in which words, and where they lead."""

    organization_id: uuid.UUID | None
    user_id: uuid.UUID | None
    path: str
    headline: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CompetitionNews:
    """One event with everybody who is told of it by name."""

    challenge_id: uuid.UUID
    title: str
    code: str
    told: tuple[Told, ...]
    groups: tuple[tuple[Topic, Told], ...] = ()
    """The companies whose group chats may be told, too, and as news of what: their own bids are a topic apart."""


def read(session: Session, event: CompetitionEvent, subject_id: uuid.UUID) -> CompetitionNews | None:
    """Return who is told what; None when the subject is gone."""
    telling = TELLINGS[event]
    challenge_id = _challenge_of(session, telling.subject, subject_id)
    need, challenge = Need.__table__.c, Challenge.__table__.c
    query = sa.select(need.title, challenge.code).join_from(
        Need.__table__, Challenge.__table__, need.id == challenge.id
    )
    row = session.execute(query.where(challenge.id == challenge_id)).one_or_none()
    if challenge_id is None or row is None:
        return None
    told: dict[tuple[uuid.UUID | None, uuid.UUID | None], Told] = {}
    groups: dict[uuid.UUID | None, tuple[Topic, Told]] = {}
    for audience, place in telling.to.items():
        topic = Topic.COMPETITION if audience in IN_THE_OPEN else Topic.BIDS
        for organization_id, user_id in _AUDIENCES[audience](session, challenge_id, subject_id):
            key = (organization_id, user_id)
            one = Told(*key, path(place, challenge_id, subject_id), *telling.words(audience))
            told.setdefault(key, one)
            if organization_id is not None:
                groups.setdefault(organization_id, (topic, one))
    return CompetitionNews(
        challenge_id, one_line(row.title), row.code or "", _without_doubles(told), tuple(groups.values())
    )


def sealed_bidders(session: Session, challenge_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the firms with a bid that has not been opened: the tags of all firms are compared, none is stored.

    A bid that ended without its firm, as its challenge was taken back, belongs to them: its firm must learn of it.
    """
    is_standing = sa.or_(Bid.state.in_((BidState.DRAFT, BidState.SEALED)), Bid.end_reason != "")
    query = sa.select(Bid.firm_tag).where(Bid.challenge_id == challenge_id, Bid.organization_id.is_(None), is_standing)
    tags = set(session.scalars(query))
    if not tags:
        return []
    firms = session.scalars(
        sa.select(Organization.id).where(Organization.is_supply.is_(True)).order_by(Organization.id)
    )
    return [firm for firm in firms if firm_tag(challenge_id, firm) in tags]


def _without_doubles(told: dict[tuple[uuid.UUID | None, uuid.UUID | None], Told]) -> tuple[Told, ...]:
    """Leave out people whose whole firm is told."""
    firms = {organization_id for organization_id, user_id in told if user_id is None}
    return tuple(one for (firm, user_id), one in told.items() if user_id is None or firm not in firms)


def _challenge_of(session: Session, subject: str, subject_id: uuid.UUID) -> uuid.UUID | None:
    if subject == "need_id":
        return subject_id
    model = SUBJECTS[subject]
    found: uuid.UUID | None = session.scalar(sa.select(model.challenge_id).where(model.id == subject_id))
    return found


Firms: TypeAlias = "Iterator[tuple[uuid.UUID, uuid.UUID | None]]"


def _owner(session: Session, challenge_id: uuid.UUID, _subject_id: uuid.UUID) -> Firms:
    need = Need.__table__.c
    for firm in session.scalars(sa.select(need.organization_id).where(need.id == challenge_id)):
        yield firm, None


def _followers(session: Session, challenge_id: uuid.UUID, _subject_id: uuid.UUID) -> Firms:
    query = (
        sa.select(Membership.organization_id, ChallengeFollow.user_id)
        .join(Membership, Membership.user_id == ChallengeFollow.user_id)
        .where(ChallengeFollow.challenge_id == challenge_id)
        .order_by(ChallengeFollow.user_id)
    )
    yield from session.execute(query).tuples()


def _bidders(session: Session, challenge_id: uuid.UUID, _subject_id: uuid.UUID) -> Firms:
    query = sa.select(Bid.organization_id).where(Bid.challenge_id == challenge_id, Bid.organization_id.is_not(None))
    for firm in session.scalars(query.distinct().order_by(Bid.organization_id)):
        if firm is not None:
            yield firm, None


def _objector(session: Session, _challenge_id: uuid.UUID, subject_id: uuid.UUID) -> Firms:
    for firm in session.scalars(sa.select(Objection.organization_id).where(Objection.id == subject_id)):
        yield firm, None


def _winner(session: Session, _challenge_id: uuid.UUID, subject_id: uuid.UUID) -> Firms:
    query = sa.select(Bid.organization_id).join(Award, Award.bid_id == Bid.id).where(Award.id == subject_id)
    for firm in session.scalars(query):
        if firm is not None:
            yield firm, None


def _successor(session: Session, _challenge_id: uuid.UUID, subject_id: uuid.UUID) -> Firms:
    """Yield the firms that a proposal selects and that have no award yet."""
    query = (
        sa.select(Bid.organization_id)
        .join(ProposedVerdict, ProposedVerdict.bid_id == Bid.id)
        .where(
            ProposedVerdict.proposal_id == subject_id,
            ProposedVerdict.outcome == Outcome.SELECTED,
            Bid.id.not_in(sa.select(Award.bid_id)),
        )
    )
    for firm in session.scalars(query.order_by(Bid.organization_id)):
        if firm is not None:
            yield firm, None


def _sealed_bidder(session: Session, challenge_id: uuid.UUID, subject_id: uuid.UUID) -> Firms:
    """Yield the firm of one bid that was never opened: its tag is compared with those of all firms."""
    tag = session.scalar(sa.select(Bid.firm_tag).where(Bid.id == subject_id))
    for firm in sealed_bidders(session, challenge_id):
        if firm_tag(challenge_id, firm) == tag:
            yield firm, None


_AUDIENCES: dict[Audience, Callable[[Session, uuid.UUID, uuid.UUID], Any]] = {
    Audience.OWNER: _owner,
    Audience.FOLLOWERS: _followers,
    Audience.BIDDERS: _bidders,
    Audience.OBJECTOR: _objector,
    Audience.WINNER: _winner,
    Audience.SUCCESSOR: _successor,
    Audience.SEALED_BIDDER: _sealed_bidder,
    Audience.PROVINCE: staff_readers.province,
    Audience.PREFECTURE: staff_readers.prefecture,
    Audience.KEY_HOLDERS: staff_readers.key_holders,
    Audience.PRICE_HOLDERS: staff_readers.price_holders,
}
