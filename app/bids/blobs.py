"""Files of bids that are not open yet: each locked with a key of its own, which only the bid's content holds."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.bids.damage import Damaged
from app.bids.document import Blob
from app.files import storage
from app.keys import crypto

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from app.bids.document import Annex


def keep_locked(file_id: uuid.UUID, content: bytes) -> Blob:
    """Store some content locked; whoever has not the key learns its length only."""
    key = crypto.new_key()
    locked = crypto.encrypt(key, content, about=_about(file_id))
    sha256 = hashlib.sha256(locked).hexdigest()
    storage.keep(sha256, locked)
    return Blob(sha256, key)


def read_locked(blobs: Mapping[uuid.UUID, Blob], file: Annex) -> bytes:
    """Return the content of a locked file. Raises Damaged when the store has lost or changed it."""
    blob = blobs.get(file.id)
    if blob is None:
        raise Damaged("file")
    try:
        plain = crypto.decrypt(blob.key, b"".join(storage.stream(blob.sha256)), about=_about(file.id))
    except (crypto.CannotOpen, FileNotFoundError):
        raise Damaged("file") from None
    if hashlib.sha256(plain).hexdigest() != file.sha256:
        raise Damaged("file")
    return plain


def keep_plain(file: Annex, plain: bytes) -> None:
    """Store the content of an opened bid's file as every other file is stored."""
    storage.keep(file.sha256, plain)


def _about(file_id: uuid.UUID) -> str:
    return f"file {file_id}"
