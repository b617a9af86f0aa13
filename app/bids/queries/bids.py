"""Finding the bids of one firm."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.bids import policy
from app.bids.blobs import read_locked
from app.bids.content import price_statement_of, read, statement_of, unseal_with_code, with_price
from app.bids.damage import Damaged
from app.bids.models import Bid, BidFile, BidReading
from app.bids.ownership import bidder_of, owned_by
from app.bids.prefill import Sheet
from app.bids.price import CLOSED, unseal_price_with_code
from app.bids.queries.endings import ending_of
from app.bids.queries.views import BidLine, BidView, Opportunity, OwnFile, Reading, bid_line, bid_view, posed
from app.bids.workflow import BidState, PriceState
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
from app.keys.crypto import CannotOpen
from app.keys.models import KeyHolder

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.bids.document import Content
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
        .where(owned_by(session, actor.organization_id), Bid.state.in_(TABS[tab]))
        .options(contains_eager(Bid.challenge).contains_eager(Challenge.organization))
        .order_by(Challenge.bid_deadline_at.desc(), Bid.id)
    )
    now = database_now(session)
    return paginate(session, query, number=page).map(lambda bid: bid_line(bid, now))


def tab_counts(session: Session, *, actor: Actor) -> dict[str, int]:
    """Return how many of the firm's bids stand under each tab."""
    own = owned_by(session, actor.organization_id)
    query = select(Bid.state, func.count()).where(own).group_by(Bid.state)
    states = dict(session.execute(query).tuples().all())
    return {tab: sum(states.get(state, 0) for state in members) for tab, members in TABS.items()}


def bid_page(session: Session, *, actor: Actor, bid_id: uuid.UUID, code: str = "") -> BidView:
    """Return one of the firm's bids, in at most eight queries; raise NotFound.

    A sealed one comes with its content only for its reopening ``code``; another code is as good as none.
    """
    bid = own_bid(session, actor=actor, bid_id=bid_id)
    content = content_for(bid, code)
    view = bid_view(
        bid,
        content,
        firm=(actor.own_organization_id(), actor.organization_name),
        product=_product_name(session, content),
        readings=_readings(session, bid),
        now=database_now(session),
    )
    return replace(view, ending=ending_of(session, bid_id)) if bid.end_reason else view


def own_bid(session: Session, *, actor: Actor, bid_id: uuid.UUID) -> Bid:
    """Return the row of one of the firm's bids with everything that hangs on it; raise NotFound."""
    query = (
        select(Bid)
        .join(Bid.challenge)
        .where(Bid.id == bid_id)
        .options(
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
    if bid is None or not policy.can_read(actor, organization_id=bidder_of(actor, bid)):
        raise NotFound(MISSING, code="bid_not_found")
    return bid


def content_for(bid: Bid, code: str) -> Content | None:
    """Return what a bid holds as far as it can be read: a sealed one needs its code."""
    if bid.content_box is not None or bid.organization_id is not None:
        return _with_price(bid, read(bid), code)
    if not code or bid.reopening_box is None:
        return None
    try:
        return unseal_with_code(bid, code).content
    except (CannotOpen, Damaged):
        return None


def _with_price(bid: Bid, content: Content, code: str) -> Content:
    """Return the content of a readable bid with its price, if that is sealed and the code fits."""
    try:
        return with_price(bid, content, code) if code else content
    except (CannotOpen, Damaged):
        return content


def opens(bid: Bid, code: str) -> bool:
    """Return whether a code shows everything in a bid."""
    content = content_for(bid, code)
    return content is not None and (bid.price_state not in CLOSED or content.command.price_total_wan is not None)


def own_file(session: Session, *, actor: Actor, bid_id: uuid.UUID, file_id: uuid.UUID, code: str) -> OwnFile:
    """Return a file of one of the firm's unopened bids; raise NotFound, also for a lost or damaged one."""
    content = content_for(own_bid(session, actor=actor, bid_id=bid_id), code)
    file = next((file for file in content.files if file.id == file_id), None) if content else None
    if content is None or file is None:
        raise NotFound("There is no such file.", code="file_not_found")
    try:
        return OwnFile(file, read_locked(content.blobs, file))
    except Damaged:
        raise NotFound("There is no such file.", code="file_lost") from None


def own_statement(session: Session, *, actor: Actor, bid_id: uuid.UUID, code: str) -> bytes:
    """Return the canonical statement whose SHA-256 is the commitment; raise NotFound where it cannot be read."""
    bid = own_bid(session, actor=actor, bid_id=bid_id)
    if bid.organization_id is not None:
        return statement_of(bid)
    try:
        return unseal_with_code(bid, code).statement
    except (CannotOpen, Damaged):
        raise NotFound("Type the reopening code first.", code="bid_locked") from None


def own_price_statement(session: Session, *, actor: Actor, bid_id: uuid.UUID, code: str) -> bytes:
    """Return the statement of the price envelope; raise NotFound where there is none, or it cannot be read."""
    bid = own_bid(session, actor=actor, bid_id=bid_id)
    if bid.price_state is PriceState.OPENED:
        return price_statement_of(bid)
    if bid.price_state not in CLOSED:
        raise NotFound("This bid has no price envelope.", code="no_envelope")
    try:
        return unseal_price_with_code(bid, code)[1]
    except (CannotOpen, Damaged):
        raise NotFound("Type the reopening code first.", code="bid_locked") from None


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
    if bid is None or not policy.can_change(actor, organization_id=bidder_of(actor, bid)):
        return False
    return bid.challenge.is_open(database_now(session))


def _opportunity(challenge: Challenge, own: Bid | None, now: dt.datetime) -> Opportunity:
    return Opportunity(posed(challenge, now), own.id if own else None, own.state if own else None)


def _own_bids(session: Session, actor: Actor, challenge_ids: list[uuid.UUID]) -> dict[uuid.UUID, Bid]:
    query = select(Bid).where(
        owned_by(session, actor.organization_id),
        Bid.challenge_id.in_(challenge_ids),
        Bid.state != BidState.WITHDRAWN,
    )
    return {bid.challenge_id: bid for bid in session.scalars(query)}


def _product_name(session: Session, content: Content | None) -> str:
    if content is None or content.command.product_id is None:
        return ""
    query = select(ChipProduct.part_number, ChipProduct.name).where(ChipProduct.id == content.command.product_id)
    return " ".join(session.execute(query).one_or_none() or ())


def _readings(session: Session, bid: Bid) -> tuple[Reading, ...]:
    if bid.sealed_at is None:
        return ()
    query = (
        select(BidReading.reader_name, KeyHolder.role, BidReading.read_at)
        .join(KeyHolder, KeyHolder.id == BidReading.holder_id)
        .where(BidReading.bid_id == bid.id)
        .order_by(BidReading.read_at, BidReading.id)
    )
    return tuple(Reading(*row) for row in session.execute(query).tuples())
