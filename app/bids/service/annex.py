"""Files annexed to a draft."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from app.audit import service as audit
from app.bids.blobs import keep_locked
from app.bids.content import read, write
from app.bids.document import Annex
from app.bids.models import BidBlob
from app.bids.rules import MAX_FILES
from app.bids.service.edit import lock_draft
from app.challenges.standing import rules_of
from app.core.errors import NotFound, RuleViolation
from app.files import sniff
from app.files.service import examine

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.bids.models import Bid
    from app.core.actor import Actor
    from app.files.service import Upload

ALLOWED = frozenset({sniff.PDF, sniff.PNG, sniff.JPEG, sniff.DOCX, sniff.XLSX, sniff.ZIP})


def attach_file(
    session: Session,
    *,
    actor: Actor,
    bid_id: uuid.UUID,
    upload: Upload,
    max_bytes: int,
    now: dt.datetime,
    is_price: bool = False,
) -> Bid:
    """Annex an upload to a draft, locked; ``is_price`` puts it into the price envelope where there is one.

    Raises NotFound, NotAllowed, Conflict or RuleViolation.
    """
    bid = lock_draft(session, actor, bid_id)
    content = read(bid)
    if len(content.files) >= MAX_FILES:
        raise RuleViolation("A bid takes at most ten files.", code="too_many_files", field="upload")
    found = examine(upload, allowed=ALLOWED, max_bytes=max_bytes, field="upload")
    file = Annex(
        uuid.uuid4(), found.filename, found.media_type, len(found.content), found.sha256, now, actor.user_id,
        is_price and rules_of(bid.challenge).has_price_envelope,
    )  # fmt: skip
    blob = keep_locked(file.id, found.content)
    more = replace(content, files=(*content.files, file), blobs={**content.blobs, file.id: blob})
    write(bid, more, now)
    session.add(BidBlob(bid_id=bid.id, sha256=blob.sha256))
    session.flush()
    _record(session, actor, bid, "bid.attach")
    return bid


def detach_file(session: Session, *, actor: Actor, bid_id: uuid.UUID, file_id: uuid.UUID, now: dt.datetime) -> Bid:
    """Take a file away from a draft; with its key it is lost for everybody. Raises NotFound, NotAllowed, Conflict."""
    bid = lock_draft(session, actor, bid_id)
    content = read(bid)
    if file_id not in {file.id for file in content.files}:
        raise NotFound("There is no such file.", code="file_not_found")
    files = tuple(file for file in content.files if file.id != file_id)
    blobs = {key: blob for key, blob in content.blobs.items() if key != file_id}
    write(bid, replace(content, files=files, blobs=blobs), now)
    session.flush()
    _record(session, actor, bid, "bid.detach")
    return bid


def _record(session: Session, actor: Actor, bid: Bid, action: str) -> None:
    audit.record_sealed(session, actor, action, "bid", bid.id, label=bid.challenge.title, sealed_by=bid.challenge_id)
