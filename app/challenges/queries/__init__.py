"""What the pages about challenges show."""

from __future__ import annotations

from app.challenges.queries.lists import (
    CODES,
    ChallengeFilter,
    my_challenges,
    my_tab_counts,
    public_challenges,
    read_filter,
)
from app.challenges.queries.pages import challenge_form, challenge_page, open_programmes
from app.challenges.queries.views import ChallengeLine, ChallengeView, KpiView, ProgrammeView

__all__ = [
    "CODES",
    "ChallengeFilter",
    "ChallengeLine",
    "ChallengeView",
    "KpiView",
    "ProgrammeView",
    "challenge_form",
    "challenge_page",
    "my_challenges",
    "my_tab_counts",
    "open_programmes",
    "public_challenges",
    "read_filter",
]
