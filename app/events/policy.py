"""Who makes events, who takes part, and who answers for a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no
from app.events.workflow import EventState, MeetingState

if TYPE_CHECKING:
    import datetime as dt
    import uuid

    from app.core.actor import Actor

PUBLIC = (EventState.OPEN, EventState.SCHEDULED, EventState.HELD)


def can_read(actor: Actor, *, state: EventState, was_public: bool) -> Decision:
    """Drafts are the desk's; what was announced stays readable, cancelled or not."""
    if actor.is_staff or state in PUBLIC or (state is EventState.CANCELLED and was_public):
        return YES
    return no("This event has not been announced.")


def can_manage(actor: Actor) -> Decision:
    """Events are made and run by the authority and the operator."""
    if actor.is_authority or actor.is_operator:
        return YES
    return no("Only the authority and the operator run events.")


def can_change(actor: Actor, *, state: EventState) -> Decision:
    """Days, slots and tables are changed before companies have arranged themselves by them."""
    if not (decision := can_manage(actor)):
        return decision
    if state is EventState.DRAFT:
        return YES
    return no("The event has been announced; its days, slots and tables stay as they are.")


def can_compute(actor: Actor, *, state: EventState) -> Decision:
    """A schedule is computed from the announcement on until the event is over."""
    if not (decision := can_manage(actor)):
        return decision
    if state in (EventState.OPEN, EventState.SCHEDULED):
        return YES
    return no("Schedules are made for announced events that are not over.")


def can_publish(
    actor: Actor,
    *,
    state: EventState,
    registers_until: dt.datetime,
    n_meetings: int,
    n_embargoed: int,
    now: dt.datetime,
) -> Decision:
    """The first schedule is published when registration is over and there is one, with nobody under an embargo."""
    if not (decision := can_manage(actor)):
        return decision
    if state is not EventState.OPEN:
        return no("The schedule has been published, or the event is not announced.")
    if now < registers_until:
        return no("Registration is still open. Publish the schedule when it has ended.")
    if n_embargoed:
        return no("A challenge of a company in the schedule takes bids on that day. Compute the schedule again.")
    return YES if n_meetings else no("There is no schedule yet. Compute one first.")


def can_take_part(actor: Actor) -> Decision:
    """People who may act for a verified company register it."""
    if actor.organization_id is None:
        return no("Events are for companies. Create your company first.", way_out="company.new")
    if not actor.can_edit:
        return no("You can read for your company but not act for it. Ask its owner for the editor role.",
                  way_out="company.people")  # fmt: skip
    if not actor.is_verified:
        return no("Your company has not been verified yet.", way_out="company.verification")
    return YES


def can_register(
    actor: Actor,
    *,
    state: EventState,
    registers_from: dt.datetime,
    registers_until: dt.datetime,
    now: dt.datetime,
) -> Decision:
    """Companies register, and say whom they want to meet, while the window is open."""
    if not (decision := can_take_part(actor)):
        return decision
    if state is not EventState.OPEN:
        return no("This event takes no registrations.")
    if now < registers_from:
        return no("Registration has not begun.")
    return YES if now < registers_until else no("Registration has ended.")


def can_withdraw(actor: Actor, *, state: EventState) -> Decision:
    """A company may step back until the event is over; its meetings are then cancelled."""
    if not (decision := can_take_part(actor)):
        return decision
    if state in (EventState.OPEN, EventState.SCHEDULED):
        return YES
    return no("This event is over.")


def is_party(actor: Actor, *, host_id: uuid.UUID, guest_id: uuid.UUID) -> bool:
    """Return whether the actor belongs to one of the two companies."""
    return actor.belongs_to(host_id) or actor.belongs_to(guest_id)


def can_read_meeting(actor: Actor, *, host_id: uuid.UUID, guest_id: uuid.UUID, is_announced: bool) -> Decision:
    """A meeting is read by its two companies as soon as they were told of it."""
    if is_party(actor, host_id=host_id, guest_id=guest_id) and is_announced:
        return YES
    return no("This meeting belongs to other companies.")


def can_act(actor: Actor, *, host_id: uuid.UUID, guest_id: uuid.UUID) -> Decision:
    """Times are proposed, answered and cancelled by people who may act for one of the two companies."""
    if not is_party(actor, host_id=host_id, guest_id=guest_id):
        return no("This meeting belongs to other companies.")
    return can_take_part(actor)


def can_propose(actor: Actor, *, host_id: uuid.UUID, guest_id: uuid.UUID, is_introduced: bool) -> Decision:
    """Only companies that were introduced to each other arrange meetings."""
    if not (decision := can_act(actor, host_id=host_id, guest_id=guest_id)):
        return decision
    return YES if is_introduced else no("Meetings are arranged after both sides have accepted the pairing.")


def can_meet(*, is_embargoed: bool) -> Decision:
    """No private meeting is arranged with a maker whose challenge takes bids, whoever the firm is."""
    if is_embargoed:
        return no("This maker's challenge takes bids. Until they are opened, it arranges no meeting with any firm.")
    return YES


def can_answer(
    actor: Actor,
    *,
    host_id: uuid.UUID,
    guest_id: uuid.UUID,
    proposed_by: uuid.UUID | None,
    state: MeetingState,
) -> Decision:
    """The side that did not propose the times accepts or declines them."""
    if not (decision := can_act(actor, host_id=host_id, guest_id=guest_id)):
        return decision
    if state is not MeetingState.PROPOSED:
        return no("No answer is awaited.")
    return (
        no("Your company has proposed these times; the other side answers.") if actor.belongs_to(proposed_by) else YES
    )


def can_record(
    actor: Actor,
    *,
    host_id: uuid.UUID,
    guest_id: uuid.UUID,
    state: MeetingState,
    starts_at: dt.datetime | None,
    now: dt.datetime,
) -> Decision:
    """What came of a meeting is said once it has begun."""
    if not (decision := can_act(actor, host_id=host_id, guest_id=guest_id)):
        return decision
    if state is not MeetingState.SET or starts_at is None:
        return no("Only meetings with a fixed time have an outcome.")
    return YES if now >= starts_at else no("The meeting has not begun.")


def can_see_figures(actor: Actor) -> Decision:
    """What came of meetings is shown to the desk as figures, not by company."""
    return YES if actor.is_staff else no("Only the desk sees what came of meetings.")
