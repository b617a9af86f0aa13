"""What is done with bids; one verb, one function.

Locks are taken in one order everywhere: the challenge (shared, so that bidders never wait for each other), then
the bid, then the firm (only where its bids are counted).
"""

from __future__ import annotations

from app.bids.service.annex import attach_file, detach_file
from app.bids.service.edit import create_bid, save_bid
from app.bids.service.seal import seal_bid
from app.bids.service.take_back import revise_bid, withdraw_bid

__all__ = ["attach_file", "create_bid", "detach_file", "revise_bid", "save_bid", "seal_bid", "withdraw_bid"]
