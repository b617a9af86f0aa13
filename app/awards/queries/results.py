"""The public archive of results."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from app.awards.queries.views import ResultLine
from app.challenges.models import Challenge, Programme
from app.core.clock import SHANGHAI
from app.core.paging import paginate_rows
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.paging import Page

ENDED = (PostingState.AWARDED, PostingState.NO_AWARD)
SHOWN = (PostingState.PUBLICITY, *ENDED)


@dataclass(frozen=True, slots=True)
class ResultFilter:
    """What the reader wants to see; empty values do not narrow."""

    text: str = ""
    state: str = ""
    year: int | None = None
    programme_id: uuid.UUID | None = None


def results(session: Session, *, wanted: ResultFilter, page: int) -> Page[ResultLine]:
    """Return one page of competitions in public notice or ended, newest first."""
    query = (
        select(Challenge, Programme.name)
        .outerjoin(Programme, Programme.id == Challenge.programme_id)
        .where(Challenge.state.in_([wanted.state] if wanted.state in SHOWN else SHOWN))
    )
    if wanted.text:
        like = f"%{wanted.text.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Challenge.title.ilike(like), Challenge.code.ilike(like)))
    if wanted.year:
        query = query.where(Challenge.code.startswith(f"CH{wanted.year}-"))
    if wanted.programme_id:
        query = query.where(Challenge.programme_id == wanted.programme_id)
    ordered = query.order_by(Challenge.bid_deadline_at.desc(), Challenge.id)
    return paginate_rows(session, ordered, number=page).map(lambda row: _line(*row))


def years(session: Session) -> list[int]:
    """Return the years (Shanghai) in which competitions ended or are in notice, newest first."""
    query = select(Challenge.published_at).where(Challenge.state.in_(SHOWN), Challenge.published_at.is_not(None))
    return sorted({instant.astimezone(SHANGHAI).year for instant in session.scalars(query) if instant}, reverse=True)


def programmes(session: Session) -> list[tuple[uuid.UUID, str]]:
    """Return the programmes under which there are results."""
    query = (
        select(Programme.id, Programme.name)
        .where(Programme.id.in_(select(Challenge.programme_id).where(Challenge.state.in_(SHOWN))))
        .order_by(Programme.name)
    )
    return [(programme_id, name) for programme_id, name in session.execute(query)]


def _line(challenge: Challenge, programme: str | None) -> ResultLine:
    outcome = challenge.outcome or {}
    return ResultLine(
        id=challenge.id,
        code=challenge.code or "",
        title=challenge.title,
        programme=programme or "",
        state=challenge.state,
        ended_at=challenge.closed_at,
        winners=tuple(str(one.get("name", "")) for one in outcome.get("winners", ())),
        reasons=tuple(outcome.get("reasons", ())),
    )
