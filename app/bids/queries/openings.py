"""What was closed and how it was opened: for everybody, for the desk, and for those who hold keys."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Organization, User
from app.bids import commitments, policy, receipt
from app.bids.models import Bid, Opening, OpeningRelease
from app.bids.queries.endings import EndingView, pending_endings
from app.bids.queries.prices import PriceOpening, price_opening, waiting_for_prices
from app.bids.workflow import IN_REVIEW, BidState
from app.challenges import policy as challenges
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands.models import Need
from app.demands.workflow import PostingState
from app.keys.models import ChallengeKeyHolder, KeyHolder, Purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such challenge, or its opening is not shown to you."
TABS = {
    "waiting": (PostingState.CLOSED,),
    "running": (PostingState.PUBLISHED, PostingState.SUSPENDED),
    "opened": (PostingState.EVALUATING, PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD),
}

PRICES = "prices"
"""One more tab, of what is opened and waits for the second opening."""
TAB_NAMES = (*TABS, PRICES)


@dataclass(frozen=True, slots=True)
class Published:
    """The commitments of one challenge as everybody sees them."""

    challenge_id: uuid.UUID
    code: str
    title: str
    deadline: dt.datetime | None
    is_published: bool
    """Whether the deadline has passed by the database's clock."""
    lines: tuple[dict[str, Any], ...]
    list_hash: str
    opened_at: dt.datetime | None
    record: dict[str, Any]
    ended: dict[str, int]
    """How many bids ended without a verdict, by code; empty before the deadline."""
    price_record: dict[str, Any]
    """The same of the price envelopes; which of them stay closed is told with the result only."""

    @property
    def has_price_envelopes(self) -> bool:
        """Whether prices were sealed apart."""
        return any(line.get("price_commitment") for line in self.lines)


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One challenge in the list of openings; numbers of bids only once they are public."""

    challenge_id: uuid.UUID
    code: str
    title: str
    state: PostingState
    deadline: dt.datetime | None
    n_sealed: int | None
    n_holders: int
    n_released: int
    threshold: int
    opened_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class HolderLine:
    """Somebody who holds a key of a challenge."""

    name: str
    organization: str
    role: str
    released_at: dt.datetime | None
    n_damaged: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """A bid that was sealed at the deadline, as the desk sees it after the opening."""

    commitment: str
    sealed_at: dt.datetime | None
    firm: str
    """Empty while the bid could not be opened."""
    state: BidState
    error: str
    id: uuid.UUID
    end_reason: str
    giving_up: EndingView | None
    """Set while somebody proposes to give it up."""


@dataclass(frozen=True, slots=True)
class OpeningPage:
    """One opening with everything that decides whether it can go on."""

    published: Published
    state: PostingState
    owner_id: uuid.UUID
    holders: tuple[HolderLine, ...]
    threshold: int
    n_released: int
    bids: tuple[OpenedLine, ...]
    own_holder_id: uuid.UUID | None
    """The key with which the reader can release; empty: none, or released already."""
    viewer_holder_id: uuid.UUID | None
    has_released: bool
    prices: PriceOpening | None = None

    @property
    def n_failed(self) -> int:
        """How many bids could not be opened."""
        return sum(bool(bid.error) and bid.state is BidState.SEALED for bid in self.bids)

    @property
    def can_still_open(self) -> bool:
        """Whether a bid that could not be opened may still be: nobody judges the others yet."""
        is_judged = any(bid.state in IN_REVIEW for bid in self.bids)
        return bool(self.n_failed) and self.state is PostingState.EVALUATING and not is_judged

    @property
    def is_waiting(self) -> bool:
        """Whether releases are taken: closed, or some bids could not be opened and can still be."""
        return (self.state is PostingState.CLOSED and bool(self.published.lines)) or self.can_still_open


def published(session: Session, *, actor: Actor, challenge_id: uuid.UUID) -> Published:
    """Return the published commitments of a challenge; raise NotFound when the challenge is not public."""
    challenge = session.get(Challenge, challenge_id)
    if challenge is None or not challenges.can_read(
        actor, organization_id=challenge.organization_id, state=challenge.state
    ):
        raise NotFound("There is no such challenge, or it is not public.", code="challenge_not_found")
    return _published(session, challenge)


def listing(session: Session, *, actor: Actor, challenge_id: uuid.UUID) -> bytes:
    """Return the published list as the file whose SHA-256 is on the page; raise NotFound before the deadline."""
    found = published(session, actor=actor, challenge_id=challenge_id)
    if not found.is_published:
        raise NotFound("The list is published at the deadline.", code="not_published")
    return commitments.listing(challenge_id, found.deadline, list(found.lines))


def commitment_of(session: Session, *, challenge_id: uuid.UUID, receipt_code: str) -> str:
    """Return the commitment stored for a receipt code of a challenge; empty: there is no such receipt."""
    query = select(Bid.content_hash).where(Bid.challenge_id == challenge_id, Bid.receipt_code == receipt_code)
    return session.scalar(query.where(Bid.state != BidState.WITHDRAWN)) or "" if receipt_code else ""


def openings(session: Session, *, actor: Actor, tab: str, page: int) -> Page[OpeningLine]:
    """Return one page of challenges with keys: all of them for the desk, for others those whose keys they hold."""
    of = OpeningRelease.challenge_id
    query = (
        select(Challenge)
        .where(_under(tab), Challenge.id.in_(_keyed(actor)))
        .order_by(Challenge.bid_deadline_at.desc(), Challenge.id)
    )
    found = paginate(session, query, number=page)
    ids = [challenge.id for challenge in found.items]
    number = Opening.price_round if tab == PRICES else 0
    released = select(of, func.count()).join(Opening, Opening.challenge_id == of)
    released = released.where(of.in_(ids), OpeningRelease.round == number).group_by(of)
    n_released = dict(session.execute(released).tuples().all())
    held, opened = _held(session, ids), _openings(session, ids)
    return found.map(lambda one: _line(one, held.get(one.id, (0, 2)), n_released.get(one.id, 0), opened.get(one.id)))


def tab_counts(session: Session, *, actor: Actor) -> dict[str, int]:
    """Return how many challenges stand under each tab."""
    query = select(Need.state, func.count()).where(Need.id.in_(_keyed(actor))).group_by(Need.state)
    states = dict(session.execute(query).tuples().all())
    due = select(func.count()).select_from(Challenge).where(_under(PRICES), Challenge.id.in_(_keyed(actor)))
    counts = {tab: sum(states.get(state, 0) for state in members) for tab, members in TABS.items()}
    return {**counts, PRICES: session.scalar(due) or 0}


def _under(tab: str) -> ColumnElement[bool]:
    if tab == PRICES:
        return and_(Need.state == PostingState.EVALUATING, Challenge.id.in_(waiting_for_prices()))
    return Need.state.in_(TABS[tab])


def opening_page(session: Session, *, actor: Actor, challenge_id: uuid.UUID) -> OpeningPage:
    """Return one opening; raise NotFound for those who neither hold a key of it nor work at the desk."""
    challenge = session.get(Challenge, challenge_id)
    holders = _holders(session, challenge_id)
    own = {one.purpose: one for one, holder, *_rest in holders if actor.user_id and holder.user_id == actor.user_id}
    if challenge is None or not (own or policy.can_watch_openings(actor)):
        raise NotFound(MISSING, code="opening_not_found")
    openers = [row for row in holders if row[0].purpose is Purpose.OPEN]
    lines = tuple(_holder_line(actor, *row) for row in openers)
    has_released = any(line.is_own and line.released_at for line in lines)
    opener, viewer = own.get(Purpose.OPEN), own.get(Purpose.VIEW)
    return OpeningPage(
        published=_published(session, challenge),
        state=challenge.state,
        owner_id=challenge.organization_id,
        holders=lines,
        threshold=openers[0][0].threshold if openers else 2,
        n_released=sum(line.released_at is not None for line in lines),
        bids=_bids(session, challenge),
        own_holder_id=None if opener is None or has_released else opener.holder_id,
        viewer_holder_id=viewer.holder_id if viewer and challenge.state is PostingState.PUBLISHED else None,
        has_released=has_released,
        prices=price_opening(session, actor=actor, challenge_id=challenge_id, state=challenge.state),
    )


def firm_names(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of some firms."""
    query = select(Organization.id, Organization.legal_name_zh).where(Organization.id.in_(ids))
    return dict(session.execute(query).tuples().all())


