"""Reviews of bids whose price is sealed apart."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.accounts.models import User
from app.bids import commitments, receipt
from app.bids import service as bids
from app.bids.models import Bid, Opening
from app.bids.workflow import BidState
from app.demands.workflow import PostingState
from app.keys.models import ChallengeKeyHolder, KeyHolder
from app.reviews import service
from app.reviews.commands import Conclude
from app.reviews.models import ReviewPanel
from tests.factories.accounts import officer
from tests.factories.base import at_once, current
from tests.factories.bids import BidFactory
from tests.factories.challenges import ChallengeFactory, ProgrammeFactory
from tests.factories.keys import PRIVATE, freeze
from tests.factories.reviews import MINUTES, form, handed_in, pledge, pool
from tests.factories.reviews import experts_of as seats_of_experts
from tests.support.clock import NOON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.challenges.models import Challenge

PRICES = (Decimal(1000), Decimal(800))


def programme_with_envelopes(**rules: Any) -> Any:
    """Return a programme that seals prices apart."""
    return ProgrammeFactory(has_price_envelope=True, **rules)


def opened_bids(prices: Sequence[Decimal] = PRICES, **rules: Any) -> list[Bid]:
    """Return bids after the first opening, in order of form, each with its price still sealed."""
    challenge = ChallengeFactory(
        closed=True, state=PostingState.EVALUATING, programme=programme_with_envelopes(**rules)
    )
    freeze(challenge)
    found = [BidFactory(challenge=challenge, state=BidState.VALID, price_total_wan=price) for price in prices]
    lines = commitments.lines(found)
    opening = Opening(
        challenge_id=challenge.id, closed_at=NOON, opened_at=NOON, commitments=lines,
        list_hash=receipt.hash_of(commitments.listing(challenge.id, challenge.bid_deadline_at, lines)),
        record={"threshold": 2, "releases": [], "bids": {}},
    )  # fmt: skip
    current().add(opening)
    current().commit()
    return found


def scored(found: Sequence[Bid], shares: Mapping[int, float] | None = None, **changes: Any) -> ReviewPanel:
    """Return a panel in discussion about these bids; ``shares`` of all points by the place of the bid."""
    session, boss = current(), officer()
    lead = boss.as_actor()
    pool(9)
    panel = form(found[0].challenge_id, boss)
    service.call_panel(session, actor=lead, panel_id=panel.id, now=NOON)
    with at_once():
        for seat in seats_of_experts(panel):
            pledge(seat)
    places = {bid.id: place for place, bid in enumerate(found)}
    told = {entry.label: [(shares or {}).get(places[entry.bid_id], 0.9)] * 5 for entry in panel.entries}
    handed_in(panel, told, **changes)
    service.open_meeting(session, actor=lead, panel_id=panel.id, now=NOON)
    session.commit()
    return panel


def close(panel: ReviewPanel) -> ReviewPanel:
    """Make the technical scores final."""
    notes = {entry.id: "讨论后各专家维持原分。" for entry in panel.entries}
    closed = service.close_scores(
        current(), actor=officer().as_actor(), panel_id=panel.id, command=Conclude(MINUTES, notes), now=NOON
    )
    current().commit()
    return closed


def rank(panel: ReviewPanel) -> ReviewPanel:
    """Settle the ranking."""
    ranked = service.rank_bids(
        current(), actor=officer().as_actor(), panel_id=panel.id, command=Conclude(MINUTES), now=NOON
    )
    current().commit()
    return ranked


def holders_of(challenge: Challenge) -> Sequence[KeyHolder]:
    """Return the holders of a challenge's keys."""
    held = ChallengeKeyHolder.holder_id == KeyHolder.id
    query = select(KeyHolder).join(ChallengeKeyHolder, held)
    return current().scalars(query.where(ChallengeKeyHolder.challenge_id == challenge.id).order_by(KeyHolder.id)).all()


def release_price(holder: KeyHolder, challenge: Challenge) -> Opening:
    """Release a holder's key to the prices."""
    actor = current().get_one(User, holder.user_id).as_actor()
    opening = bids.release_price_key(current(), actor=actor, challenge_id=challenge.id, private=PRIVATE, now=NOON)
    current().commit()
    return opening


def open_prices(challenge: Challenge) -> Opening:
    """Let as many holders release as it takes."""
    first, second, _spare = holders_of(challenge)
    release_price(first, challenge)
    return release_price(second, challenge)


def again(bid: Bid) -> Bid:
    """Return a bid as the database holds it."""
    current().expire_all()
    found = current().get_one(Bid, bid.id)
    current().refresh(found, ["commitments", "files"])
    return found
