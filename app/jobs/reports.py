"""Reading the mailbox of reports."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.core import clock
from app.db import transaction
from app.mail.intake import take_in
from app.mail.report_boxes import open_box

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)


def read_box(url: str, progress: Callable[[int, int], None]) -> int:
    """Take in every report of the mailbox at ``url``; return how many were new.

    A message is marked as read once what it reports is kept, so that none is lost; what cannot be read is marked too.
    """
    n_new = n_read = 0
    with open_box(url) as box:
        for name, raw in box.unread():
            try:
                with transaction() as session:
                    n_new += take_in(session, raw=raw, now=clock.now())
            except (ValueError, LookupError, AttributeError, TypeError):  # what the parser makes of broken reports
                log.exception("report cannot be read")
            box.mark_read(name)
            n_read += 1
            progress(n_read, n_read)
    return n_new
