"""Who decides suggestions and who answers pairings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.policy import YES, Decision, no
from app.matchmaking.workflow import MAY_WRITE, SIDES_OF, UNDER_NDA, UNDER_WAY, PairingEvent, PairingState, Side

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor


def can_see_queue(actor: Actor) -> Decision:
    """The queue of suggestions is open to the desk."""
    return YES if actor.is_staff else no("Only the authority and the operator see the queue of suggestions.")


def can_decide(actor: Actor) -> Decision:
    """Suggestions are approved and rejected by the authority, nobody else."""
    return YES if actor.is_authority else no("Only the authority decides on suggested pairings.")


def can_recompute(actor: Actor) -> Decision:
    """The desk may ask for a new computation; so may the portal itself."""
    if actor.is_system or actor.is_authority or actor.is_operator:
        return YES
    return no("Only the authority and the operator start a computation.")


def can_read_lexicon(actor: Actor) -> Decision:
    """The desk sees which words the model was taught."""
    return YES if actor.is_staff else no("Only the authority and the operator see the lexicon.")


def can_edit_lexicon(actor: Actor) -> Decision:
    """Words steer what is suggested to whom: the authority teaches them, nobody else."""
    return YES if actor.is_authority else no("Only the authority changes the lexicon.")


def can_read_taxonomy(actor: Actor) -> Decision:
    """The desk sees what was changed about the categories."""
    return YES if actor.is_staff else no("Only the authority and the operator see the category editor.")


def can_edit_taxonomy(actor: Actor) -> Decision:
    """Categories are a public classification: the authority keeps them, nobody else."""
    return YES if actor.is_authority else no("Only the authority changes categories.")


def can_see_team(actor: Actor, *, demand_id: uuid.UUID) -> Decision:
    """Who could meet a posting together is shown to its owner and to the desk."""
    if actor.is_staff or actor.belongs_to(demand_id):
        return YES
    return no("Only the company that posted this and the desk see proposed teams.")


def side_of(actor: Actor, *, demand_id: uuid.UUID, supplier_id: uuid.UUID) -> Side | None:
    """Return on which side of a pairing the actor's organisation stands, or None."""
    if actor.belongs_to(demand_id):
        return Side.DEMAND
    return Side.SUPPLY if actor.belongs_to(supplier_id) else None


def can_read(actor: Actor, *, demand_id: uuid.UUID, supplier_id: uuid.UUID) -> Decision:
    """A pairing is read by its two parties and by the desk."""
    if actor.is_staff or side_of(actor, demand_id=demand_id, supplier_id=supplier_id):
        return YES
    return no("This pairing belongs to other companies.")


def can_answer(actor: Actor, *, demand_id: uuid.UUID, supplier_id: uuid.UUID) -> Decision:
    """A pairing is accepted or declined by people who may act for one of its two parties."""
    if side_of(actor, demand_id=demand_id, supplier_id=supplier_id) is None:
        return no("This pairing belongs to other companies.")
    if not actor.can_edit:
        return no("You can read for your company but not act for it. Ask its owner for the editor role.",
                  way_out="company.people")  # fmt: skip
    if not actor.is_verified:
        return no("Your company has not been verified yet.", way_out="company.verification")
    return YES


def shows_contacts(state: PairingState) -> bool:
    """Contacts appear only after both sides have accepted, and go when the pairing ends."""
    return state in UNDER_WAY


def is_under_nda(state: PairingState) -> bool:
    """Prices, origin and reports of the firm open once both have signed a confidentiality agreement."""
    return state in UNDER_NDA


def can_step(actor: Actor, *, demand_id: uuid.UUID, supplier_id: uuid.UUID, event: PairingEvent) -> Decision:
    """A step is taken by people who may act for the side whose step it is."""
    decision = can_answer(actor, demand_id=demand_id, supplier_id=supplier_id)
    if decision and side_of(actor, demand_id=demand_id, supplier_id=supplier_id) not in SIDES_OF.get(event, ()):
        return no("This step is taken by the other side.")
    return decision


def can_exchange(*, is_embargoed: bool) -> Decision:
    """Nothing passes between a challenge's owner and any firm while the challenge takes bids."""
    if is_embargoed:
        return no("This maker's challenge takes bids. Until they are opened, it exchanges nothing with any firm.")
    return YES


def can_see_confidential(
    actor: Actor, *, demand_id: uuid.UUID, supplier_id: uuid.UUID, state: PairingState
) -> Decision:
    """What is under the confidentiality agreement is read by the two that signed it."""
    if side_of(actor, demand_id=demand_id, supplier_id=supplier_id) is None:
        return no("This pairing belongs to other companies.")
    if not is_under_nda(state):
        return no("The confidential part opens when both sides have signed a confidentiality agreement.")
    return YES


def can_read_thread(actor: Actor, *, demand_id: uuid.UUID, supplier_id: uuid.UUID, was_introduced: bool) -> Decision:
    """Messages are read by the two companies only; the desk sees those that were reported."""
    if side_of(actor, demand_id=demand_id, supplier_id=supplier_id) is None:
        return no("These messages belong to other companies.")
    return YES if was_introduced else no("Messages begin once both sides have accepted the pairing.")


def can_write(
    actor: Actor,
    *,
    demand_id: uuid.UUID,
    supplier_id: uuid.UUID,
    state: PairingState,
    is_embargoed: bool,
    is_blocked: bool,
) -> Decision:
    """Messages are written by people who may act for a side, while the pairing is under way and nobody objects."""
    decision = can_answer(actor, demand_id=demand_id, supplier_id=supplier_id)
    if not decision:
        return decision
    if state not in MAY_WRITE:
        return no("This pairing is not under way, so no messages are exchanged.")
    if is_blocked:
        return no("Messages in this pairing are blocked by one of the two sides.")
    return can_exchange(is_embargoed=is_embargoed)


def can_judge_reports(actor: Actor) -> Decision:
    """Reported messages are judged by the authority, nobody else."""
    return YES if actor.is_authority else no("Only the authority judges reported messages.")


def can_see_funnel(actor: Actor) -> Decision:
    """How pairings get on is seen by the desk."""
    return YES if actor.is_staff else no("Only the authority and the operator see how pairings get on.")
