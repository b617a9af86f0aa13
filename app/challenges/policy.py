"""Who may do what with challenges; postings in general are ruled by ``app.demands.policy``."""

from __future__ import annotations

from app.challenges.models import KpiVisibility
from app.demands.policy import (
    can_draft,
    can_edit,
    can_end,
    can_read,
    can_review,
    can_submit,
    is_public,
    sees_confidential_part,
    sees_verified_part,
)

__all__ = [
    "can_draft",
    "can_edit",
    "can_end",
    "can_read",
    "can_review",
    "can_submit",
    "is_public",
    "sees_confidential_part",
    "sees_kpi_values",
    "sees_verified_part",
]


def sees_kpi_values(visibility: KpiVisibility, *, sees_confidential: bool) -> bool:
    """Return whether an indicator's target is shown; the owner may keep a few until the NDA."""
    return visibility is KpiVisibility.PUBLIC or sees_confidential
