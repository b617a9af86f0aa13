"""The events, for everybody, and the calendars that programs subscribe to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, render_template, request, url_for

from app.accounts.current import current_actor
from app.core import clock
from app.core.errors import NotFound
from app.db import current_session
from app.events import feed_token, invitations, labels, policy
from app.events.invitations import Invitation
from app.events.queries import events as queries
from app.events.queries import meetings

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.events.queries.meetings import MeetingView

bp = Blueprint("events", __name__, url_prefix="/events")
feed_bp = Blueprint("calendar_feed", __name__, url_prefix="/calendar")
PUBLIC_TABS = ("coming", "past", "cancelled")


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show what comes and what was."""
    session, tab = current_session(), request.args.get("tab", "coming")
    tab = tab if tab in PUBLIC_TABS else "coming"
    return render_template(
        "events/list.html",
        page=queries.events(session, tab=tab, page=request.args.get("page", 1, int)),
        counts=queries.tab_counts(session),
        tab=tab,
        labels=labels,
    )


@bp.get("/<uuid:event_id>")
def show(event_id: uuid.UUID) -> ResponseReturnValue:
    """Show one event and who exhibits."""
    session, actor = current_session(), current_actor()
    event = queries.event_page(session, actor=actor, event_id=event_id)
    return render_template(
        "events/show.html",
        event=event,
        exhibitors=queries.exhibitor_names(session, event_id=event_id),
        decision=policy.can_register(
            actor,
            state=event.state,
            registers_from=event.registers_from,
            registers_until=event.registers_until,
            now=clock.now(),
        ),
        labels=labels,
    )


@feed_bp.get("/<token>.ics")
def show_feed(token: str) -> ResponseReturnValue:
    """Send a person's meetings to the calendar program that knows the address."""
    known = feed_token.read(current_app.extensions["chipbridge_settings"].secret_key, token)
    if known is None:
        raise NotFound("This calendar address is no longer in use.", code="feed_gone")
    user_id, generation = known
    actor, rows = meetings.feed(current_session(), user_id=user_id, generation=generation, now=clock.now())
    content = invitations.feed(map(_invitation, rows), locale=actor.locale, now=clock.now())
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, max-age=900"
    return answer


def _invitation(meeting: MeetingView) -> Invitation:
    if meeting.starts_at is None or meeting.ends_at is None:  # pragma: no cover - the query asks for fixed times
        raise RuntimeError("a meeting without a time in a calendar")
    return Invitation(
        meeting_id=meeting.id,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        title=meeting.title("zh_Hans_CN"),
        other=meeting.other_name,
        place=meeting.place,
        video_url=meeting.video_url,
        path=url_for("meetings.show", meeting_id=meeting.id),
    )
