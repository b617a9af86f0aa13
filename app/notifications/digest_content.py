"""What a digest would say to one person: pairings to answer, challenges that close soon; nothing twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.orm import aliased

from app.accounts.models import Membership, Organization, OrganizationCategory
from app.catalog.models import ChipProduct
from app.challenges.models import Challenge
from app.core.clock import SHANGHAI
from app.core.text import one_line
from app.demands.models import Need, NeedCategory
from app.demands.workflow import PostingState
from app.matchmaking import freshness, reasons
from app.matchmaking.models import Pairing
from app.matchmaking.workflow import PairingState
from app.notifications import links
from app.notifications.models import DigestDeadline, DigestFrequency, DigestItem
from app.saved.addresses import item_path
from app.saved.models import SavedSearch, SavedSearchFind, SavedSearchTold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from app.notifications.recipients import Reader

MAX_ITEMS = 8
MAX_DEADLINES = 5
MAX_FINDS = 10
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
class DigestFind:
    """A new result of a search that the reader keeps or shares."""

    subject_id: uuid.UUID
    title: str
    note: str
    search: str
    path: str


@dataclass(frozen=True, slots=True)
class DigestContent:
    """Everything one digest says; empty when there is nothing to say."""

    entries: tuple[DigestEntry, ...]
    deadlines: tuple[DigestDeadlineEntry, ...]
    has_more: bool
    """Whether further pairings wait, for a later digest."""
    finds: tuple[DigestFind, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.deadlines or self.finds)


def build(session: Session, reader: Reader, *, now: dt.datetime) -> DigestContent:
    """Return what is new to one reader."""
    return build_many(session, [reader], now=now)[reader.user_id]


def build_many(session: Session, readers: Sequence[Reader], *, now: dt.datetime) -> dict[uuid.UUID, DigestContent]:
    """Return what is new to each reader: best pairings first, nearest deadline first.

    Takes as many queries however many readers there are. Needs an application context.
    """
    known = {reader.user_id: reader for reader in readers}
    suppliers = [reader.user_id for reader in readers if reader.is_supply]
    rows = session.execute(_pairings(readers, now)).all()
    evidence = freshness.renewed(session, [row for row in rows if row.is_changed])
    pairings = _by_reader(rows)
    deadlines = _by_reader(session.execute(_deadlines(suppliers, now)) if suppliers else ())
    finds = _by_reader(session.execute(_finds(list(known))))
    return {
        user_id: DigestContent(
            entries=_entries(pairings[user_id][:MAX_ITEMS], reader, evidence),
            deadlines=tuple(_deadline(row) for row in deadlines[user_id]),
            has_more=len(pairings[user_id]) > MAX_ITEMS,
            finds=tuple(map(_find, finds[user_id])),
        )
        for user_id, reader in known.items()
    }


def _by_reader(rows: Iterable[sa.Row[Any]]) -> defaultdict[uuid.UUID, list[sa.Row[Any]]]:
    sorted_out: defaultdict[uuid.UUID, list[sa.Row[Any]]] = defaultdict(list)
    for row in rows:
        sorted_out[row.user_id].append(row)
    return sorted_out


def period(frequency: DigestFrequency, now: dt.datetime) -> str:
    """Return the name of the running period in Shanghai: ``2026-11-24``, or ``2026-W48`` or ``2026-11``."""
    day = now.astimezone(SHANGHAI).date()
    if frequency is DigestFrequency.WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if frequency is DigestFrequency.MONTHLY:
        return f"{day:%Y-%m}"
    return day.isoformat()


def _pairings(readers: Sequence[Reader], now: dt.datetime) -> sa.Select[tuple[object, ...]]:
    """Select the best pairings that wait for each reader's side and were in no digest of the reader."""
    ranked = sa.union_all(
        _waiting(Pairing.demand_id, Pairing.demand_accepted_at, readers, now),
        _waiting(Pairing.supplier_id, Pairing.supply_accepted_at, readers, now),
    ).subquery()
    place = sa.func.row_number().over(partition_by=ranked.c.user_id, order_by=(ranked.c.score.desc(), ranked.c.id))
    best = sa.select(ranked, place.label("place")).subquery()
    demand, supplier, need = aliased(Organization), aliased(Organization), Need.__table__.c
    return (
        sa.select(
            best.c.user_id,
            best.c.id,
            Pairing.need_id,
            Pairing.demand_id,
            Pairing.product_id,
            Pairing.reasons,
            Pairing.proposed_at,
            Pairing.reply_by,
            freshness.has_changed(need=need).label("is_changed"),
            need.title,
            need.is_owner_shown,
            demand.legal_name_zh.label("demand_name"),
            supplier.legal_name_zh.label("supplier_name"),
            ChipProduct.part_number,
            ChipProduct.name.label("product_name"),
        )
        .select_from(best)
        .join(Pairing, Pairing.id == best.c.id)
        .join(Need.__table__, need.id == Pairing.need_id)
        .join(demand, demand.id == Pairing.demand_id)
        .join(supplier, supplier.id == Pairing.supplier_id)
        .outerjoin(ChipProduct, ChipProduct.id == Pairing.product_id)
        .where(best.c.place <= MAX_ITEMS + 1)
        .order_by(best.c.user_id, best.c.place)
    )


