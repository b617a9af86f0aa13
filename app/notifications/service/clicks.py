"""Counting links of digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.clock import SHANGHAI
from app.core.upsert import insert_into
from app.notifications.models import DigestClick

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from app.notifications.clicks import ClickKind


def count_click(session: Session, *, kind: ClickKind, now: dt.datetime) -> None:
    """Add one to the links of a kind that were followed today; no trail, which would tell by whom."""
    row = {"day": now.astimezone(SHANGHAI).date(), "kind": kind.value, "n": 1}
    one_more = insert_into(session, DigestClick).values(row)
    one_more = one_more.on_conflict_do_update(index_elements=["day", "kind"], set_={"n": DigestClick.n + 1})
    session.execute(one_more)
