"""What stops one sealed bid, or one price, from being opened."""

from __future__ import annotations


class Damaged(Exception):
    """It cannot be opened; the message is a code that ``app.bids.labels`` explains."""
