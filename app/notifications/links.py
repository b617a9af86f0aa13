"""Addresses inside messages and inbox lines, relative to the portal; a test holds them against the routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid

WORKSPACE = "/workspace/"
PREFERENCES = "/workspace/notifications/preferences"
PAIRINGS = "/workspace/pairings/"
SEARCHES = "/workspace/searches/"
ROBOTS = "/workspace/robots/"
COMPANY = "/workspace/company/"
DESK = "/desk/"
DESK_PAGES = {
    "desk_companies.list": "/desk/companies/",
    "desk_postings.list": "/desk/postings/",
    "desk_pairings.list": "/desk/pairings/",
    "desk_messages.list": "/desk/messages/",
    "desk_challenges.list": "/desk/challenges/",
    "desk_amendments.list": "/desk/amendments/",
    "openings.list": "/openings/",
    "desk_reviews.list": "/desk/reviews/",
    "desk_awards.list": "/desk/awards/",
    "desk_awards.objection_list": "/desk/awards/objections/",
    "desk_jobs.list": "/desk/jobs/",
    "desk_mail.list": "/desk/mail/",
}
"""Where the queues of the desk are worked through, by endpoint."""
PREVIEW_TOKEN = "preview"  # noqa: S105 - opens nothing
"""Stands in the link of a preview, which has no reader whose digest could end."""


def pairing(pairing_id: uuid.UUID) -> str:
    """Return the page of a pairing as its companies see it."""
    return f"{PAIRINGS}{pairing_id}"


def suggestion(suggestion_id: uuid.UUID) -> str:
    """Return the page of a pairing as the desk sees it."""
    return f"/desk/pairings/{suggestion_id}"


def desk_page(endpoint: str, tab: str | None) -> str:
    """Return the page of a queue of the desk."""
    return DESK_PAGES[endpoint] + (f"?tab={tab}" if tab else "")


def answer(pairing_id: uuid.UUID) -> str:
    """Return the place of that page where a company accepts or declines."""
    return f"{pairing(pairing_id)}#answer"


def thread(pairing_id: uuid.UUID) -> str:
    """Return the place where a company answers the messages of a pairing."""
    return f"{pairing(pairing_id)}/thread#reply"


def posting(need_id: uuid.UUID, kind: str) -> str:
    """Return the page of a need or challenge as its owner sees it."""
    return f"/workspace/{'challenges' if kind == 'challenge' else 'needs'}/{need_id}"


def challenge(challenge_id: uuid.UUID) -> str:
    """Return the public page of a challenge."""
    return f"/challenges/{challenge_id}"


def meeting(meeting_id: uuid.UUID) -> str:
    """Return the page of a meeting as its companies see it."""
    return f"/workspace/meetings/{meeting_id}"


def event(event_id: uuid.UUID) -> str:
    """Return the page of an event as its participants see it."""
    return f"/workspace/events/{event_id}"


def bid(bid_id: uuid.UUID) -> str:
    """Return the page of a bid as its firm sees it."""
    return f"/workspace/bids/{bid_id}"


def format_check(bid_id: uuid.UUID) -> str:
    """Return the format check of a bid as its firm sees it."""
    return f"/workspace/bids/{bid_id}/format"


def review(seat_id: uuid.UUID) -> str:
    """Return a review as its reviewer sees it."""
    return f"/workspace/reviews/{seat_id}"


def unsubscribe(token: str) -> str:
    """Return the page that ends the digest of one person."""
    return f"/unsubscribe/{token}"
