"""Checking the trail: every hash is computed again, and nothing needs to be unsealed for it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.audit.chain import START, chain_of, link_hash
from app.audit.heads import head_hash
from app.audit.models import MAIN, AuditEvent, AuditHead, AuditLink
from app.audit.sealed import opened
from app.core.box import BoxError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

BATCH = 1000
Place = tuple[uuid.UUID, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check has found; ``fault`` is the first thing that is wrong, empty when nothing is."""

    n_events: int
    """Entries of the open chain; how far those of sealed competitions have grown would tell that somebody bids."""
    n_days: int
    fault: str = ""
    where: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.fault


class _Broken(Exception):
    """Something does not fit; the first argument says what, the second where."""


@dataclass
class _Walk:
    n_events: int = 0
    n_days: int = 0
    heads: list[AuditHead] = field(default_factory=list)
    known: dict[Place, str] = field(default_factory=dict)
    """Hashes of the links that published heads speak of."""


def verify(session: Session) -> Verdict:
    """Check events, chains, published heads and disclosures; reads the whole trail, a batch at a time."""
    walk = _Walk(heads=list(session.scalars(sa.select(AuditHead).order_by(AuditHead.day))))
    try:
        _check_links(session, walk)
        _check_nothing_unlinked(session)
        _check_heads(walk)
        _check_disclosures(session)
    except _Broken as broken:
        return Verdict(walk.n_events, walk.n_days, *map(str, broken.args))
    return Verdict(walk.n_events, walk.n_days)


def _check_links(session: Session, walk: _Walk) -> None:
    query = (
        sa.select(AuditLink, AuditEvent)
        .join(AuditEvent, AuditEvent.seq == AuditLink.seq)
        .order_by(AuditLink.chain, AuditLink.number)
    )
    fresh = query.execution_options(yield_per=BATCH, populate_existing=True)
    with session.execute(fresh) as rows:
        _walk_along(rows.tuples(), walk)


def _walk_along(rows: Iterable[tuple[AuditLink, AuditEvent]], walk: _Walk) -> None:
    wanted = {(uuid.UUID(chain), end[0]) for head in walk.heads for chain, end in head.chains.items()}
    chain, number, previous = None, 0, START
    for link, event in rows:
        if link.chain != chain:
            chain, number, previous = link.chain, 0, START
        number += 1
        _check_link(link, event, number, previous)
        previous = link.hash
        walk.n_events += link.chain == MAIN
        if (link.chain, number) in wanted:
            walk.known[link.chain, number] = previous


def _check_link(link: AuditLink, event: AuditEvent, number: int, previous: str) -> None:
    where = f"entry {event.seq}"
    if link.number != number or link.previous != previous or chain_of(event) != link.chain:
        raise _Broken("An entry is missing from its chain or stands in the wrong place.", where)
    if link.hash != link_hash(previous, number, event):
        raise _Broken("An entry was changed after it was written.", where)


def _check_nothing_unlinked(session: Session) -> None:
    free = (
        sa.select(AuditEvent.seq).outerjoin(AuditLink, AuditLink.seq == AuditEvent.seq).where(AuditLink.seq.is_(None))
    )
    seq = session.scalar(free.order_by(AuditEvent.seq).limit(1))
    if seq is not None:
        raise _Broken("An entry belongs to no chain.", f"entry {seq}")


def _check_heads(walk: _Walk) -> None:
    previous = START
    for head in walk.heads:
        if head.previous != previous or head.hash != head_hash(previous, head.day, head.chains):
            raise _Broken("A published hash was changed, or one before it was removed.", head.day.isoformat())
        for chain, (number, digest) in head.chains.items():
            if walk.known.get((uuid.UUID(chain), number)) != digest:
                raise _Broken("Entries that a published hash covers are gone or others.", head.day.isoformat())
        previous = head.hash
        walk.n_days += 1


def _check_disclosures(session: Session) -> None:
    told = aliased(AuditEvent)
    pairs = sa.select(told, AuditEvent).join(AuditEvent, AuditEvent.seq == told.discloses).order_by(told.seq)
    with session.execute(pairs.execution_options(yield_per=BATCH)) as rows:
        for clear, locked in rows.tuples():
            if not _says_the_same(clear, locked):
                raise _Broken("An entry was disclosed as something else than was sealed.", f"entry {clear.seq}")


def _says_the_same(clear: AuditEvent, locked: AuditEvent) -> bool:
    try:
        told = {**opened(locked), "created_at": locked.created_at}
    except BoxError:
        return True  # locked with a key that was lost since: the chain alone vouches for both
    return all(getattr(clear, name) == value for name, value in told.items())
