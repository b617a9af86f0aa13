"""Reviews as news: what bidders are told of their own bid, and reviewers of their reviews."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.bids.models import Bid
from app.bids.workflow import BidState
from app.challenges.models import Challenge
from app.core.clock import SHANGHAI
from app.core.text import one_line
from app.notifications import links
from app.notifications.events import EventKind
from app.reviews.models import FormatCheck, ReviewEntry, ReviewPanel, ReviewSeat
from app.reviews.workflow import HELD, PanelState

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


def of_bid(session: Session, kind: EventKind, bid_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the parts of the news about the format check, or the defence, of a bid: for its firm alone."""
    query = (
        sa.select(Bid, Challenge.title)
        .join(Challenge, Challenge.id == Bid.challenge_id)
        .where(Bid.id == bid_id, Bid.organization_id.is_not(None))
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return []
    bid, title = row
    about = _defence(session, bid_id) if kind is EventKind.BID_DEFENCE_SET else _check(session, bid)
    if about is None:
        return []
    occasion, payload = about
    path = links.bid(bid_id) if kind is EventKind.BID_DEFENCE_SET else links.format_check(bid_id)
    told = {"title": one_line(title), **payload}
    key = f"{kind}:{bid_id}:{occasion}"
    return [{"kind": kind, "organization_id": bid.organization_id, "key": key, "path": path, "payload": told}]


def _check(session: Session, bid: Bid) -> tuple[str, dict[str, Any]] | None:
    check = session.scalars(sa.select(FormatCheck).where(FormatCheck.bid_id == bid.id)).one_or_none()
    if check is None:
        return None
    due = check.correction_due_at
    payload = {
        "deadline_at": due.isoformat() if due else "",
        "is_accepted": bid.state is not BidState.FORMAT_REJECTED,
        "opinion": check.opinion,
    }
    return f"{check.state}:{_stamp(check.signed_at or check.correction_asked_at)}", payload


def _defence(session: Session, bid_id: uuid.UUID) -> tuple[str, dict[str, Any]] | None:
    query = sa.select(ReviewEntry).where(ReviewEntry.bid_id == bid_id, ReviewEntry.defence_at.is_not(None))
    entry = session.scalars(query.order_by(ReviewEntry.defence_at.desc()).limit(1)).first()
    if entry is None or entry.defence_at is None:
        return None
    payload = {
        "starts_at": entry.defence_at.isoformat(),
        "minutes": entry.defence_minutes or 0,
        "place": entry.defence_place,
        "span": f"{entry.defence_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    }
    return f"{_stamp(entry.defence_at)}:{entry.defence_place}"[:80], payload


def of_seat(session: Session, kind: EventKind, seat_id: uuid.UUID, day: str) -> list[dict[str, Any]]:
    """Return the parts of the news for whoever holds a seat: an expert, or the challenge's company."""
    query = (
        sa.select(ReviewSeat)
        .where(ReviewSeat.id == seat_id, ReviewSeat.state.in_(HELD))
        .options(
            joinedload(ReviewSeat.expert),
            joinedload(ReviewSeat.panel, innerjoin=True).joinedload(ReviewPanel.challenge),
        )
    )
    seat = session.scalars(query).unique().one_or_none()
    if seat is None:
        return []
    panel = seat.panel
    payload = {
        "title": one_line(panel.challenge.title),
        "deadline_at": panel.due_at.isoformat() if panel.due_at else "",
        "is_expert": seat.expert is not None,
    }
    return [
        {
            "kind": kind,
            "organization_id": None if seat.expert else panel.challenge.organization_id,
            "user_id": seat.expert.user_id if seat.expert else None,
            "key": f"{kind}:{seat_id}:{day or _stamp(panel.met_at)}",
            "path": links.review(seat_id),
            "payload": payload,
        }
    ]


def of_panel(session: Session, kind: EventKind, panel_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the parts of the news about a settled ranking: for the challenge's company."""
    query = sa.select(ReviewPanel).where(ReviewPanel.id == panel_id, ReviewPanel.state == PanelState.RANKED)
    panel = session.scalars(query.options(joinedload(ReviewPanel.challenge, innerjoin=True))).one_or_none()
    if panel is None:
        return []
    challenge = panel.challenge
    return [
        {
            "kind": kind,
            "organization_id": challenge.organization_id,
            "key": f"{kind}:{panel_id}",
            "path": links.posting(challenge.id, "challenge"),
            "payload": {"title": one_line(challenge.title)},
        }
    ]


def _stamp(instant: dt.datetime | None) -> str:
    return f"{instant:%Y%m%dT%H%M%S}" if instant else ""
