"""From an event to what is told, and to which organisation."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import Organization, Verification
from app.accounts.workflow import VerificationState
from app.catalog.models import ChipProduct
from app.core.text import one_line
from app.demands.models import Need
from app.matchmaking.models import Pairing
from app.matchmaking.workflow import Side
from app.notifications import bid_news, links, meeting_news, pairing_news, review_news
from app.notifications.events import EventKind
from app.robots.models import GroupRobot

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from app.events.invitations import Invitation
    from app.notifications.telling import CompetitionEvent

OTHER = {Side.DEMAND: Side.SUPPLY, Side.SUPPLY: Side.DEMAND}


@dataclass(frozen=True, slots=True)
class News:
    """One event as one organisation is told it."""

    kind: EventKind | CompetitionEvent
    organization_id: uuid.UUID | None
    key: str
    """Kind, subject and occurrence: the same occurrence is told once."""
    path: str
    payload: dict[str, Any] = field(default_factory=dict)
    """What the line of the inbox and the message say; JSON."""
    invitation: Invitation | None = None
    """What the message carries for the reader's calendar."""
    user_id: uuid.UUID | None = None
    """The one person who is told, where it is no organisation's business."""


def read(session: Session, *, kind: EventKind, subject_id: uuid.UUID, side: str = "") -> list[News]:
    """Return what is to be told about an event; nothing when its subject is gone.

    ``side`` is the side of a pairing that acted.
    """
    return _READERS[kind](session, kind, subject_id, side)