def _published(session: Session, challenge: Challenge) -> Published:
    """Return what everybody may know: before the deadline, by the database's clock, nothing but the deadline."""
    deadline = challenge.bid_deadline_at
    has_passed = deadline is not None and challenge.suspended_at is None and database_now(session) >= deadline
    opening = session.get(Opening, challenge.id) if has_passed else None
    lines = opening.commitments if opening else _sealed_now(session, challenge) if has_passed else []
    told = commitments.listing(challenge.id, deadline, list(lines))
    return Published(
        challenge_id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        deadline=deadline,
        is_published=has_passed,
        lines=tuple(lines),
        list_hash=receipt.hash_of(told) if has_passed else "",
        opened_at=opening.opened_at if opening else None,
        record=opening.record if opening else {},
        ended=challenge.ended_bids if has_passed else {},
        price_record=_price_record(opening, challenge),
    )


def _price_record(opening: Opening | None, challenge: Challenge) -> dict[str, Any]:
    """Return the record of the second opening, before the result without the list of those that fell out."""
    told = opening.price_record if opening else {}
    is_public = challenge.state in (PostingState.PUBLICITY, PostingState.AWARDED, PostingState.NO_AWARD)
    return told if is_public else {name: value for name, value in told.items() if name != "kept"}


def _sealed_now(session: Session, challenge: Challenge) -> list[dict[str, Any]]:
    """Return the list of a challenge that is over but has not been closed by its job yet."""
    query = select(Bid).where(Bid.challenge_id == challenge.id, Bid.state == BidState.SEALED)
    bids = session.scalars(query.where(Bid.challenge_edition >= challenge.reconfirm_from_edition))
    return commitments.lines(bids)


