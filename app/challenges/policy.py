"""Who may do what with challenges; postings in general are ruled by ``app.demands.policy``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.challenges.models import KpiVisibility
from app.core.actor import StaffRole
from app.core.policy import YES, Decision, no
from app.demands.policy import (
    can_draft,
    can_edit,
    can_end,
    can_review,
    can_submit,
    is_own_city,
    is_public,
    sees_confidential_part,
    sees_verified_part,
)
from app.demands.policy import can_read as can_read_posting
from app.demands.workflow import PostingState

if TYPE_CHECKING:
    import uuid

    from app.core.actor import Actor

__all__ = [
    "can_answer_autopsy",
    "can_confirm_extension",
    "can_decide",
    "can_draft",
    "can_edit",
    "can_edit_calendar",
    "can_edit_programmes",
    "can_end",
    "can_read",
    "can_recommend",
    "can_review",
    "can_see_autopsy",
    "can_submit",
    "is_own_city",
    "is_public",
    "sees_confidential_part",
    "sees_kpi_values",
    "sees_verified_part",
]


def sees_kpi_values(visibility: KpiVisibility, *, sees_confidential: bool) -> bool:
    """Return whether an indicator's target is shown; the owner may keep a few until the NDA."""
    return visibility is KpiVisibility.PUBLIC or sees_confidential


def can_read(
    actor: Actor,
    *,
    organization_id: uuid.UUID,
    state: PostingState,
    city_code: str = "",
    was_published: bool = False,
) -> Decision:
    """What is or was published is public; before that the owner, the desk and the owner's prefecture read it."""
    if was_published and state is PostingState.CANCELLED:
        return YES
    if is_own_city(actor, city_code) and state is not PostingState.DRAFT:
        return YES
    return can_read_posting(actor, organization_id=organization_id, state=state)


def can_recommend(actor: Actor, *, city_code: str) -> Decision:
    """Challenges are recommended and returned by the authority of the owner's city."""
    if not actor.is_prefecture:
        return no("Only the authority of the owner's city recommends a challenge.")
    return YES if actor.city_code == city_code else no("This challenge comes from another city.")


def can_decide(actor: Actor) -> Decision:
    """Appraisal, approval, publication, suspension, cancellation and no award are the province's."""
    return YES if actor.is_authority else no("Only the provincial authority decides this.")


def can_confirm_extension(actor: Actor, *, proposed_by: uuid.UUID) -> Decision:
    """More time takes two people: whoever proposed it does not confirm it."""
    if not (actor.is_authority or StaffRole.SUPERVISOR in actor.roles):
        return no("Only the provincial authority or the supervisor confirms more time.")
    return no("Another person has to confirm what you proposed.") if actor.user_id == proposed_by else YES


def can_edit_programmes(actor: Actor) -> Decision:
    """The rules of a competition are the province's."""
    return YES if actor.is_authority else no("Only the provincial authority changes programmes.")


def can_edit_calendar(actor: Actor) -> Decision:
    """Working days move deadlines, so the authority keeps them."""
    return YES if actor.is_authority else no("Only the provincial authority changes working days.")


def can_answer_autopsy(actor: Actor, *, organization_id: uuid.UUID) -> Decision:
    """Verified firms that could have bid say why they did not."""
    if actor.organization_id is None or not actor.is_verified or not actor.can_edit:
        return no("Only people who act for a verified firm are asked.")
    return no("This is your own challenge.") if actor.belongs_to(organization_id) else YES


def can_see_autopsy(actor: Actor, *, organization_id: uuid.UUID, is_over: bool) -> Decision:
    """Why firms did not bid is told to owner and desk, and not before the deadline."""
    if not (actor.belongs_to(organization_id) or actor.is_staff):
        return no("Only the owner and the authority read this.")
    return YES if is_over else no("This is told after the deadline.")
