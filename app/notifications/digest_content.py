"""What a digest would say to one person: pairings to answer, challenges that close soon; nothing twice."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.models import Organization, OrganizationCategory
from app.catalog.models import ChipProduct
from app.challenges.models import Challenge
from app.core.clock import SHANGHAI
from app.core.text import one_line
from app.demands.models import Need, NeedCategory
from app.demands.workflow import PostingState
from app.matchmaking import reasons
from app.matchmaking.models import Pairing
from app.matchmaking.workflow import PairingState
from app.notifications import links
from app.notifications.models import DigestDeadline, DigestFrequency, DigestItem

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.notifications.recipients import Reader

MAX_ITEMS = 8
MAX_DEADLINES = 5
HORIZON = dt.timedelta(days=14)
"""How far ahead closing challenges are announced."""


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One pairing as the reader's side may see it."""

    pairing_id: uuid.UUID
    title: str
    is_demand: bool
    """Whether the reader's company is the one with the need."""
    other: str
    """The other company; empty while it does not want to be named."""
    product: str
    """Part number and name of the chip."""
    reason: str
    reply_by: dt.datetime
    path: str
    answer_path: str


@dataclass(frozen=True, slots=True)
class DigestDeadlineEntry:
    """A challenge of the reader's categories that closes soon."""

    challenge_id: uuid.UUID
    title: str
    code: str
    closes_at: dt.datetime
    path: str


@dataclass(frozen=True, slots=True)
class DigestContent:
    """Everything one digest says; empty when there is nothing to say."""

    entries: tuple[DigestEntry, ...]
    deadlines: tuple[DigestDeadlineEntry, ...]
    has_more: bool
    """Whether further pairings wait, for a later digest."""

    def __bool__(self) -> bool:
        return bool(self.entries or self.deadlines)


def build(session: Session, reader: Reader, *, now: dt.datetime) -> DigestContent:
    """Return what is new to the reader, in two queries: best pairings first, nearest deadline first."""
    pairings = session.execute(_pairings(reader, now)).all()
    deadlines = session.execute(_deadlines(reader, now)).all() if reader.is_supply else []
    return DigestContent(
        entries=tuple(_entry(row, reader) for row in pairings[:MAX_ITEMS]),
        deadlines=tuple(_deadline(row) for row in deadlines),
        has_more=len(pairings) > MAX_ITEMS,
    )


def period(frequency: DigestFrequency, now: dt.datetime) -> str:
    """Return the name of the running period in Shanghai: ``2026-11-24``, or ``2026-W48`` for weekly readers."""
    day = now.astimezone(SHANGHAI).date()
    if frequency is DigestFrequency.WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return day.isoformat()


def _pairings(reader: Reader, now: dt.datetime) -> sa.Select[tuple[object, ...]]:
    """Select pairings that wait for the reader's side and were in no digest of the reader."""
    told = sa.select(DigestItem.id).where(DigestItem.user_id == reader.user_id, DigestItem.pairing_id == Pairing.id)
    demand, supplier, organization = aliased(Organization), aliased(Organization), reader.organization_id
    waits = sa.or_(
        sa.and_(Pairing.demand_id == organization, Pairing.demand_accepted_at.is_(None)),
        sa.and_(Pairing.supplier_id == organization, Pairing.supply_accepted_at.is_(None)),
    )
    need = Need.__table__.c
    return (
        sa.select(
            Pairing.id,
            Pairing.demand_id,
            Pairing.reasons,
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
        .where(Pairing.state == PairingState.PROPOSED, Pairing.reply_by > now, waits, ~told.exists())
        .where(need.state == PostingState.PUBLISHED)
        .order_by(Pairing.score.desc(), Pairing.id)
        .limit(MAX_ITEMS + 1)
    )


def _entry(row: sa.Row[tuple[object, ...]], reader: Reader) -> DigestEntry:
    is_demand = row.demand_id == reader.organization_id
    owner = row.demand_name if row.is_owner_shown else ""
    sentences = reasons.sentences(row.reasons, reader.locale)
    return DigestEntry(
        pairing_id=row.id,
        title=one_line(row.title),
        is_demand=is_demand,
        other=row.supplier_name if is_demand else owner,
        product=one_line(f"{row.part_number or ''} {row.product_name or ''}"),
        reason=sentences[0] if sentences else "",
        reply_by=row.reply_by,
        path=links.pairing(row.id),
        answer_path=links.answer(row.id),
    )


def _deadlines(reader: Reader, now: dt.datetime) -> sa.Select[tuple[object, ...]]:
    """Select open challenges of the company's categories that close within the horizon and are news."""
    need, challenge = Need.__table__.c, Challenge.__table__.c
    told = sa.select(DigestDeadline.user_id).where(
        DigestDeadline.user_id == reader.user_id, DigestDeadline.challenge_id == challenge.id
    )
    wanted = sa.select(NeedCategory.need_id).join(
        OrganizationCategory,
        sa.and_(
            OrganizationCategory.organization_id == reader.organization_id,
            # A firm that names a whole class (C04) is told of all its kinds (C0407).
            sa.or_(
                NeedCategory.code == OrganizationCategory.code,
                NeedCategory.code.startswith(OrganizationCategory.code),
            ),
        ),
    )
    return (
        sa.select(challenge.id, challenge.code, challenge.bid_deadline_at, need.title)
        .join(Need.__table__, need.id == challenge.id)
        .where(
            need.state == PostingState.PUBLISHED,
            need.organization_id != reader.organization_id,
            challenge.bid_deadline_at > now,
            challenge.bid_deadline_at <= now + HORIZON,
            challenge.id.in_(wanted),
            ~told.exists(),
        )
        .order_by(challenge.bid_deadline_at, challenge.id)
        .limit(MAX_DEADLINES)
    )


def _deadline(row: sa.Row[tuple[object, ...]]) -> DigestDeadlineEntry:
    return DigestDeadlineEntry(
        challenge_id=row.id,
        title=one_line(row.title),
        code=row.code or "",
        closes_at=row.bid_deadline_at,
        path=links.challenge(row.id),
    )
