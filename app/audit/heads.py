"""The hash of every day: published, so that whoever notes it down can prove later that nothing was changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app.audit.chain import START, canonical
from app.audit.models import AuditHead, AuditLink
from app.core.clock import SHANGHAI

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session


def publish_head(session: Session, *, now: dt.datetime) -> AuditHead | None:
    """Fix where all chains stand, once for each day in Shanghai; None when that has been done.

    Chains of sealed competitions are under the same hash, which therefore does not tell whether they have grown.
    """
    day = now.astimezone(SHANGHAI).date()
    last = newest(session)
    if last is not None and last.day >= day:
        return None
    previous, chains = (last.hash if last else START), _ends(session)
    digest = head_hash(previous, day, chains)
    head = AuditHead(day=day, created_at=now, chains=chains, previous=previous, hash=digest)
    session.add(head)
    session.flush()
    return head


def head_hash(previous: str, day: dt.date, chains: dict[str, Any]) -> str:
    """Return the SHA-256 over the hash of the day before, the day, and number and hash of every chain's end."""
    return hashlib.sha256(canonical([previous, day.isoformat(), chains])).hexdigest()


def newest(session: Session) -> AuditHead | None:
    """Return the head that was published last."""
    return session.scalars(sa.select(AuditHead).order_by(AuditHead.day.desc()).limit(1)).one_or_none()


def published(session: Session, *, limit: int | None) -> list[tuple[dt.date, str]]:
    """Return day and hash of what was published, the newest first; nothing else of it is for everybody."""
    query = sa.select(AuditHead.day, AuditHead.hash).order_by(AuditHead.day.desc()).limit(limit)
    return [(row.day, row.hash) for row in session.execute(query)]


def _ends(session: Session) -> dict[str, list[Any]]:
    """Return number and hash of the last link of every chain, as one statement sees them."""
    last = (
        sa.select(AuditLink.chain, sa.func.max(AuditLink.number).label("number")).group_by(AuditLink.chain).subquery()
    )
    query = sa.select(AuditLink.chain, AuditLink.number, AuditLink.hash).join(
        last, sa.and_(last.c.chain == AuditLink.chain, last.c.number == AuditLink.number)
    )
    return {row.chain.hex: [row.number, row.hash] for row in session.execute(query)}
