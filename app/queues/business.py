"""What waits for one person at the desk: every queue that is theirs and is not empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.matchmaking.models import MessageReport
from app.matchmaking.workflow import ReportState
from app.queues.competition import competition_queues
from app.queues.desk import Overview, overview
from app.queues.waiting import Waiting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.core.actor import Actor


def business(session: Session, *, actor: Actor, now: dt.datetime) -> tuple[Waiting, ...]:
    """Return the queues in which something waits for the actor, in the order of the desk.

    A prefecture's officer has the challenges of the city; everybody else of the desk has what the first page shows.
    """
    found = competition_queues(session, actor=actor, now=now)
    if actor.is_staff:
        shown = overview(session)
        found = (shown.companies, shown.postings, shown.suggestions, _reports(session), *found, *_broken(shown))
    return tuple(queue for queue in found if queue.n_waiting)


def _reports(session: Session) -> Waiting:
    open_ones = MessageReport.state == ReportState.OPEN
    query = sa.select(sa.func.count(), sa.func.min(MessageReport.reported_at)).where(open_ones)
    n_waiting, since = session.execute(query).one()
    return Waiting(_l("Reported messages"), "desk_messages.list", None, n_waiting, "", since)


def _broken(shown: Overview) -> Iterator[Waiting]:
    """Yield what was given up and waits for somebody to look at it; since when is not known of all."""
    yield Waiting(_l("Failed jobs"), "desk_jobs.list", None, shown.jobs.n_failed)
    yield Waiting(_l("Failed messages"), "desk_mail.list", None, shown.mails.n_failed)
