"""How the slice's codes and events are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.matchmaking.labels import PAIRING_STEPS
from app.notifications import competition
from app.notifications.events import EventKind
from app.notifications.telling import CompetitionEvent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask_babel.speaklater import LazyString

FREQUENCIES = {
    "daily": _l("Daily, at 09:00 Beijing time"),
    "weekly": _l("Weekly, on Monday at 09:00 Beijing time"),
    "monthly": _l("Monthly, on the 1st at 09:00 Beijing time"),
    "off": _l("No digest"),
}
CLICKS = {
    "pairing": _l("Pairings: see why"),
    "answer": _l("Pairings: answer"),
    "challenge": _l("Challenges"),
    "search": _l("New in searches"),
}
FREQUENCIES_SHORT = {"daily": _l("Daily"), "weekly": _l("Weekly"), "monthly": _l("Monthly"), "off": _l("Off")}

# Written with gettext's own marker so that they are collected; filled in by line().
_LINES: dict[str, LazyString] = {
    EventKind.NEED_PUBLISHED: _l("Your need is public: {title}"),
    EventKind.CHALLENGE_PUBLISHED: _l("Your challenge is public: {title}"),
    EventKind.NEED_RETURNED: _l("Please revise and send in again: {title}"),
    EventKind.ORGANIZATION_VERIFIED: _l("{organization} has been verified."),
    EventKind.ORGANIZATION_REJECTED: _l("The verification of {organization} was refused."),
    EventKind.PAIRING_PROPOSED: _l("A pairing waits for your answer: {title}"),
    EventKind.PAIRING_ACCEPTED: _l("The other side has accepted; your answer is awaited: {title}"),
    EventKind.PAIRING_INTRODUCED: _l("Both sides have accepted; contacts are open: {title}"),
    EventKind.PAIRING_DECLINED: _l("The other side has declined: {title}"),
    EventKind.PAIRING_ADVANCED: _l("{step}: {title}"),
    EventKind.PAIRING_DROPPED: _l("The other side has given the pairing up: {title}"),
    EventKind.PAIRING_REMINDED: _l("A pairing waits for the next step: {title}"),
    EventKind.PAIRING_EXPIRED: _l("A pairing has expired: {title}"),
    EventKind.PAIRING_MESSAGE: _l("A message from {other}: {title}"),
    EventKind.MEETING_PROPOSED: _l("A meeting is proposed: {other}, {title}"),
    EventKind.MEETING_DECLINED: _l("The proposed meeting will not take place: {other}, {title}"),
    EventKind.MEETING_SET: _l("Meeting with {other} on {span}: {title}"),
    EventKind.MEETING_MOVED: _l("The meeting with {other} has a new time or place, {span}: {title}"),
    EventKind.MEETING_CANCELLED: _l("The meeting with {other} is cancelled: {title}"),
    EventKind.MEETING_NEXT_DAY: _l("What came of your meeting with {other}?"),
    EventKind.MEETING_NEXT_MONTH: _l("A month after your meeting with {other}: how does it go on?"),
    EventKind.EVENT_CANCELLED: _l("The event has been cancelled: {title}"),
    EventKind.BID_CORRECTION_ASKED: _l("Your bid can be corrected within three working days: {title}"),
    EventKind.BID_FORMAT_DECIDED: _l("The format check of your bid is decided: {title}"),
    EventKind.BID_OPENED: _l("Your bid has been opened: {title}"),
    EventKind.BID_DEFENCE_SET: _l("Your bid is short-listed; the hour of its defence is set: {title}"),
    EventKind.REVIEW_INVITED: _l("You are asked to judge bids: {title}"),
    EventKind.REVIEW_REMINDED: _l("A review waits for you: {title}"),
    EventKind.REVIEW_MEETING: _l("The discussion of the bids is open: {title}"),
    EventKind.REVIEW_RANKED: _l("The bids for your challenge are ranked: {title}"),
    EventKind.ROBOT_STOPPED: _l("A group robot was switched off, as its posts came to nothing: {title}"),
}
ICONS: dict[str, str] = {
    EventKind.NEED_PUBLISHED: "card-list",
    EventKind.CHALLENGE_PUBLISHED: "flag",
    EventKind.NEED_RETURNED: "arrow-return-left",
    EventKind.ORGANIZATION_VERIFIED: "patch-check",
    EventKind.ORGANIZATION_REJECTED: "patch-exclamation",
    EventKind.PAIRING_PROPOSED: "link-45deg",
    EventKind.PAIRING_ACCEPTED: "link-45deg",
    EventKind.PAIRING_INTRODUCED: "people",
    EventKind.PAIRING_DECLINED: "x-circle",
    EventKind.PAIRING_ADVANCED: "arrow-right-circle",
    EventKind.PAIRING_DROPPED: "x-circle",
    EventKind.PAIRING_REMINDED: "alarm",
    EventKind.PAIRING_EXPIRED: "x-circle",
    EventKind.PAIRING_MESSAGE: "chat-left-text",
    EventKind.MEETING_PROPOSED: "calendar-plus",
    EventKind.MEETING_DECLINED: "calendar-x",
    EventKind.MEETING_SET: "calendar-check",
    EventKind.MEETING_MOVED: "calendar-event",
    EventKind.MEETING_CANCELLED: "calendar-x",
    EventKind.MEETING_NEXT_DAY: "chat-left-text",
    EventKind.MEETING_NEXT_MONTH: "chat-left-text",
    EventKind.EVENT_CANCELLED: "calendar-x",
    EventKind.BID_CORRECTION_ASKED: "pencil-square",
    EventKind.BID_FORMAT_DECIDED: "clipboard-check",
    EventKind.BID_OPENED: "unlock",
    EventKind.BID_DEFENCE_SET: "calendar-check",
    EventKind.REVIEW_INVITED: "clipboard-check",
    EventKind.REVIEW_REMINDED: "alarm",
    EventKind.REVIEW_MEETING: "chat-square-text",
    EventKind.REVIEW_RANKED: "trophy",
    EventKind.ROBOT_STOPPED: "robot",
}

TOLD = {event.value: event for event in CompetitionEvent}
ICONS |= {event: telling.icon for event, telling in competition.TELLINGS.items()}


def line(kind: str, payload: Mapping[str, Any]) -> str:
    """Return an event as one line of the inbox, in the language of the page."""
    if kind in TOLD:
        return competition.line(TOLD[kind], payload)
    pattern = _LINES.get(kind)
    if pattern is None:
        return gettext("News")
    names = {
        "title": "—",
        "organization": "—",
        "other": "—",
        "span": "—",
        **{name: str(value) for name, value in payload.items()},
        "step": str(PAIRING_STEPS.get(payload.get("step", ""), "—")),
    }
    return str(pattern).format_map(names)


def detail(kind: str, payload: Mapping[str, Any]) -> str:
    """Return what tells two lines about the same apart, and is not in the line: chip, company, meeting, time."""
    said = line(kind, payload)
    found = (str(payload[name]) for name in ("product", "other", "title", "span") if payload.get(name))
    return " · ".join(one for one in found if one not in said)