def _waiting(
    side: sa.orm.InstrumentedAttribute[uuid.UUID],
    accepted_at: sa.orm.InstrumentedAttribute[dt.datetime | None],
    readers: Sequence[Reader],
    now: dt.datetime,
) -> sa.Select[Any]:
    """Select what waits for the answer of readers whose company stands on one side.

    States are cast, and companies named, so that no database begins with all that is open: it is to begin with the
    readers.
    """
    told = sa.select(DigestItem.id).where(DigestItem.user_id == Membership.user_id, DigestItem.pairing_id == Pairing.id)
    need = Need.__table__.c
    return (
        sa.select(Membership.user_id, Pairing.id, Pairing.score)
        .join(Pairing, side == Membership.organization_id)
        .join(Need.__table__, need.id == Pairing.need_id)
        .where(
            Membership.user_id.in_([reader.user_id for reader in readers]),
            side.in_([reader.organization_id for reader in readers]),
            sa.cast(Pairing.state, sa.String) == PairingState.PROPOSED.value,
            Pairing.reply_by > now,
            accepted_at.is_(None),
            sa.cast(need.state, sa.String) == PostingState.PUBLISHED.value,
            ~told.exists(),
        )
    )


def _entries(
    rows: Sequence[sa.Row[Any]], reader: Reader, evidence: Mapping[uuid.UUID, Mapping[str, Any]]
) -> tuple[DigestEntry, ...]:
    with force_locale(reader.locale):
        return tuple(_entry(row, reader, evidence.get(row.id, row.reasons)) for row in rows)


def _entry(row: sa.Row[Any], reader: Reader, evidence: Mapping[str, Any]) -> DigestEntry:
    is_demand = row.demand_id == reader.organization_id
    owner = row.demand_name if row.is_owner_shown else ""
    return DigestEntry(
        pairing_id=row.id,
        title=one_line(row.title),
        is_demand=is_demand,
        other=row.supplier_name if is_demand else owner,
        product=one_line(f"{row.part_number or ''} {row.product_name or ''}"),
        reason=reasons.telling(evidence, reader.locale, is_demand=is_demand),
        reply_by=row.reply_by,
        path=links.pairing(row.id),
        answer_path=links.answer(row.id),
    )


def _deadlines(user_ids: list[uuid.UUID], now: dt.datetime) -> sa.Select[tuple[object, ...]]:
    """Select open challenges of each reader's field that close within the horizon and are news."""
    need, challenge = Need.__table__.c, Challenge.__table__.c
    told = sa.select(DigestDeadline.user_id).where(
        DigestDeadline.user_id == Membership.user_id, DigestDeadline.challenge_id == challenge.id
    )
    # A firm that names a whole class (C04) is told of all its kinds (C0407).
    is_wanted = NeedCategory.code.startswith(OrganizationCategory.code)
    wanted = (
        sa.select(Membership.user_id, challenge.id, challenge.code, challenge.bid_deadline_at, need.title)
        .distinct()
        .select_from(Challenge.__table__)
        .join(Need.__table__, need.id == challenge.id)
        .join(NeedCategory, NeedCategory.need_id == challenge.id)
        .join(OrganizationCategory, is_wanted)
        .join(Membership, Membership.organization_id == OrganizationCategory.organization_id)
        .where(
            Membership.user_id.in_(user_ids),
            need.state == PostingState.PUBLISHED,
            need.organization_id != Membership.organization_id,
            challenge.bid_deadline_at > now,
            challenge.bid_deadline_at <= now + HORIZON,
            ~told.exists(),
        )
        .subquery()
    )
    order = (wanted.c.bid_deadline_at, wanted.c.id)
    place = sa.func.row_number().over(partition_by=wanted.c.user_id, order_by=order).label("place")
    near = sa.select(wanted, place).subquery()
    return sa.select(near).where(near.c.place <= MAX_DEADLINES).order_by(near.c.user_id, near.c.place)


def _finds(user_ids: list[uuid.UUID]) -> sa.Select[tuple[object, ...]]:
    """Select what is new in the searches that each reader keeps or shares, once whatever searches found it."""
    told = sa.select(SavedSearchTold.user_id).where(
        SavedSearchTold.user_id == Membership.user_id, SavedSearchTold.subject_id == SavedSearchFind.subject_id
    )
    is_shared = sa.and_(SavedSearch.is_shared, SavedSearch.organization_id == Membership.organization_id)
    first = sa.func.row_number().over(
        partition_by=(Membership.user_id, SavedSearchFind.subject_id), order_by=(SavedSearch.created_at, SavedSearch.id)
    )
    news = (
        sa.select(
            Membership.user_id,
            SavedSearchFind.subject_id,
            SavedSearchFind.title,
            SavedSearchFind.note,
            SavedSearchFind.found_at,
            SavedSearch.kind,
            SavedSearch.title.label("search"),
            first.label("first"),
        )
        .select_from(Membership)
        .join(SavedSearch, sa.or_(SavedSearch.user_id == Membership.user_id, is_shared))
        .join(SavedSearchFind, SavedSearchFind.search_id == SavedSearch.id)
        .where(Membership.user_id.in_(user_ids), SavedSearch.has_mail, ~told.exists())
        .subquery()
    )
    newest = (news.c.found_at.desc(), news.c.subject_id)
    place = sa.func.row_number().over(partition_by=news.c.user_id, order_by=newest).label("place")
    ranked = sa.select(news, place).where(news.c.first == 1).subquery()
    return sa.select(ranked).where(ranked.c.place <= MAX_FINDS).order_by(ranked.c.user_id, ranked.c.place)


def _find(row: sa.Row[tuple[object, ...]]) -> DigestFind:
    return DigestFind(
        subject_id=row.subject_id,
        title=one_line(row.title),
        note=one_line(row.note),
        search=one_line(row.search),
        path=item_path(row.kind, row.subject_id),
    )


def _deadline(row: sa.Row[tuple[object, ...]]) -> DigestDeadlineEntry:
    return DigestDeadlineEntry(
        challenge_id=row.id,
        title=one_line(row.title),
        code=row.code or "",
        closes_at=row.bid_deadline_at,
        path=links.challenge(row.id),
    )
