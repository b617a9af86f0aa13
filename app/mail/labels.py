"""How states and kinds of messages are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATES = {
    "queued": _l("Waiting"),
    "sending": _l("Being sent"),
    "sent": _l("Sent"),
    "failed": _l("Failed"),
    "suppressed": _l("Held back"),
}
REPORTS = {
    "bounce": _l("Undeliverable"),
    "delay": _l("Delayed"),
    "complaint": _l("Complaint"),
}
SUPPRESSIONS = {
    "bounce": _l("Does not accept mail"),
    "complaint": _l("The reader complained"),
}
TEMPLATES = {
    "digest": _l("Digest"),
    "desk_digest": _l("Digest of the desk"),
    "confirm_email": _l("Confirm the address"),
    "account_exists": _l("Account exists already"),
    "reset_password": _l("New password: link"),
    "password_was_reset": _l("New password: notice"),
    "password_was_changed": _l("Changed password: notice"),
    "invitation": _l("Invitation"),
    "need_published": _l("Need published"),
    "challenge_published": _l("Challenge published"),
    "need_returned": _l("Posting returned"),
    "organization_verified": _l("Company verified"),
    "organization_rejected": _l("Verification refused"),
    "pairing_proposed": _l("Pairing proposed"),
    "pairing_accepted": _l("Pairing accepted"),
    "pairing_introduced": _l("Contacts opened"),
    "pairing_declined": _l("Pairing declined"),
    "pairing_advanced": _l("Pairing moved on"),
    "pairing_dropped": _l("Pairing given up"),
    "pairing_reminded": _l("Pairing stands still"),
    "pairing_expired": _l("Pairing expired"),
    "pairing_message": _l("Message of a pairing"),
    "meeting_proposed": _l("Meeting proposed"),
    "meeting_declined": _l("Proposed meeting declined"),
    "meeting_set": _l("Meeting: invitation"),
    "meeting_moved": _l("Meeting: new time or place"),
    "meeting_cancelled": _l("Meeting: cancellation"),
    "meeting_next_day": _l("Meeting: what came of it"),
    "meeting_next_month": _l("Meeting: a month later"),
    "event_cancelled": _l("Event cancelled"),
    "expert_registered": _l("Expert registered"),
    "review_invited": _l("Review to be done"),
    "review_reminded": _l("Review waits"),
    "review_meeting": _l("Discussion open"),
    "review_ranked": _l("Bids ranked"),
    "robot_stopped": _l("Group robot switched off"),
    "bid_correction_asked": _l("Correction asked for"),
    "bid_format_decided": _l("Format check decided"),
    "bid_opened": _l("Bid opened"),
    "bid_defence_set": _l("Defence set"),
    "notice": _l("Request to log in"),
    "competition": _l("News of a competition"),
}
"""Folders under ``templates/email``."""
