"""A receipt in the reader's language, as it goes on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from app.bids import receipt
from app.bids.receipt_pdf import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.bids.queries.views import BidView


def sheet_of(bid: BidView) -> Sheet:
    """Return the sheet of a bid with a receipt; what was sealed is listed as far as this browser can open it."""
    locale = get_locale()
    return Sheet(
        lang=locale.language if locale else "zh",
        title=_("Seal receipt"),
        code=receipt.shown_code(bid.receipt_code),
        facts=(
            (_("Bidder"), bid.organization_name),
            (_("Challenge"), f"{bid.challenge.code} {bid.challenge.title}".strip()),
            (_("Edition"), str(bid.challenge_edition)),
            (_("Sealed at"), bid.sealed_at_exact),
            (_("Commitment (SHA-256)"), bid.content_hash),
            *([(_("Commitment to the price (SHA-256)"), bid.price_hash)] if bid.price_hash else []),
        ),
        items_title=_("Sealed items"),
        items=tuple(_items(bid)),
        notes=(
            _("The commitment is the SHA-256 of the statement, which holds everything in the bid and a random number: "
              "change one sign and it differs. After the deadline all commitments are published; find yours among "
              "them."),
            _("The reopening code is not on this page. It is in the receipt file; keep that where only your company "
              "can read it."),
        ),
        footer=url_for("commitments.show", challenge_id=bid.challenge.id, _external=True),
    )  # fmt: skip


def _items(bid: BidView) -> Iterator[str]:
    if bid.content is None:
        yield _("The content is locked; type the reopening code to have it listed.")
        return
    yield ngettext("%(num)s commitment", "%(num)s commitments", len(bid.content.commitments))
    yield ngettext("%(num)s milestone", "%(num)s milestones", len(bid.content.milestones))
    yield _("Texts and pledge; price in its own envelope") if bid.price_hash else _("Texts, price and pledge")
    for file in bid.files:
        envelope = f" ({_('Price envelope')})" if file.is_price and bid.price_hash else ""
        yield f"{file.filename}{envelope}  SHA-256 {file.sha256}"
