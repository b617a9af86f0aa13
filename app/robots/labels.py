"""How the slice's codes are called."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.outbox.topics import Topic
from app.robots.outcome import Reason

TOPICS = {
    Topic.COMPANY: _l("The company itself"),
    Topic.POSTINGS: _l("Our needs and challenges"),
    Topic.PAIRINGS: _l("Pairings"),
    Topic.MEETINGS: _l("Meetings and events"),
    Topic.COMPETITION: _l("Competitions that we pose or follow, and their deadlines"),
    Topic.BIDS: _l("Our bids"),
}
"""What a group can be told; reviews are one person's own business."""
CHOSEN = (Topic.COMPANY, Topic.POSTINGS, Topic.PAIRINGS, Topic.MEETINGS, Topic.COMPETITION)
"""What a new robot tells. A group may have members who need not know for what the company bids."""
STATES = {
    "queued": _l("Waiting"),
    "sending": _l("Being sent"),
    "sent": _l("Sent"),
    "failed": _l("Failed"),
    "unknown": _l("Uncertain"),
    "skipped": _l("Not sent"),
}
BADGES = {
    "queued": "queued", "sending": "running", "sent": "done", "failed": "failed", "unknown": "expired",
    "skipped": "closed",
}  # fmt: skip
REASONS = {
    Reason.UNRESOLVED: _l("The host of the robot could not be found."),
    Reason.UNREACHABLE: _l("The host of the robot could not be reached."),
    Reason.BUSY: _l("The group takes no message at the moment."),
    Reason.INVALID_KEY: _l("The key is not valid: the robot was removed from its group, or its address renewed."),
    Reason.REFUSED: _l("The message was refused."),
    Reason.REDIRECT: _l("The answer pointed to another address; the portal does not follow."),
    Reason.UNREADABLE: _l("The answer was not that of a group robot."),
    Reason.HOST: _l("The portal may not post to this address."),
    Reason.INWARD: _l("The address leads into a private network."),
    Reason.NO_ANSWER: _l("No answer came in time. The message may have arrived, so it is not sent again."),
    Reason.STOPPED: _l("The portal was stopped on the way. The message may have arrived, so it is not sent again."),
    Reason.ENOUGH: _l("The most per day was reached. It is in the inboxes."),
    Reason.SWITCHED_OFF: _l("The robot was switched off. It is in the inboxes."),
}
LANGUAGES = {"zh_Hans_CN": "中文", "en": "English"}


def reason(code: Reason | None, number: int | None) -> str:
    """Return why a message did not arrive, with what the other side answered; empty when there is nothing to say."""
    if code is None:
        return ""
    if number is None:
        return str(REASONS[code])
    return gettext("%(reason)s Answer: %(number)s", reason=str(REASONS[code]), number=number)
