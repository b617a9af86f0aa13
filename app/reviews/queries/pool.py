"""Before a panel is formed: everybody of the pool with fit, free places and conflicts, and what would be lacking."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.challenges.standing import rules_of
from app.core.errors import NotFound
from app.demands.workflow import PostingMode, PostingState
from app.matchmaking.panels import Shortage, choose_panel
from app.reviews import policy
from app.reviews.candidates import candidates
from app.reviews.criteria import Criterion, ReviewRules, criteria_of, flaw_of

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.reviews.candidates import Candidate
    from app.reviews.conflicts import Ground

STANDING = (BidState.VALID, BidState.UNDER_REVIEW, BidState.SHORTLISTED, BidState.DEFENDED)


@dataclass(frozen=True, slots=True)
class PoolLine:
    """One expert before this challenge."""

    id: uuid.UUID
    name: str
    sides: tuple[str, ...]
    fit: float
    load: int
    load_limit: int
    is_available: bool
    conflicts: tuple[tuple[Ground, str], ...]
    is_free: bool


@dataclass(frozen=True, slots=True)
class PoolPage:
    """The pool before one challenge, and whether a panel of the least size is possible."""

    challenge_id: uuid.UUID
    title: str
    mode: PostingMode
    lines: tuple[PoolLine, ...]
    shortages: tuple[Shortage, ...]
    panel_min: int
    criteria: tuple[Criterion, ...]
    flaw: str
    n_bids: int
    n_unchecked: int

    @property
    def n_free(self) -> int:
        """How many could be given a seat."""
        return sum(line.is_free for line in self.lines)


def pool_page(session: Session, *, actor: Actor, challenge_id: uuid.UUID, now: dt.datetime) -> PoolPage:
    """Return the pool before a challenge under evaluation; raise NotFound."""
    policy.can_read_reviews(actor).enforce()
    challenge = _load(session, challenge_id)
    query = select(Bid).where(Bid.challenge_id == challenge_id, Bid.organization_id.is_not(None))
    bids = session.scalars(query.options(joinedload(Bid.organization))).unique().all()
    standing = [bid for bid in bids if bid.state in STANDING]
    found = candidates(session, challenge, standing, now)
    rules = rules_of(challenge)
    criteria, least = criteria_of(rules.review_weights), rules.panel_min
    size = least + (least % 2 == 0)
    wanted = ReviewRules(criteria).composition
    chosen = choose_panel([one.seat() for one in found], size=size, composition=wanted, seed=0)
    return PoolPage(
        challenge_id=challenge.id,
        title=challenge.title,
        mode=challenge.mode,
        lines=tuple(map(_line, found)),
        shortages=chosen.shortages,
        panel_min=size,
        criteria=criteria,
        flaw=flaw_of(criteria),
        n_bids=len(standing),
        n_unchecked=sum(bid.state is BidState.OPENED for bid in bids),
    )


def _load(session: Session, challenge_id: uuid.UUID) -> Challenge:
    query = (
        select(Challenge)
        .where(Challenge.id == challenge_id)
        .options(joinedload(Challenge.programme), joinedload(Challenge.categories), selectinload(Challenge.params))
    )
    challenge = session.scalars(query).unique().one_or_none()
    if challenge is None or challenge.state is not PostingState.EVALUATING:
        raise NotFound("There is no challenge under evaluation here.", code="challenge_not_found")
    return challenge


def _line(one: Candidate) -> PoolLine:
    return PoolLine(
        id=one.expert.id,
        name=one.expert.user.name,
        sides=tuple(one.expert.sides),
        fit=one.fit,
        load=one.load,
        load_limit=one.expert.load_limit,
        is_available=one.expert.is_available,
        conflicts=tuple(dict.fromkeys((finding.ground, finding.about) for finding in one.conflicts)),
        is_free=one.is_free,
    )
