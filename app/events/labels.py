"""How states, roles, requests and reasons are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.events.workflow import EventState, MeetingState, Role, RunState, Wish

EVENT_STATES = {
    EventState.DRAFT: _l("Draft"),
    EventState.OPEN: _l("Announced"),
    EventState.SCHEDULED: _l("Schedule published"),
    EventState.HELD: _l("Held"),
    EventState.CANCELLED: _l("Cancelled"),
}
MEETING_STATES = {
    MeetingState.PROPOSED: _l("Time proposed"),
    MeetingState.SET: _l("Fixed"),
    MeetingState.DECLINED: _l("Declined"),
    MeetingState.CANCELLED: _l("Cancelled"),
}
ROLES = {Role.EXHIBITOR: _l("Exhibitor"), Role.VISITOR: _l("Visitor")}
WISHES = {Wish.MUST: _l("Must meet"), Wish.LIKE: _l("Would like"), Wish.NO: _l("Do not meet")}
RUN_STATES = {
    RunState.WAITING: _l("Being computed"),
    RunState.DONE: _l("Done"),
    RunState.REFUSED: _l("Not possible"),
}
FLAWS = {
    "not_free": _l("{0} has no time in this slot, but a meeting of {1} and {2} is fixed there."),
    "twice_in_slot": _l("{0} has two fixed meetings in the same slot."),
    "no_such_table": _l("The fixed meeting of {0} and {1} stands at a table that no longer exists."),
    "table_twice": _l("The fixed meeting of {0} and {1} stands at a table that another fixed meeting holds."),
    "over_limit": _l("{0} has more fixed meetings than it wants in all."),
    "no_pause": _l("{0} has more fixed meetings one after the other than the event allows."),
    "refused": _l("A meeting of {0} and {1} is fixed, but one of them does not want to meet the other."),
    "embargoed": _l(
        "A meeting of {0} and {1} is fixed, but the challenge of one of them takes bids on that day; "
        "until then it meets nobody in private."
    ),
    "changed": _l("Registrations or requests changed again and again while the schedule was computed. Try once more."),
}
"""Why no schedule can be made; {0}, {1} … are companies."""
UNMET = {
    "no_common_slot": _l("They have no free slot in common."),
    "limit": _l("{0} has reached the number of meetings it wants."),
    "slots_full": _l(
        "In every slot they have in common, one of them has a meeting that counts more, or needs a pause."
    ),
    "tables_full": _l("All tables are taken in the slots they have in common."),
}
"""Why a requested meeting found no place."""
RESULTS = {
    "promising": _l("Held, and we go on talking"),
    "open": _l("Held, nothing decided yet"),
    "no_fit": _l("Held, it does not fit"),
    "not_held": _l("Not held"),
}
NEXT_STEPS = {
    "": _l("None"),
    "documents": _l("Send data sheets or a quotation"),
    "nda": _l("Sign an NDA"),
    "sample": _l("Send samples"),
    "visit": _l("Visit or technical meeting"),
    "trial": _l("Start a trial project"),
}
REASONS = {
    "param_gap": _l("A parameter does not fit"),
    "price": _l("Price"),
    "delivery": _l("Delivery or capacity"),
    "reliability": _l("Reliability or qualification"),
    "software": _l("Software or ecosystem"),
    "timing": _l("Too early or too late"),
    "absent": _l("The other side did not come"),
    "other": _l("Another reason"),
}
ZONES = {
    "Asia/Shanghai": _l("Beijing time (UTC+8)"),
    "Asia/Tokyo": _l("Tokyo"),
    "Asia/Seoul": _l("Seoul"),
    "Asia/Singapore": _l("Singapore"),
    "Asia/Kolkata": _l("New Delhi"),
    "Europe/Berlin": _l("Berlin"),
    "Europe/London": _l("London"),
    "America/New_York": _l("New York"),
    "America/Los_Angeles": _l("Los Angeles"),
}
END_REASONS = {
    "withdrawn": _l("One of the two companies has withdrawn from the event."),
    "dropped": _l("The organiser has taken the meeting out of the schedule."),
    "replaced": _l("The schedule has been made anew, and the meeting found no place in it."),
}
"""Reasons that the portal gives by itself; people write theirs in their own words."""