def _posting(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    need = Need.__table__.c
    columns = (need.organization_id, need.title, need.kind, need.review_opinion, need.n_returns)
    row = session.execute(sa.select(*columns).where(need.id == subject_id)).one_or_none()
    if row is None:
        return []
    if row.kind == "challenge" and kind is EventKind.NEED_PUBLISHED:
        kind = EventKind.CHALLENGE_PUBLISHED
    payload = {"title": one_line(row.title), "kind": row.kind}
    if kind is EventKind.NEED_RETURNED:
        payload["opinion"] = row.review_opinion
    key = f"{kind}:{subject_id}:{row.n_returns}"
    return [News(kind, row.organization_id, key, links.posting(subject_id, row.kind), payload)]


def _organization(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    state = VerificationState.VERIFIED if kind is EventKind.ORGANIZATION_VERIFIED else VerificationState.REJECTED
    query = (
        sa.select(Verification.id, Verification.reason, Organization.legal_name_zh)
        .join(Organization, Organization.id == Verification.organization_id)
        .where(Verification.organization_id == subject_id, Verification.state == state)
        .order_by(Verification.decided_at.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return []
    payload = {"reason": row.reason}
    return [News(kind, subject_id, f"{kind}:{row.id}", links.COMPANY, payload)]


def _pairing(session: Session, kind: EventKind, subject_id: uuid.UUID, side: str) -> list[News]:
    """Tell both sides, except of an answer: that is told to the side that did not give it.

    Of an introduction the officer who approved it is told, too.
    """
    demand, supplier, need = aliased(Organization), aliased(Organization), Need.__table__.c
    query = (
        sa.select(
            Pairing.demand_id,
            Pairing.supplier_id,
            Pairing.suggestion_id,
            Pairing.approved_by,
            Pairing.reply_by,
            need.title,
            need.is_owner_shown,
            demand.legal_name_zh.label("demand_name"),
            supplier.legal_name_zh.label("supplier_name"),
            ChipProduct.part_number,
            ChipProduct.name.label("product_name"),
        )
        .join(Need.__table__, need.id == Pairing.need_id)
        .join(demand, demand.id == Pairing.demand_id)
        .join(supplier, supplier.id == Pairing.supplier_id)
        .outerjoin(ChipProduct, ChipProduct.id == Pairing.product_id)
        .where(Pairing.id == subject_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return []
    is_open = kind is EventKind.PAIRING_INTRODUCED
    others = {
        Side.DEMAND: row.supplier_name,
        Side.SUPPLY: row.demand_name if row.is_owner_shown or is_open else "",
    }
    readers = {Side.DEMAND: row.demand_id, Side.SUPPLY: row.supplier_id}
    is_answer = kind in (EventKind.PAIRING_ACCEPTED, EventKind.PAIRING_DECLINED)
    sides = (OTHER[Side(side)],) if is_answer else tuple(Side)
    payload = {
        "title": one_line(row.title),
        "product": one_line(f"{row.part_number or ''} {row.product_name or ''}"),
        "reply_by": row.reply_by.isoformat(),
    }
    found = [
        News(
            kind,
            readers[reader],
            f"{kind}:{subject_id}",
            links.pairing(subject_id),
            {**payload, "other": others[reader]},
        )
        for reader in sides
    ]
    if is_open and row.approved_by and row.suggestion_id:
        path, both = links.suggestion(row.suggestion_id), f"{row.demand_name} ↔ {row.supplier_name}"
        found.append(
            News(kind, None, f"{kind}:{subject_id}", path, {**payload, "other": both}, user_id=row.approved_by)
        )
    return found


def _step(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    return [News(**parts) for parts in pairing_news.of_step(session, kind, subject_id)]


def _rest(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    return [News(**parts) for parts in pairing_news.of_rest(session, kind, subject_id)]


def _message(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    return [News(**parts) for parts in pairing_news.of_message(session, kind, subject_id)]


def _meeting(session: Session, kind: EventKind, subject_id: uuid.UUID, side: str) -> list[News]:
    return [News(**parts) for parts in meeting_news.of_meeting(session, kind, subject_id, side)]


def _event(session: Session, kind: EventKind, subject_id: uuid.UUID, side: str) -> list[News]:
    return [News(**parts) for parts in meeting_news.of_event(session, kind, subject_id, side)]


def _opening(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    return [News(**parts) for parts in bid_news.of_opening(session, kind, subject_id)]


def _bid_review(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    return [News(**parts) for parts in review_news.of_bid(session, kind, subject_id)]


def _seat(session: Session, kind: EventKind, subject_id: uuid.UUID, day: str) -> list[News]:
    return [News(**parts) for parts in review_news.of_seat(session, kind, subject_id, day)]


def _panel(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    return [News(**parts) for parts in review_news.of_panel(session, kind, subject_id)]


def _robot(session: Session, kind: EventKind, subject_id: uuid.UUID, _side: str) -> list[News]:
    """Tell that a robot was switched off; nothing when it is on again, or was switched off by a person."""
    robot = session.get(GroupRobot, subject_id)
    if robot is None or robot.off_at is None or robot.off_reason is None:
        return []
    payload = {"title": one_line(robot.name), "reason": robot.off_reason.value}
    return [News(kind, robot.organization_id, f"{kind}:{robot.id}:{robot.off_at:%Y%m%dT%H%M%S}", links.ROBOTS, payload)]


_READERS: dict[EventKind, Callable[[Session, EventKind, uuid.UUID, str], list[News]]] = {
    EventKind.NEED_PUBLISHED: _posting,
    EventKind.CHALLENGE_PUBLISHED: _posting,
    EventKind.NEED_RETURNED: _posting,
    EventKind.ORGANIZATION_VERIFIED: _organization,
    EventKind.ORGANIZATION_REJECTED: _organization,
    EventKind.PAIRING_PROPOSED: _pairing,
    EventKind.PAIRING_ACCEPTED: _pairing,
    EventKind.PAIRING_INTRODUCED: _pairing,
    EventKind.PAIRING_DECLINED: _pairing,
    EventKind.PAIRING_ADVANCED: _step,
    EventKind.PAIRING_DROPPED: _step,
    EventKind.PAIRING_REMINDED: _rest,
    EventKind.PAIRING_EXPIRED: _rest,
    EventKind.PAIRING_MESSAGE: _message,
    EventKind.MEETING_PROPOSED: _meeting,
    EventKind.MEETING_DECLINED: _meeting,
    EventKind.MEETING_SET: _meeting,
    EventKind.MEETING_MOVED: _meeting,
    EventKind.MEETING_CANCELLED: _meeting,
    EventKind.MEETING_NEXT_DAY: _meeting,
    EventKind.MEETING_NEXT_MONTH: _meeting,
    EventKind.EVENT_CANCELLED: _event,
    EventKind.BID_OPENED: _opening,
    EventKind.BID_CORRECTION_ASKED: _bid_review,
    EventKind.BID_FORMAT_DECIDED: _bid_review,
    EventKind.BID_DEFENCE_SET: _bid_review,
    EventKind.REVIEW_INVITED: _seat,
    EventKind.REVIEW_REMINDED: _seat,
    EventKind.REVIEW_MEETING: _seat,
    EventKind.REVIEW_RANKED: _panel,
    EventKind.ROBOT_STOPPED: _robot,
}
