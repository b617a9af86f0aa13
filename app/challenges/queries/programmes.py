"""Programmes as the desk lists and edits them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.challenges.commands import SaveProgramme
from app.challenges.models import Challenge, Programme
from app.challenges.programme_content import filled_programme
from app.core.errors import NotFound
from app.core.paging import Page, paginate

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """A programme with how much rests on it."""

    id: uuid.UUID
    rules: SaveProgramme
    n_challenges: int
    n_published: int
    """Challenges ever published under it; from the first on its rules stay."""


def programmes(session: Session, *, page: int) -> Page[ProgrammeLine]:
    """Return one page of programmes, open ones first, in three queries."""
    found: Page[Programme] = paginate(
        session, sa.select(Programme).order_by(Programme.is_open.desc(), Programme.code), number=page
    )
    counts = _counts(session, [programme.id for programme in found.items])
    return found.map(lambda programme: _line(programme, counts))


def programme(session: Session, programme_id: uuid.UUID) -> ProgrammeLine:
    """Return one programme; raise NotFound."""
    row = session.get(Programme, programme_id)
    if row is None:
        raise NotFound("There is no such programme.", code="programme_not_found")
    return _line(row, _counts(session, [row.id]))


def _counts(session: Session, ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    query = (
        sa.select(Challenge.__table__.c.programme_id, sa.func.count(), sa.func.count(Challenge.__table__.c.code))
        .where(Challenge.__table__.c.programme_id.in_(ids))
        .group_by(Challenge.__table__.c.programme_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def _line(programme: Programme, counts: dict[uuid.UUID, tuple[int, int]]) -> ProgrammeLine:
    n_challenges, n_published = counts.get(programme.id, (0, 0))
    return ProgrammeLine(programme.id, filled_programme(programme), n_challenges, n_published)
