"""Addresses of the reviewers and of the bidders."""

from __future__ import annotations

from app.reviews.routes import bidder, reviewer

blueprints = (reviewer.bp, bidder.bp)
