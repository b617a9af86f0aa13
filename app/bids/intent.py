"""The intent a firm states before it writes a bid: the beginning of its draft, and locked like it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from app.bids.commands import SaveIntent
    from app.bids.document import Content


def stated(content: Content, intent: SaveIntent, now: dt.datetime) -> Content:
    """Return the content with an intent; contact and product are where the bid goes on with them."""
    kept = {"products": intent.products, "unclear": intent.unclear, "stated_at": now.isoformat()}
    return replace(
        content,
        command=replace(content.command, contact=intent.contact, product_id=intent.product_id),
        details={**content.details, "intent": kept},
    )
