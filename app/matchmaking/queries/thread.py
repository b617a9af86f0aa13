"""Threads as their companies see them, and reported messages as the desk does."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.errors import NotFound
from app.core.paging import Page, paginate
from app.matchmaking import policy
from app.matchmaking.models import Message, MessageFile, MessageReport, Pairing, ThreadRead
from app.matchmaking.workflow import ReportState, Side

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from app.core.actor import Actor
    from app.files.models import StoredFile

PAGE = 30
MISSING = "There is no such pairing."


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as its reader sees it; a withheld one shows nothing."""

    id: uuid.UUID
    side: Side
    is_own: bool
    author: str
    text: str
    sent_at: dt.datetime
    is_new: bool
    is_withheld: bool
    is_reported: bool
    files: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One reported message on the desk."""

    report: MessageReport
    text: str
    author: str
    side: Side
    sent_at: dt.datetime
    need_title: str
    demand_name: str
    supplier_name: str
    files: tuple[StoredFile, ...]


def thread_pairing(session: Session, *, actor: Actor, pairing_id: uuid.UUID) -> Pairing:
    """Return the pairing of a thread with need and parties; NotFound for everybody but its companies."""
    parts = (Pairing.need, Pairing.demand, Pairing.supplier, Pairing.product)
    loaded = [joinedload(part) for part in parts]
    pairing = session.scalars(select(Pairing).where(Pairing.id == pairing_id).options(*loaded)).unique().one_or_none()
    if pairing is None or not policy.can_read_thread(
        actor,
        demand_id=pairing.demand_id,
        supplier_id=pairing.supplier_id,
        was_introduced=pairing.introduced_at is not None,
    ):
        raise NotFound(MISSING, code="not_found")
    return pairing


def messages(session: Session, *, actor: Actor, pairing: Pairing, page: int) -> Page[MessageView]:
    """Return one page of a thread, newest first, in six queries."""
    read_at = session.scalar(
        select(ThreadRead.read_at).where(ThreadRead.pairing_id == pairing.id, ThreadRead.user_id == actor.user_id)
    )
    query = (
        select(Message)
        .where(Message.pairing_id == pairing.id)
        .options(joinedload(Message.author), selectinload(Message.files).joinedload(MessageFile.file))
        .order_by(Message.sent_at.desc(), Message.id)
    )
    found = paginate(session, query, number=page, size=PAGE)
    reported = _reported(session, [message.id for message in found.items])
    side = policy.side_of(actor, demand_id=pairing.demand_id, supplier_id=pairing.supplier_id)
    return found.map(lambda message: _view(message, side, read_at, reported))


def unread_counts(session: Session, *, actor: Actor, pairing_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return how many messages of the other side the actor has not read, by pairing, in one query."""
    read_at = func.coalesce(ThreadRead.read_at, dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    is_others = or_(
        and_(Pairing.demand_id == actor.organization_id, Message.side == Side.SUPPLY),
        and_(Pairing.supplier_id == actor.organization_id, Message.side == Side.DEMAND),
    )
    query = (
        select(Message.pairing_id, func.count())
        .join(Pairing, Pairing.id == Message.pairing_id)
        .outerjoin(ThreadRead, and_(ThreadRead.pairing_id == Message.pairing_id, ThreadRead.user_id == actor.user_id))
        .where(Message.pairing_id.in_(pairing_ids), is_others, Message.sent_at > read_at)
        .group_by(Message.pairing_id)
    )
    return dict(session.execute(query).tuples().all())


def reports(session: Session, *, actor: Actor, state: ReportState, page: int) -> Page[ReportRow]:
    """Return one page of reported messages, those that wait longest first."""
    policy.can_see_queue(actor).enforce()
    order = MessageReport.reported_at if state is ReportState.OPEN else MessageReport.reported_at.desc()
    query = _reports().where(MessageReport.state == state).order_by(order, MessageReport.id)
    found = paginate(session, query, number=page, size=PAGE)
    ids = {report.message.pairing_id for report in found.items}
    loaded = (joinedload(Pairing.need), joinedload(Pairing.demand), joinedload(Pairing.supplier))
    pairings = {
        pairing.id: pairing
        for pairing in session.scalars(select(Pairing).where(Pairing.id.in_(ids)).options(*loaded)).unique()
    }
    return found.map(lambda report: _report_row(report, pairings[report.message.pairing_id]))


def report_counts(session: Session) -> dict[ReportState, int]:
    """Return how many reports stand in each state."""
    rows = session.execute(select(MessageReport.state, func.count()).group_by(MessageReport.state))
    return dict(rows.tuples().all())


def _reports() -> Select[tuple[MessageReport]]:
    message = joinedload(MessageReport.message, innerjoin=True)
    return select(MessageReport).options(
        message.joinedload(Message.author, innerjoin=True),
        message.selectinload(Message.files).joinedload(MessageFile.file),
    )


def _reported(session: Session, ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    query = select(MessageReport.message_id).where(MessageReport.message_id.in_(ids))
    return frozenset(session.scalars(query))


def _view(
    message: Message, side: Side | None, read_at: dt.datetime | None, reported: frozenset[uuid.UUID]
) -> MessageView:
    is_own = message.side is side
    return MessageView(
        id=message.id,
        side=message.side,
        is_own=is_own,
        author=message.author.name,
        text="" if message.is_withheld else message.text,
        sent_at=message.sent_at,
        is_new=not is_own and (read_at is None or message.sent_at > read_at),
        is_withheld=message.is_withheld,
        is_reported=message.id in reported and not is_own,
        files=() if message.is_withheld else tuple(one.file for one in message.files),
    )


def _report_row(report: MessageReport, pairing: Pairing) -> ReportRow:
    message = report.message
    return ReportRow(
        report=report,
        text=message.text,
        author=message.author.name,
        side=message.side,
        sent_at=message.sent_at,
        need_title=pairing.need.title,
        demand_name=pairing.demand.legal_name_zh,
        supplier_name=pairing.supplier.legal_name_zh,
        files=tuple(one.file for one in message.files),
    )
