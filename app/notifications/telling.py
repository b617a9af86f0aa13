"""What a competition's events are told with: events, readers, places, and how one event is told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class CompetitionEvent(StrEnum):
    """What has happened in a competition; the value is the kind of the job that tells it."""

    SUBMITTED = "challenge.submitted"
    CLOSING = "challenge.closing"
    KEYS_NEEDED = "challenge.keys_needed"
    PRICES_NEEDED = "challenge.prices_needed"
    RECOMMENDED = "challenge.recommended"
    APPROVED = "challenge.approved"
    LISTED = "challenge.listed"
    """It was published, as authorities are told; its owner and the firms it suits are told otherwise."""
    OPENED = "challenge.opened"
    REJECTED = "challenge.rejected"
    SUSPENDED = "challenge.suspended"
    RESUMED = "challenge.resumed"
    EXTENDED = "challenge.extended"
    CANCELLED = "challenge.cancelled"
    CANCELLATION_REFUSED = "challenge.cancellation_refused"
    MERGE_PROPOSED = "challenge.merge_proposed"
    NO_AWARD = "challenge.no_award"
    AMENDED = "challenge.amended"
    AMENDMENT_PROPOSED = "amendment.proposed"
    AMENDMENT_RETURNED = "amendment.returned"
    QUESTION_ASKED = "question.asked"
    QUESTION_ANSWERED = "question.answered"
    PROPOSED = "award.proposed"
    PROPOSAL_RETURNED = "award.returned"
    NOTICED = "award.noticed"
    AWARDED = "award.made"
    AWARD_DECLINED = "award.declined"
    AWARD_ENDED = "award.ended"
    MOVED_UP = "award.moved_up"
    BID_WITHDRAWN = "bid.withdrawn"
    BID_UNREADABLE = "bid.unreadable"
    BID_GIVEN_UP = "bid.given_up"
    OBJECTION_RECEIVED = "objection.received"
    OBJECTION_FOUND_RIGHT = "objection.found_right"
    OBJECTION_DECIDED = "objection.decided"

    @property
    def template(self) -> str:
        """The folder of its message under ``templates/email``: one for all of them."""
        return "competition"


class Audience(StrEnum):
    """Who is told."""

    OWNER = "owner"
    FOLLOWERS = "followers"
    BIDDERS = "bidders"
    """Firms whose bids were opened; before the opening they are only asked to log in."""
    OBJECTOR = "objector"
    WINNER = "winner"
    SUCCESSOR = "successor"
    """The firm that moves up from the reserve."""
    SEALED_BIDDER = "sealed_bidder"
    """The firm of a bid that was never opened, found by its tag."""
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    """Officers of the owner's city."""
    KEY_HOLDERS = "key_holders"
    """Those whose keys open the bids, once the deadline has passed and bids wait."""
    PRICE_HOLDERS = "price_holders"
    """The same people, once the technical scores are final and price envelopes wait."""


class Place(StrEnum):
    """Where the message leads."""

    PUBLIC = "public"
    OWNER = "owner"
    QUESTIONS = "questions"
    ANSWERS = "answers"
    AMENDMENTS = "amendments"
    AWARD = "award"
    NOTICE = "notice"
    OBJECTION = "objection"
    BID = "bid"
    DESK_CHALLENGE = "desk_challenge"
    DESK_AMENDMENT = "desk_amendment"
    DESK_AWARD = "desk_award"
    DESK_OBJECTION = "desk_objection"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Telling:
    """How one event is told: ``subject`` names the id in the job, ``to`` who reads it and where it leads them."""

    subject: str
    to: dict[Audience, Place]
    headline: str
    """English, like the sentence; translated for whoever reads it."""
    sentence: str
    icon: str = "flag"
    to_staff: tuple[str, str] = ("", "")
    """Headline and sentence for the authorities, where the others would read wrong to them."""

    def words(self, audience: Audience) -> tuple[str, str]:
        """Return headline and sentence as this audience reads them."""
        own = (self.headline, self.sentence)
        return self.to_staff if audience in STAFF and self.to_staff[0] else own


STAFF = frozenset({Audience.PROVINCE, Audience.PREFECTURE})
IN_THE_OPEN = frozenset({Audience.OWNER, Audience.FOLLOWERS})
"""Whoever is told as one of these has told nobody by it that the company bids."""


def path(place: Place, challenge_id: uuid.UUID, subject_id: uuid.UUID) -> str:
    """Return where a message leads, relative to the portal; a test holds it against the routes."""
    public, own = f"/challenges/{challenge_id}", f"/workspace/challenges/{challenge_id}"
    return {
        Place.PUBLIC: public,
        Place.OWNER: own,
        Place.QUESTIONS: f"{public}/questions/",
        Place.ANSWERS: f"{own}/questions/",
        Place.AMENDMENTS: f"{own}/amendments/",
        Place.AWARD: f"{own}/award/",
        Place.NOTICE: f"{public}/notice/",
        Place.OBJECTION: f"/workspace/objections/{subject_id}",
        Place.BID: "/workspace/bids/",
        Place.DESK_CHALLENGE: f"/desk/challenges/{challenge_id}",
        Place.DESK_AMENDMENT: f"/desk/amendments/{subject_id}",
        Place.DESK_AWARD: f"/desk/awards/{challenge_id}",
        Place.DESK_OBJECTION: f"/desk/awards/objections/{subject_id}",
        Place.OPENING: f"/openings/{challenge_id}",
    }[place]
