"""Programmes, challenges with their indicators, and what is on record about their way."""

from __future__ import annotations

from app.challenges.models.calendar import WorkingDayOverride
from app.challenges.models.challenges import Challenge, ChallengeNumber, Kpi, KpiVisibility
from app.challenges.models.process import (
    Appraisal,
    AutopsyAnswer,
    ChallengeEdition,
    ChallengeStep,
    DeadlineExtension,
    Recommendation,
)
from app.challenges.models.programmes import Programme

__all__ = [
    "Appraisal",
    "AutopsyAnswer",
    "Challenge",
    "ChallengeEdition",
    "ChallengeNumber",
    "ChallengeStep",
    "DeadlineExtension",
    "Kpi",
    "KpiVisibility",
    "Programme",
    "Recommendation",
    "WorkingDayOverride",
]
