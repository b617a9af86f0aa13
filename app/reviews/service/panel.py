"""Forming a panel, calling it, and giving seats that became free to others."""

from __future__ import annotations

import datetime as dt
import random
import secrets
import string
import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.audit import service as audit
from app.bids.models import Bid
from app.bids.workflow import BID_WORKFLOW, BidEvent, BidState
from app.challenges.impartial import can_judge
from app.challenges.standing import rules_of
from app.core.clock import SHANGHAI
from app.core.errors import Conflict, RuleViolation
from app.demands.workflow import PostingMode
from app.matchmaking.panels import choose_panel
from app.outbox.service import publish
from app.reviews import policy
from app.reviews.candidates import Candidate, candidates, eligible
from app.reviews.criteria import ReviewRules, criteria_of, flaw_of
from app.reviews.models import Expert, ReviewEntry, ReviewPanel, ReviewSeat
from app.reviews.seats import lacking
from app.reviews.service.locked import check_readable, is_settled, lock_challenge, lock_panel, lock_seat
from app.reviews.workflow import (
    HELD,
    PANEL_WORKFLOW,
    SEAT_WORKFLOW,
    PanelEvent,
    PanelState,
    ReviewMethod,
    SeatEvent,
    SeatState,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.challenges.models import Challenge
    from app.core.actor import Actor
    from app.reviews.commands import FormPanel

STANDING = (BidState.VALID, BidState.UNDER_REVIEW, BidState.SHORTLISTED, BidState.DEFENDED)
MAX_SIZE = 25
SEED_BITS = 48
MIN_REASON = 5
DEFAULT_DAYS = 14


def rules_for(challenge: Challenge) -> ReviewRules:
    """Return the rules by which a challenge is judged; its programme must be loaded. Raises RuleViolation."""
    programme = rules_of(challenge)
    criteria = criteria_of(programme.review_weights)
    flaw = flaw_of(criteria)
    if flaw:
        raise RuleViolation(flaw, code="criteria")
    return ReviewRules(
        criteria=criteria,
        panel_min=programme.panel_min,
        pass_line=Decimal(programme.pass_line),
        spread_alert=Decimal(programme.spread_alert),
        drop_high_low_from=programme.drop_high_low_from,
        award_max=challenge.award_count,
        has_price_envelope=programme.has_price_envelope,
    )


def form_panel(
    session: Session, *, actor: Actor, challenge_id: uuid.UUID, command: FormPanel, now: dt.datetime
) -> ReviewPanel:
    """Freeze the rules, draw letters for the bids and propose the best panel without conflicts.

    Raises NotFound, NotAllowed, Conflict (formed already) or RuleViolation (bids unchecked, too few experts).
    """
    policy.can_lead(actor).enforce()
    challenge = lock_challenge(session, challenge_id)
    can_judge(session, actor, challenge.id, now).enforce()
    bids = _standing_bids(session, challenge)
    rules = rules_for(challenge)
    _check(command, rules, challenge)
    panel = _new_panel(session, actor, challenge, command, rules, now)
    panel.entries = _entries(panel, bids)
    panel.seats = []
    if challenge.mode is PostingMode.ENTERPRISE_POSED:
        _seat(panel, None, {"how": "owner"}, now)
    if panel.size:
        _propose(session, panel, challenge, bids, rules, now)
    session.add(panel)
    session.flush()
    _record(session, actor, panel, "review.form_panel", method=panel.method.value, size=panel.size, seed=panel.seed,
            rules=panel.rules, labels={entry.label: str(entry.bid_id) for entry in panel.entries},
            drawn=[_told(seat) for seat in panel.seats])  # fmt: skip
    return panel


def _standing_bids(session: Session, challenge: Challenge) -> Sequence[Bid]:
    """Return the bids to be judged; raise while the form of one is undecided, or a review runs."""
    running = select(ReviewPanel.id).where(
        ReviewPanel.challenge_id == challenge.id, ReviewPanel.state != PanelState.RANKED
    )
    if session.scalar(running) is not None:
        raise Conflict("A panel has been formed already.", code="panel_exists")
    if is_settled(session, challenge.id):
        raise Conflict("The bids are ranked already. Only an objection that is upheld opens the review again.",
                       code="ranked")  # fmt: skip
    query = select(Bid).where(Bid.challenge_id == challenge.id).options(joinedload(Bid.organization)).order_by(Bid.id)
    bids = session.scalars(query).unique().all()
    check_readable(session, challenge.id)
    if any(bid.state is BidState.OPENED for bid in bids):
        raise RuleViolation("Finish the format check of every bid first.", code="unchecked")
    standing = [bid for bid in bids if bid.state in STANDING]
    if not standing:
        raise RuleViolation("No bid is in order, so there is nothing to judge.", code="no_valid_bid")
    return standing


def _check(command: FormPanel, rules: ReviewRules, challenge: Challenge) -> None:
    method = policy.can_use_method(command.method, challenge.mode)
    if not method:
        raise RuleViolation(method.reason, code="method", field="method")
    if command.method == ReviewMethod.OWNER:
        return
    if command.size < rules.panel_min:
        raise RuleViolation("The programme asks for more experts on a panel.", code="too_small", field="size")
    if command.size % 2 == 0:
        raise RuleViolation("A panel has an odd number of experts.", code="even", field="size")
    if command.size > MAX_SIZE:
        raise RuleViolation("A panel has at most 25 experts.", code="too_large", field="size")


def _new_panel(
    session: Session, actor: Actor, challenge: Challenge, command: FormPanel, rules: ReviewRules, now: dt.datetime
) -> ReviewPanel:
    last = session.scalar(select(func.max(ReviewPanel.round)).where(ReviewPanel.challenge_id == challenge.id))
    method = ReviewMethod(command.method)
    return ReviewPanel(
        id=uuid.uuid4(),
        challenge=challenge,
        challenge_id=challenge.id,
        round=(last or 0) + 1,
        state=PanelState.FORMING,
        method=method,
        size=command.size if method is ReviewMethod.PANEL else 0,
        rules=rules.stored(),
        seed=secrets.randbits(SEED_BITS),
        draws=0,
        due_at=_end_of(command.due_on) if command.due_on else None,
        created_by=actor.user_id,
        created_at=now,
    )


def _end_of(day: dt.date) -> dt.datetime:
    """Return the end of a day in Shanghai."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=SHANGHAI).astimezone(dt.UTC)


def _entries(panel: ReviewPanel, bids: Sequence[Bid]) -> list[ReviewEntry]:
    """Give every bid a letter by lot."""
    letters = [*string.ascii_uppercase, *(a + b for a in "AB" for b in string.ascii_uppercase)]
    shuffled = sorted(bids, key=lambda bid: bid.id)
    random.Random(next_seed(panel)).shuffle(shuffled)  # noqa: S311 - its seed is on record, to be repeated
    return [
        ReviewEntry(bid=bid, bid_id=bid.id, label=letter, votes=0)
        for letter, bid in zip(letters, shuffled, strict=False)
    ]


def next_seed(panel: ReviewPanel) -> int:
    """Return the seed of the panel's next draw; every draw has its own, and all follow from the first."""
    panel.draws += 1
    return panel.seed + panel.draws


def _propose(
    session: Session, panel: ReviewPanel, challenge: Challenge, bids: Sequence[Bid], rules: ReviewRules,
    now: dt.datetime,
) -> None:  # fmt: skip
    found = candidates(session, challenge, bids, now, is_locking=True)
    seed = next_seed(panel)
    chosen = choose_panel([one.seat() for one in found], size=panel.size, composition=rules.composition, seed=seed)
    if chosen.shortages:
        raise RuleViolation(
            "There are not enough experts without a conflict and with room. What is missing stands beside the pool.",
            code="no_panel",
            field="size",
            shortages=[(lack.group, lack.missing, lack.free) for lack in chosen.shortages],
        )
    by_id = {str(one.expert.id): one for one in found}
    n_free = sum(one.is_free for one in found)
    for expert_id in chosen.ids:
        one = by_id[expert_id]
        drawn = {"how": "optimum", "seed": seed, "fit": round(one.fit, 4), "free": n_free}
        _seat(panel, one.expert, drawn, now)


def _seat(panel: ReviewPanel, expert: Expert | None, drawn: dict[str, Any], now: dt.datetime) -> ReviewSeat:
    """Add a seat to the panel."""
    return ReviewSeat(
        id=uuid.uuid4(),
        panel=panel,
        expert=expert,
        state=SeatState.CHOSEN,
        order_seed=next_seed(panel),
        drawn=drawn,
        reviews=[],
        created_at=now,
    )


def call_panel(session: Session, *, actor: Actor, panel_id: uuid.UUID, now: dt.datetime) -> ReviewPanel:
    """Invite everybody and put the bids under review. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    policy.can_lead(actor).enforce()
    panel = lock_panel(session, panel_id)
    can_judge(session, actor, panel.challenge_id, now).enforce()
    panel.state = PANEL_WORKFLOW.step(panel.state, PanelEvent.CALL)
    missing = lacking(session, panel)
    if missing:
        raise RuleViolation("The panel lacks experts. Draw replacements first.", code="incomplete")
    panel.called_at = now
    panel.due_at = panel.due_at or now + dt.timedelta(days=DEFAULT_DAYS)
    for entry in panel.entries:
        if entry.bid.state is BidState.VALID:
            entry.bid.state = BID_WORKFLOW.step(entry.bid.state, BidEvent.START_REVIEW)
    for seat in panel.seats:
        if seat.state is SeatState.CHOSEN:
            invite(session, seat, now)
    session.flush()
    _record(session, actor, panel, "review.call_panel", due_at=panel.due_at.isoformat())
    return panel


def invite(session: Session, seat: ReviewSeat, now: dt.datetime) -> None:
    """Tell a reviewer of the seat."""
    seat.state = SEAT_WORKFLOW.step(seat.state, SeatEvent.INVITE)
    seat.invited_at = now
    publish(session, "review.invited", now=now, key=f"review.invited:{seat.id}", seat_id=seat.id)


def replace_seat(
    session: Session, *, actor: Actor, seat_id: uuid.UUID, reason: str, now: dt.datetime
) -> ReviewSeat | None:
    """Take a seat from an expert and give it to another by lot; return the new one, None where nobody is free.

    Raises NotFound, NotAllowed, RuleViolation (no reason) or Conflict (the discussion has begun, or it is free).
    """
    policy.can_schedule(actor).enforce()
    seat = lock_seat(session, seat_id, with_panel=True)
    can_judge(session, actor, seat.panel.challenge_id, now).enforce()
    if len(reason) < MIN_REASON:
        raise RuleViolation("Say why the expert is replaced.", code="no_reason", field="reason")
    check_before_meeting(seat.panel)
    if seat.expert_id is None:
        raise RuleViolation("The owner's seat cannot be given to somebody else.", code="owners_seat")
    seat.state, seat.reason = SEAT_WORKFLOW.step(seat.state, SeatEvent.REMOVE), reason
    session.flush()
    _record(session, actor, seat.panel, "review.remove_seat", seat=str(seat.id), reason=reason)
    return draw_replacement(session, actor, seat, now)


def fill_seats(session: Session, *, actor: Actor, panel_id: uuid.UUID, now: dt.datetime) -> int:
    """Draw experts for the seats that nobody could be found for before; return how many were found.

    Raises NotFound, NotAllowed or Conflict.
    """
    policy.can_schedule(actor).enforce()
    panel = lock_panel(session, panel_id)
    can_judge(session, actor, panel.challenge_id, now).enforce()
    check_before_meeting(panel)
    replaced = {seat.replaces_id for seat in panel.seats}
    vacant = [seat for seat in panel.seats if seat.state not in HELD and seat.id not in replaced]
    return sum(draw_replacement(session, actor, seat, now) is not None for seat in vacant)


def check_before_meeting(panel: ReviewPanel) -> None:
    """Raise Conflict once the scores have been laid on the table."""
    if panel.state not in (PanelState.FORMING, PanelState.SCORING):
        raise Conflict("The discussion has begun; the panel stays as it is.", code="too_late")


def draw_replacement(session: Session, actor: Actor, seat: ReviewSeat, now: dt.datetime) -> ReviewSeat | None:
    """Give a vacant seat to somebody by lot, among those who keep the composition; the seed goes on record."""
    panel = seat.panel
    found = candidates(session, panel.challenge, [entry.bid for entry in panel.entries], now, is_locking=True)
    taken = {one.expert_id for one in panel.seats if one.expert_id is not None}
    needed = [side for side in lacking(session, panel) if side]
    pool = sorted(eligible(found, taken=taken, sides=needed), key=lambda one: one.expert.id)
    seed = next_seed(panel)
    if not pool:
        _record(session, actor, panel, "review.no_replacement", seat=str(seat.id), seed=seed)
        return None
    winner: Candidate = random.Random(seed).choice(pool)  # noqa: S311 - its seed is on record, to be repeated
    drawn = {"how": "draw", "seed": seed, "fit": round(winner.fit, 4), "free": len(pool)}
    fresh = _seat(panel, winner.expert, drawn, now)
    fresh.replaces_id = seat.id
    session.add(fresh)
    session.flush()
    if panel.state is PanelState.SCORING:
        invite(session, fresh, now)
    session.flush()
    pool_ids = [str(one.expert.id) for one in pool]
    _record(session, actor, panel, "review.draw", pool=pool_ids, replaces=str(seat.id), **_told(fresh))
    return fresh


def _told(seat: ReviewSeat) -> dict[str, Any]:
    """Return a seat as the trail tells it: by id, never by name."""
    return {"seat": str(seat.id), "expert": str(seat.expert.id) if seat.expert else "", **seat.drawn}


def _record(session: Session, actor: Actor, panel: ReviewPanel, action: str, **details: Any) -> None:
    label = panel.challenge.title
    audit.record(session, actor, action, "review", panel.id, label=label, round=panel.round, **details)
