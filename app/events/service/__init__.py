"""What can be done with events and meetings."""

from app.events.service.feed import renew_feed
from app.events.service.follow_up import ask_follow_ups, finish_events
from app.events.service.manage import cancel_event, change_event, create_event, open_event
from app.events.service.outcome import record_outcome
from app.events.service.personal import (
    accept_meeting,
    cancel_meeting,
    counter_meeting,
    decline_meeting,
    propose_meeting,
)
from app.events.service.placing import drop_meeting, pin_meeting, place_meeting
from app.events.service.schedule import keep_schedule, publish_schedule, refuse_schedule, request_schedule
from app.events.service.taking_part import register, save_wishes, withdraw

__all__ = [
    "accept_meeting",
    "ask_follow_ups",
    "cancel_event",
    "cancel_meeting",
    "change_event",
    "counter_meeting",
    "create_event",
    "decline_meeting",
    "drop_meeting",
    "finish_events",
    "keep_schedule",
    "open_event",
    "pin_meeting",
    "place_meeting",
    "propose_meeting",
    "publish_schedule",
    "record_outcome",
    "refuse_schedule",
    "register",
    "renew_feed",
    "request_schedule",
    "save_wishes",
    "withdraw",
]
