"""Content that nothing points to is forgotten after a while; content in use never is."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pytest

from app.bids.models import BidBlob
from app.bids.workflow import BidState
from app.core import clock
from app.files import storage
from app.files.models import StoredFile
from app.files.purge import GRACE, purge
from tests.factories.bids import BidFactory

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

LATER = clock.now() + dt.timedelta(days=36_500)
"""Stores date what they keep by their own clock."""


def keep(content: bytes) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    storage.keep(sha256, content)
    return sha256


def is_there(sha256: str) -> bool:
    try:
        return bool(b"".join(storage.stream(sha256)))
    except FileNotFoundError:
        return False


def test_content_of_nothing_is_forgotten(own_app: Flask, own_session: Session) -> None:
    lost = keep(b"discarded")

    assert purge(own_session, now=LATER) == 1
    assert not is_there(lost)


def test_content_of_a_file_stays(own_app: Flask, own_session: Session) -> None:
    used = keep(b"a licence")
    own_session.add(
        StoredFile(sha256=used, size_bytes=9, media_type="application/pdf", filename="a.pdf", purpose="licence")
    )
    own_session.commit()

    assert purge(own_session, now=LATER) == 0
    assert is_there(used)


def test_young_content_stays_because_its_row_may_be_under_way(own_app: Flask, own_session: Session) -> None:
    young = keep(b"being uploaded")

    assert purge(own_session, now=dt.datetime(1990, 1, 1, tzinfo=dt.UTC) + GRACE) == 0
    assert is_there(young)


@pytest.mark.parametrize(
    ("state", "is_kept"),
    [(BidState.DRAFT, True), (BidState.SEALED, True), (BidState.WITHDRAWN, False), (BidState.OPENED, False)],
)
def test_locked_content_stays_as_long_as_its_bid_is_not_opened(
    own_app: Flask, own_session: Session, state: BidState, is_kept: bool
) -> None:
    locked = keep(b"a locked annex")
    own_session.add(BidBlob(bid_id=BidFactory(state=state).id, sha256=locked))
    own_session.commit()

    purge(own_session, now=LATER)

    assert is_there(locked) is is_kept
