"""The days of a year that differ from the rule of the week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.accounts.models import User
from app.challenges.models import WorkingDayOverride
from app.core.calendar import shipped_exceptions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day off in the week, or a worked weekend day, and who says so."""

    day: dt.date
    is_working: bool
    is_shipped: bool
    note: str = ""
    author: str = ""
    is_replacing: bool = False
    """Whether the desk contradicts the shipped calendar."""


def special_days(session: Session, *, year: int) -> tuple[SpecialDay, ...]:
    """Return the special days of a year in order, the desk's in place of the shipped ones."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    rows = session.execute(
        sa.select(WorkingDayOverride, User.name)
        .outerjoin(User, User.id == WorkingDayOverride.created_by)
        .where(WorkingDayOverride.day.between(first, last))
    ).tuples()
    shipped = {day: works for day, works in shipped_exceptions().items() if day.year == year}
    found = {day: SpecialDay(day, works, is_shipped=True) for day, works in shipped.items()}
    for row, author in rows:
        found[row.day] = SpecialDay(row.day, row.is_working, False, row.note, author or "", row.day in shipped)
    return tuple(found[day] for day in sorted(found))


def known_years(session: Session) -> tuple[int, ...]:
    """Return the years about which something is known, newest last."""
    days = {*shipped_exceptions(), *session.scalars(sa.select(WorkingDayOverride.day))}
    return tuple(sorted({day.year for day in days}))
