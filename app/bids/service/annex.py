"""Files annexed to a draft."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.bids.models import BidFile
from app.bids.rules import MAX_FILES
from app.bids.service.edit import lock_draft
from app.core.errors import NotFound, RuleViolation
from app.files import sniff
from app.files.policy import own_members, register_purpose
from app.files.service import forget, store_upload

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from app.bids.models import Bid
    from app.core.actor import Actor
    from app.files.service import Upload

PURPOSE = register_purpose("bid", own_members)
ALLOWED = frozenset({sniff.PDF, sniff.PNG, sniff.JPEG, sniff.DOCX, sniff.XLSX, sniff.ZIP})


def attach_file(
    session: Session, *, actor: Actor, bid_id: uuid.UUID, upload: Upload, max_bytes: int, now: dt.datetime
) -> Bid:
    """Annex an upload to a draft. Raises NotFound, NotAllowed, Conflict or RuleViolation."""
    bid = lock_draft(session, actor, bid_id)
    if len(bid.files) >= MAX_FILES:
        raise RuleViolation("A bid takes at most ten files.", code="too_many_files", field="upload")
    file = store_upload(
        session,
        actor=actor,
        upload=upload,
        purpose=PURPOSE,
        allowed=ALLOWED,
        max_bytes=max_bytes,
        now=now,
        field="upload",
        organization_id=bid.organization_id,
        sealed_by=bid.challenge_id,
    )
    bid.files.append(BidFile(file=file))
    bid.updated_at = now
    session.flush()
    return bid


def detach_file(session: Session, *, actor: Actor, bid_id: uuid.UUID, file_id: uuid.UUID, now: dt.datetime) -> Bid:
    """Take a file away from a draft; nobody can open it any more. Raises NotFound, NotAllowed, Conflict."""
    bid = lock_draft(session, actor, bid_id)
    annex = next((annex for annex in bid.files if annex.file_id == file_id), None)
    if annex is None:
        raise NotFound("There is no such file.", code="file_not_found")
    file = annex.file
    bid.files.remove(annex)
    bid.updated_at = now
    session.flush()
    forget(session, actor=actor, file=file)
    return bid
