"""A run of digests: a few readers at a time, and one bad reader never stops the next."""

from __future__ import annotations

import logging
import uuid
from itertools import islice
from typing import TYPE_CHECKING

from app.core import clock
from app.core.calendar import is_working_day
from app.core.clock import SHANGHAI
from app.core.errors import NotFound
from app.db import current_session, transaction
from app.notifications import desk_digest, recipients
from app.notifications.models import DigestFrequency
from app.notifications.service import keep_digests, prepare_digests, send_desk_digest, send_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

log = logging.getLogger(__name__)

BATCH = 100
MAX_SHOWN = 20
FREQUENCIES = {
    "daily": (DigestFrequency.DAILY,),
    "weekly": (DigestFrequency.WEEKLY,),
    "monthly": (DigestFrequency.MONTHLY,),
    "all": (DigestFrequency.DAILY, DigestFrequency.WEEKLY, DigestFrequency.MONTHLY),
}


class SomeFailed(RuntimeError):
    """Not every reader got a digest; the others did, and a retry tries the rest."""


def run_digests(progress: Callable[[int, int], None], *, frequency: str, period: str = "") -> int:
    """Make the digest of everybody who wants it that often (a key of ``FREQUENCIES``); return how many.

    Readers are taken a batch at a time, so that neither memory nor the queries a reader takes grow with them. A run
    that was cut off goes on where it stopped: who has a digest of the ``period`` is passed over. Raises SomeFailed
    at the end when readers failed.
    """
    wanted = FREQUENCIES[frequency]
    total = recipients.count_readers(current_session(), frequencies=wanted)
    n_made, n_seen, failures = 0, 0, list[str]()
    ids = recipients.stream_reader_ids(current_session(), frequencies=wanted)
    while batch := list(islice(ids, BATCH)):
        n_more, failed = _run_batch(batch, period)
        n_made, n_seen = n_made + n_more, n_seen + len(batch)
        failures += _named(failed)
        progress(n_seen, max(total, n_seen))
    _raise_for(failures, total)
    return n_made


def _run_batch(user_ids: list[uuid.UUID], period: str) -> tuple[int, dict[uuid.UUID, Exception]]:
    """Make the digests of a few readers; return how many, and who failed.

    They are written before the transaction begins, which therefore holds nobody up. When they cannot be kept
    together, each is made by itself.
    """
    try:
        preparation = prepare_digests(current_session(), user_ids=user_ids, now=clock.now(), period=period)
        with transaction() as session:
            kept = keep_digests(session, prepared=preparation.prepared, now=clock.now())
    except Exception:
        log.exception("digests are made one by one")
        current_session().rollback()
        return _run_each(user_ids, lambda user_id: send_one(user_id, period=period))
    for user_id, error in preparation.failures.items():
        log.error("digest failed", exc_info=error, extra={"user_id": str(user_id)})
    return len(kept), preparation.failures


def _run_each(
    user_ids: Sequence[uuid.UUID],
    make: Callable[[uuid.UUID], bool],
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[int, dict[uuid.UUID, Exception]]:
    n_made, failures = 0, dict[uuid.UUID, Exception]()
    for number, user_id in enumerate(user_ids, start=1):
        try:
            n_made += make(user_id)
        except NotFound:
            pass  # left the company, or the desk, a moment ago
        except Exception as error:
            failures[user_id] = error
            log.exception("digest failed", extra={"user_id": str(user_id)})
        progress(number, len(user_ids))
    return n_made, failures


def run_desk_digests(progress: Callable[[int, int], None]) -> int:
    """On a working day in Shanghai, send everybody at the desk what waits there; return how many mails that are.

    One whose digest fails never stops the next. Raises SomeFailed at the end.
    """
    if not is_working_day(clock.now().astimezone(SHANGHAI).date()):
        return 0
    user_ids = [reader.user_id for reader in desk_digest.readers(current_session())]
    n_made, failed = _run_each(user_ids, _send_one_desk, progress)
    _raise_for(_named(failed), len(user_ids))
    return n_made


def _send_one_desk(user_id: uuid.UUID) -> bool:
    with transaction() as session:
        return send_desk_digest(session, user_id=user_id, now=clock.now()) is not None


def _named(failed: Mapping[uuid.UUID, Exception]) -> list[str]:
    return [f"{user_id}: {type(error).__name__}" for user_id, error in failed.items()]


def _raise_for(failures: list[str], total: int) -> None:
    if failures:
        shown = "; ".join(failures[:MAX_SHOWN])
        raise SomeFailed(f"{len(failures)} of {total} digests could not be made, the others were: {shown}")


def send_one(user_id: uuid.UUID, *, period: str = "") -> bool:
    """Make one reader's digest in its own transaction; return whether there was something to say."""
    with transaction() as session:
        digest = send_digest(session, user_id=user_id, now=clock.now(), period=period)
    return digest is not None
