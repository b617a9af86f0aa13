"""Bands of volumes, and words for everything."""

from __future__ import annotations

import pytest

from app.demands import labels
from app.demands.queries.needs import TABS
from app.demands.workflow import PostingMode, PostingState


@pytest.mark.parametrize(
    ("kpcs", "band"),
    [(None, ""), (1, "<10"), (9, "<10"), (10, "10–50"), (499, "100–500"), (9999, "5000–10000"), (10_000, ">10000")],
)
def test_strangers_see_a_band(kpcs: int | None, band: str) -> None:
    assert labels.volume_band(kpcs) == band


def test_every_state_mode_and_tab_has_a_word() -> None:
    assert set(labels.STATES) == set(PostingState)
    assert set(labels.MODES) == set(PostingMode)
    assert set(labels.TABS) == set(TABS)