def _keyed(actor: Actor) -> Any:
    query = select(ChallengeKeyHolder.challenge_id)
    if policy.can_watch_openings(actor):
        return query
    return query.join(KeyHolder, KeyHolder.id == ChallengeKeyHolder.holder_id).where(KeyHolder.user_id == actor.user_id)


def _held(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Return number of holders and threshold of each challenge."""
    column = ChallengeKeyHolder.challenge_id
    query = (
        select(column, func.count(), func.max(ChallengeKeyHolder.threshold))
        .where(column.in_(ids), ChallengeKeyHolder.purpose == Purpose.OPEN)
        .group_by(column)
    )
    return {challenge_id: (n, threshold) for challenge_id, n, threshold in session.execute(query)}


def _openings(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, Opening]:
    return {one.challenge_id: one for one in session.scalars(select(Opening).where(Opening.challenge_id.in_(ids)))}


def _line(challenge: Challenge, held: tuple[int, int], n_released: int, opening: Opening | None) -> OpeningLine:
    is_over = challenge.state not in TABS["running"]
    return OpeningLine(
        challenge_id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        state=challenge.state,
        deadline=challenge.bid_deadline_at,
        n_sealed=len(opening.commitments) if opening and is_over else None,
        n_holders=held[0],
        n_released=n_released,
        threshold=held[1],
        opened_at=opening.opened_at if opening else None,
    )


def _holders(session: Session, challenge_id: uuid.UUID) -> Sequence[Any]:
    query = (
        select(ChallengeKeyHolder, KeyHolder, User.name, User.email, Organization.legal_name_zh, OpeningRelease)
        .join(KeyHolder, KeyHolder.id == ChallengeKeyHolder.holder_id)
        .join(User, User.id == KeyHolder.user_id)
        .outerjoin(Organization, Organization.id == KeyHolder.organization_id)
        .outerjoin(
            OpeningRelease,
            (OpeningRelease.challenge_id == ChallengeKeyHolder.challenge_id)
            & (OpeningRelease.holder_id == ChallengeKeyHolder.holder_id)
            & (OpeningRelease.round == 0),
        )
        .where(ChallengeKeyHolder.challenge_id == challenge_id)
        .order_by(KeyHolder.role, User.name)
    )
    return session.execute(query).all()


def _holder_line(
    actor: Actor,
    _of: ChallengeKeyHolder,
    holder: KeyHolder,
    name: str,
    email: str,
    organization: str | None,
    release: OpeningRelease | None,
) -> HolderLine:
    return HolderLine(
        name=name or email,
        organization=organization or "",
        role=holder.role,
        released_at=release.released_at if release else None,
        n_damaged=release.n_damaged if release else 0,
        is_own=holder.user_id == actor.user_id,
    )


def _bids(session: Session, challenge: Challenge) -> tuple[OpenedLine, ...]:
    """Return what was sealed with the firms behind it, once it is open."""
    if challenge.state in TABS["running"]:
        return ()
    pending = pending_endings(session, challenge.id)
    query = (
        select(Bid)
        .where(Bid.challenge_id == challenge.id, _is_shown())
        .options(joinedload(Bid.organization))
        .order_by(Bid.sealed_at, Bid.id)
    )
    return tuple(
        OpenedLine(
            commitment=bid.content_hash,
            sealed_at=bid.sealed_at,
            firm=bid.organization.legal_name_zh if bid.organization else "",
            state=bid.state,
            error=bid.opening_error,
            id=bid.id,
            end_reason=bid.end_reason,
            giving_up=pending.get(bid.id),
        )
        for bid in session.scalars(query)
    )


def _is_shown() -> ColumnElement[bool]:
    """Return the condition of bids that were sealed at the deadline: opened, still closed, or given up closed."""
    return (Bid.state == BidState.SEALED) | Bid.opened_at.is_not(None) | (Bid.end_reason == "unreadable")
