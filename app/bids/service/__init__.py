"""What is done with bids; one verb, one function.

Locks are taken in one order everywhere: the challenge (shared, so that bidders never wait for each other; alone
for closing and opening), then the bid, then the firm (only where its bids are counted).
"""

from __future__ import annotations

from app.bids.service.annex import attach_file, detach_file
from app.bids.service.closing import close_bids, return_bids
from app.bids.service.consortium import answer_invitation, change_member, invite_member, remove_member
from app.bids.service.edit import create_bid, save_bid
from app.bids.service.giving_up import confirm_giving_up, keep_trying, propose_giving_up
from app.bids.service.holders import fix_holders
from app.bids.service.opening import open_again, release_key
from app.bids.service.prices import (
    call_prices,
    confirm_price_giving_up,
    open_prices_again,
    propose_price_giving_up,
    release_price_key,
)
from app.bids.service.seal import seal_bid
from app.bids.service.take_back import confirm_bid, revise_bid, withdraw_bid
from app.bids.service.viewing import view_bids

__all__ = [
    "answer_invitation", "attach_file", "call_prices", "change_member", "close_bids", "confirm_bid",
    "confirm_giving_up", "confirm_price_giving_up", "create_bid", "detach_file", "fix_holders", "invite_member",
    "keep_trying", "open_again", "open_prices_again", "propose_giving_up", "propose_price_giving_up", "release_key",
    "release_price_key", "remove_member", "return_bids", "revise_bid", "save_bid", "seal_bid", "view_bids",
    "withdraw_bid",
]  # fmt: skip
