"""The desk's working days for whatever counts them in this request or job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, has_app_context
from sqlalchemy import select

from app.challenges.models import WorkingDayOverride
from app.db import current_session

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


def current_overrides() -> Mapping[dt.date, bool]:
    """Return the days the desk has laid over the shipped ones; read once a request or job."""
    if not has_app_context():
        return {}
    found: Mapping[dt.date, bool] | None = g.get("working_days")
    if found is None:
        query = select(WorkingDayOverride.day, WorkingDayOverride.is_working)
        session = current_session()
        with session.no_autoflush:  # whoever counts days may be in the middle of changing something
            found = dict(session.execute(query).tuples().all())
        g.working_days = found
    return found


def forget() -> None:
    """Let the next question about a working day read the desk's days again."""
    g.pop("working_days", None)
