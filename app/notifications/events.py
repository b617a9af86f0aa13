"""The events that people are told about, one by one."""

from __future__ import annotations

from enum import StrEnum


class EventKind(StrEnum):
    """What has happened; the value is the kind of the job that tells it."""

    NEED_PUBLISHED = "need.published"
    CHALLENGE_PUBLISHED = "challenge.published"
    NEED_RETURNED = "need.returned"
    ORGANIZATION_VERIFIED = "organization.verified"
    ORGANIZATION_REJECTED = "organization.rejected"
    PAIRING_PROPOSED = "pairing.proposed"
    PAIRING_ACCEPTED = "pairing.accepted"
    PAIRING_INTRODUCED = "pairing.introduced"
    PAIRING_DECLINED = "pairing.declined"
    PAIRING_ADVANCED = "pairing.advanced"
    PAIRING_DROPPED = "pairing.dropped"
    PAIRING_REMINDED = "pairing.reminded"
    PAIRING_EXPIRED = "pairing.expired"
    PAIRING_MESSAGE = "pairing.message"
    MEETING_PROPOSED = "meeting.proposed"
    MEETING_DECLINED = "meeting.declined"
    MEETING_SET = "meeting.set"
    MEETING_MOVED = "meeting.moved"
    MEETING_CANCELLED = "meeting.cancelled"
    MEETING_NEXT_DAY = "meeting.next_day"
    MEETING_NEXT_MONTH = "meeting.next_month"
    EVENT_CANCELLED = "event.cancelled"
    BID_OPENED = "bid.opened"
    BID_CORRECTION_ASKED = "bid.correction_asked"
    BID_FORMAT_DECIDED = "bid.format_decided"
    BID_DEFENCE_SET = "bid.defence_set"
    REVIEW_INVITED = "review.invited"
    REVIEW_REMINDED = "review.reminded"
    REVIEW_MEETING = "review.meeting"
    REVIEW_RANKED = "review.ranked"
    ROBOT_STOPPED = "robot.stopped"

    @property
    def template(self) -> str:
        """The folder of its message under ``templates/email``."""
        return self.value.replace(".", "_")
