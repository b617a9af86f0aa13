"""How the states of jobs, and the topics of what is told, are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.outbox.topics import Topic

STATES = {
    "queued": _l("Waiting"),
    "running": _l("Running"),
    "done": _l("Done"),
    "failed": _l("Failed"),
}
TOPICS = {
    Topic.COMPANY: _l("My company"),
    Topic.POSTINGS: _l("Needs and challenges of my company"),
    Topic.PAIRINGS: _l("Pairings"),
    Topic.MEETINGS: _l("Meetings and events"),
    Topic.BIDS: _l("My bids"),
    Topic.REVIEWS: _l("My reviews"),
    Topic.COMPETITION: _l("News and deadlines of competitions I follow"),
    Topic.QUEUES: _l("What waits at the desk, on working days"),
}
