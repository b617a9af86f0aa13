"""A run of digests: one transaction a reader, one bad reader never stops the next."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from app.core import clock
from app.core.errors import NotFound
from app.db import current_session, transaction
from app.notifications import recipients
from app.notifications.models import DigestFrequency
from app.notifications.service import send_digest

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

log = logging.getLogger(__name__)

REPORT_EVERY = 100
MAX_SHOWN = 20
FREQUENCIES = {
    "daily": (DigestFrequency.DAILY,),
    "weekly": (DigestFrequency.WEEKLY,),
    "all": (DigestFrequency.DAILY, DigestFrequency.WEEKLY),
}


class SomeFailed(RuntimeError):
    """Not every reader got a digest; the others did, and a retry tries the rest."""


def run_digests(progress: Callable[[int, int], None], *, frequency: str, period: str = "") -> int:
    """Make the digest of everybody who wants it that often (``daily``, ``weekly`` or ``all``); return how many.

    Ids are streamed, so memory does not grow with the readers. A run that was cut off goes on where it
    stopped: who has a digest of the ``period`` is passed over. Raises SomeFailed at the end when readers failed.
    """
    wanted = FREQUENCIES[frequency]
    total = recipients.count_readers(current_session(), frequencies=wanted)
    n_made, failures = 0, list[str]()
    for number, user_id in enumerate(recipients.stream_reader_ids(current_session(), frequencies=wanted), start=1):
        try:
            n_made += send_one(user_id, period=period)
        except NotFound:
            pass  # left the company a moment ago
        except Exception as error:
            failures.append(f"{user_id}: {type(error).__name__}")
            log.exception("digest failed", extra={"user_id": str(user_id)})
        if number % REPORT_EVERY == 0:
            progress(number, max(total, number))
    progress(total, total)
    if failures:
        shown = "; ".join(failures[:MAX_SHOWN])
        raise SomeFailed(f"{len(failures)} of {total} digests could not be made, the others were: {shown}")
    return n_made


def send_one(user_id: uuid.UUID, *, period: str = "") -> bool:
    """Make one reader's digest in its own transaction; return whether there was something to say."""
    with transaction() as session:
        digest = send_digest(session, user_id=user_id, now=clock.now(), period=period)
    return digest is not None
