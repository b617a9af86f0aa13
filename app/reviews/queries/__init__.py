"""What the pages about reviews show, and what awards are made of."""

from __future__ import annotations

from app.reviews.queries.results import (
    CriterionMean,
    FeedbackView,
    Gap,
    RankedBid,
    RankingView,
    Remark,
    feedback_of,
    ranking_of,
)

__all__ = [
    "CriterionMean",
    "FeedbackView",
    "Gap",
    "RankedBid",
    "RankingView",
    "Remark",
    "feedback_of",
    "ranking_of",
]
