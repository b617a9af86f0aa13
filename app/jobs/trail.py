"""What happens to the trail by itself: sealed entries are told once they may be, and every day is fixed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.accounts.models import User
from app.audit import heads, service, verify
from app.audit.sealed import disclose as disclose_events
from app.core import clock
from app.core.actor import SYSTEM
from app.db import current_session, transaction
from app.mail.sealed import disclose as disclose_messages

if TYPE_CHECKING:
    import uuid

    from app.audit.verify import Verdict
    from app.core.actor import Actor

log = logging.getLogger(__name__)


class TrailBroken(RuntimeError):
    """The trail is not what was written."""


def disclose() -> int:
    """Tell everything whose competition has been opened, in small transactions; return how many rows."""
    n_told, n_more = 0, 1
    while n_more:
        with transaction() as session:
            n_more = disclose_events(session) + disclose_messages(session)
        n_told += n_more
    return n_told


def asker(user_id: uuid.UUID | None) -> Actor:
    """Return the person who asked for a job, or the portal itself."""
    user = current_session().get(User, user_id) if user_id else None
    return user.as_actor() if user else SYSTEM


def check(*, actor: Actor) -> Verdict:
    """Check the trail without holding anybody up, and put the result on it."""
    verdict = verify.verify(current_session())
    with transaction() as session:
        service.record_check(session, actor, verdict)
    if not verdict.is_whole:
        log.error("the audit trail is broken", extra={"fault": verdict.fault, "where": verdict.where})
    return verdict


def fix_day() -> None:
    """Check the trail and publish where it stands, once a day. Raises TrailBroken, after publishing all the same."""
    verdict = check(actor=SYSTEM)
    with transaction() as session:
        head = heads.publish_head(session, now=clock.now())
        if head is not None:
            log.info("audit trail published", extra={"day": head.day.isoformat(), "hash": head.hash})
    if not verdict.is_whole:
        raise TrailBroken(f"{verdict.fault} ({verdict.where})")
