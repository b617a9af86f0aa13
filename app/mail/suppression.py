"""Addresses to which nothing goes any more: they do not exist, or their readers have complained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.core.upsert import insert_into
from app.mail.models import MailSuppression, Suppression

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

ASKED_FOR = frozenset({"confirm_email", "reset_password", "account_exists", "password_was_reset"})
"""Messages that somebody has asked for a moment ago: an earlier complaint about news does not hold them back."""


def reasons(session: Session, addresses: Iterable[str]) -> dict[str, Suppression]:
    """Return the reason of each of these addresses that is suppressed, by address in lower case."""
    known = {address.lower() for address in addresses}
    query = sa.select(MailSuppression.address, MailSuppression.reason).where(MailSuppression.address.in_(known))
    return dict(session.execute(query).tuples().all()) if known else {}


def holds(found: Mapping[str, Suppression], address: str, template: str) -> bool:
    """Return whether a message of this template stays here, given the ``reasons`` found."""
    reason = found.get(address.lower())
    return reason is not None and not (reason is Suppression.COMPLAINT and template in ASKED_FOR)


def suppress(session: Session, *, address: str, reason: Suppression, detail: str, now: dt.datetime) -> bool:
    """Send nothing more to an address; return whether it was not suppressed before."""
    row = {"address": address.lower(), "reason": reason, "detail": detail[:500], "created_at": now}
    fresh = insert_into(session, MailSuppression).values(row).on_conflict_do_nothing(index_elements=["address"])
    return session.scalar(fresh.returning(MailSuppression.address)) is not None
