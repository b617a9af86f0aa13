"""Finding the bids of one firm."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.bids import policy
from app.bids.models import Bid, BidFile
from app.bids.prefill import Sheet
from app.bids.queries.views import BidLine, BidView, Opportunity, bid_line, bid_view, posed
from app.bids.workflow import BidState
from app.catalog.content import as_param
from app.catalog.models import ChipProduct
from app.catalog.workflow import ProductState
from app.challenges import policy as challenges
from app.challenges.clock import database_now
from app.challenges.models import Challenge
from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.demands.models import Need
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MISSING = "There is no such bid, or it is not your company's."
OPEN_SHOWN, PRODUCTS_SHOWN = 50, 300
TABS = {
    "all": tuple(BidState),
    "draft": (BidState.DRAFT,),
    "sealed": (BidState.SEALED,),
    "review": (BidState.OPENED, BidState.VALID, BidState.UNDER_REVIEW, BidState.SHORTLISTED, BidState.DEFENDED),
    "ended": (BidState.SELECTED, BidState.RESERVE, BidState.NOT_SELECTED, BidState.FORMAT_REJECTED,
              BidState.DISQUALIFIED, BidState.WITHDRAWN),
}  # fmt: skip


def my_bids(session: Session, *, actor: Actor, tab: str, page: int) -> Page[BidLine]:
    """Return one page of the firm's bids, the latest deadline first, in three queries."""
    query = (
        select(Bid)
        .join(Bid.challenge)
        .join(Challenge.organization)
        .where(Bid.organization_id == actor.organization_id, Bid.state.in_(TABS[tab]))
        .options(contains_eager(Bid.challenge).contains_eager(Challenge.organization))
        .order_by(Challenge.bid_deadline_at.desc(), Bid.id)
    )
    now = database_now(session)
    return paginate(session, query, number=page).map(lambda bid: bid_line(bid, now))


def tab_counts(session: Session, *, actor: Actor) -> dict[str, int]:
    """Return how many of the firm's bids stand under each tab."""
    query = select(Bid.state, func.count()).where(Bid.organization_id == actor.organization_id).group_by(Bid.state)
    states = dict(session.execute(query).tuples().all())
    return {tab: sum(states.get(state, 0) for state in members) for tab, members in TABS.items()}


def bid_page(session: Session, *, actor: Actor, bid_id: uuid.UUID) -> BidView:
    """Return one of the firm's bids with everything in it, in six queries; raise NotFound."""
    query = (
        select(Bid)
        .join(Bid.challenge)
        .where(Bid.id == bid_id)
        .options(
            joinedload(Bid.organization, innerjoin=True),
            contains_eager(Bid.challenge).options(
                joinedload(Challenge.organization, innerjoin=True),
                joinedload(Challenge.programme),
                selectinload(Challenge.kpis),
            ),
            selectinload(Bid.commitments),
            selectinload(Bid.files).joinedload(BidFile.file, innerjoin=True),
        )
    )
    bid = session.scalars(query).unique().one_or_none()
    if bid is None or not policy.can_read(actor, organization_id=bid.organization_id):
        raise NotFound(MISSING, code="bid_not_found")
    return bid_view(bid, product=_product_name(session, bid), now=database_now(session))


def opportunity(session: Session, *, actor: Actor, challenge_id: uuid.UUID) -> Opportunity:
    """Return a challenge with the firm's bid for it; raise NotFound when the challenge is not public."""
    query = select(Challenge).where(Challenge.id == challenge_id)
    challenge = session.scalars(query.options(joinedload(Challenge.organization, innerjoin=True))).one_or_none()
    if challenge is None or not challenges.can_read(
        actor, organization_id=challenge.organization_id, state=challenge.state
    ):
        raise NotFound("There is no such challenge, or it is not public.", code="challenge_not_found")
    own = _own_bids(session, actor, [challenge_id]).get(challenge_id)
    return _opportunity(challenge, own, database_now(session))


def opportunities(session: Session, *, actor: Actor) -> list[Opportunity]:
    """Return the challenges that take bids now, the nearest deadline first, but none of the firm itself."""
    now = database_now(session)
    query = (
        select(Challenge)
        .where(
            Need.state == PostingState.PUBLISHED,
            Challenge.bid_deadline_at > now,
            Need.organization_id != actor.own_organization_id(),
        )
        .options(joinedload(Challenge.organization, innerjoin=True))
        .order_by(Challenge.bid_deadline_at, Challenge.id)
        .limit(OPEN_SHOWN)
    )
    found = session.scalars(query).unique().all()
    own = _own_bids(session, actor, [challenge.id for challenge in found])
    return [_opportunity(challenge, own.get(challenge.id), now) for challenge in found]


def own_products(session: Session, *, actor: Actor) -> list[tuple[uuid.UUID, str]]:
    """Return the firm's published products as choices."""
    query = (
        select(ChipProduct.id, ChipProduct.part_number, ChipProduct.name)
        .where(ChipProduct.organization_id == actor.organization_id, ChipProduct.state == ProductState.PUBLISHED)
        .order_by(ChipProduct.part_number)
        .limit(PRODUCTS_SHOWN)
    )
    return [(product_id, f"{part} {name}") for product_id, part, name in session.execute(query)]


def own_sheet(session: Session, *, actor: Actor, product_id: uuid.UUID) -> Sheet:
    """Return the sheet of one of the firm's published products; raise NotFound."""
    query = (
        select(ChipProduct)
        .where(
            ChipProduct.id == product_id,
            ChipProduct.organization_id == actor.organization_id,
            ChipProduct.state == ProductState.PUBLISHED,
        )
        .options(selectinload(ChipProduct.params))
    )
    product = session.scalars(query).one_or_none()
    if product is None:
        raise NotFound("There is no such product.", code="product_not_found")
    return Sheet(product.id, product.part_number, product.name, tuple(map(as_param, product.params)))


def is_open_draft(session: Session, *, actor: Actor, bid_id: uuid.UUID) -> bool:
    """Return whether the actor may write this bid now, so that unsaved input may be kept."""
    query = (
        select(Bid)
        .join(Bid.challenge)
        .where(Bid.id == bid_id, Bid.state == BidState.DRAFT)
        .options(contains_eager(Bid.challenge))
    )
    bid = session.scalars(query).one_or_none()
    if bid is None or not policy.can_change(actor, organization_id=bid.organization_id):
        return False
    return bid.challenge.is_open(database_now(session))


def _opportunity(challenge: Challenge, own: Bid | None, now: dt.datetime) -> Opportunity:
    return Opportunity(posed(challenge, now), own.id if own else None, own.state if own else None)


def _own_bids(session: Session, actor: Actor, challenge_ids: list[uuid.UUID]) -> dict[uuid.UUID, Bid]:
    query = select(Bid).where(
        Bid.organization_id == actor.organization_id,
        Bid.challenge_id.in_(challenge_ids),
        Bid.state != BidState.WITHDRAWN,
    )
    return {bid.challenge_id: bid for bid in session.scalars(query)}


def _product_name(session: Session, bid: Bid) -> str:
    if bid.product_id is None:
        return ""
    query = select(ChipProduct.part_number, ChipProduct.name).where(ChipProduct.id == bid.product_id)
    return " ".join(session.execute(query).one())
