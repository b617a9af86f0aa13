"""Telling the group chats of a company what its people are told: one short line, once a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import force_locale

from app.notifications import labels
from app.notifications.timing import MailTiming
from app.robots.service import listening, queue_message

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from app.notifications.news import News
    from app.outbox.topics import Topic


def tell_groups(session: Session, items: Sequence[News], *, topic: Topic, now: dt.datetime) -> int:
    """Note what the groups of the companies concerned shall be told; return how many messages that are.

    What is one person's business, or nobody's company's, is told to no group. In a group's quiet hours a message
    waits for their end, whatever it is about: the inbox and the mail do not.
    """
    told = {item.organization_id: item for item in items if item.organization_id is not None and item.user_id is None}
    if not told:
        return 0
    n_noted = 0
    for listener in listening(session, organization_ids=told, topic=topic):
        item = told[listener.organization_id]
        with force_locale(listener.locale):
            text = labels.line(item.kind, {**item.payload, "organization": listener.organization_name})
        n_noted += queue_message(
            session,
            listener,
            topic=topic,
            event_key=item.key,
            text=text,
            path=item.path,
            due_at=MailTiming(quiet_from=listener.quiet_from, quiet_until=listener.quiet_until).send_at(now),
            now=now,
        )
    return n_noted
