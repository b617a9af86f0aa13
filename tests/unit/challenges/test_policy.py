"""Who sees what an owner keeps until the NDA."""

from __future__ import annotations

import pytest

from app.challenges.models import KpiVisibility
from app.challenges.policy import sees_kpi_values


@pytest.mark.parametrize(
    ("visibility", "sees_confidential", "sees"),
    [
        (KpiVisibility.PUBLIC, False, True),
        (KpiVisibility.PUBLIC, True, True),
        (KpiVisibility.AFTER_NDA, False, False),
        (KpiVisibility.AFTER_NDA, True, True),
    ],
)
def test_a_kept_target_is_for_the_owner_and_the_authority(
    visibility: KpiVisibility, sees_confidential: bool, sees: bool
) -> None:
    assert sees_kpi_values(visibility, sees_confidential=sees_confidential) is sees
