"""The rules a challenge runs under, whether or not it belongs to a programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.challenges.models import Programme

if TYPE_CHECKING:
    from app.challenges.models import Challenge


def rules_of(challenge: Challenge) -> Programme:
    """Return the programme of a challenge, which must be loaded, or one that says nothing but the defaults."""
    return challenge.programme or Programme(**_defaults())


def _defaults() -> dict[str, Any]:
    """Return what the columns of a programme hold where nobody says anything else."""
    columns = Programme.__table__.columns
    scalars = {one.key: one.default.arg for one in columns if one.default is not None and one.default.is_scalar}
    return {**scalars, "review_weights": [], "required_roles": [], "quota": {}, "co_funding": {}}
