"""Taking files in and handing them out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

from sqlalchemy import select

from app.audit import service as audit
from app.core.errors import NotFound, RuleViolation
from app.files import policy, sniff, storage
from app.files.models import StoredFile

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from app.core.actor import Actor

MAX_NAME = 255
NOT_THERE = "There is no such file."


class Upload(Protocol):
    """What a browser sends: a name and a stream."""

    filename: str | None

    @property
    def stream(self) -> BinaryIO:
        """The content."""


@dataclass(frozen=True, slots=True)
class Examined:
    """An upload that was looked at: its content, its cleaned name, its true type and its hash."""

    content: bytes
    filename: str
    media_type: str
    sha256: str


def store_upload(  # noqa: PLR0913 - each says one thing about the file
    session: Session,
    *,
    actor: Actor,
    upload: Upload,
    purpose: str,
    allowed: frozenset[str],
    max_bytes: int,
    now: dt.datetime,
    field: str = "file",
    organization_id: uuid.UUID | None = None,
    sealed_by: uuid.UUID | None = None,
) -> StoredFile:
    """Keep an upload of one of the ``allowed`` media types for the actor's organisation, or ``organization_id``.

    Raises RuleViolation beside ``field`` when it is empty, larger than ``max_bytes``, of another type, or
    named as something that it is not. The content is stored before the row is committed: a failing
    transaction leaves at most content that nothing points to.
    """
    found = examine(upload, allowed=allowed, max_bytes=max_bytes, field=field)
    storage.keep(found.sha256, found.content)
    file = StoredFile(
        id=uuid.uuid4(),
        sha256=found.sha256,
        size_bytes=len(found.content),
        media_type=found.media_type,
        filename=found.filename,
        purpose=purpose,
        organization_id=organization_id or actor.organization_id,
        uploaded_by=actor.user_id,
        sealed_by=sealed_by,
        created_at=now,
    )
    session.add(file)
    session.flush()
    audit.record_sealed(
        session,
        actor,
        "file.upload",
        "file",
        file.id,
        label="" if sealed_by else found.filename,
        sealed_by=sealed_by,
        purpose=purpose,
        sha256=found.sha256,
    )
    return file


def examine(upload: Upload, *, allowed: frozenset[str], max_bytes: int, field: str = "file") -> Examined:
    """Return an acceptable upload with what it really is, and keep nothing. Raises RuleViolation like ``store_upload``.

    For content that must not lie in the store as it is.
    """
    content = upload.stream.read(max_bytes + 1)
    name = clean_name(upload.filename or "")
    kind = _check(content, name, allowed=allowed, max_bytes=max_bytes, field=field)
    return Examined(content, name, kind, hashlib.sha256(content).hexdigest())


def _check(content: bytes, name: str, *, allowed: frozenset[str], max_bytes: int, field: str) -> str:
    """Return the media type of acceptable content."""
    if not content:
        raise RuleViolation("The file is empty.", code="file_empty", field=field)
    if len(content) > max_bytes:
        raise RuleViolation("The file is too large.", code="file_too_large", field=field)
    kind = sniff.media_type(content)
    if kind not in allowed:
        raise RuleViolation("Files of this type are not accepted here.", code="file_type", field=field)
    if not sniff.suits(name, kind):
        raise RuleViolation(
            "The content of the file is not what its name says. Export it again in the right format.",
            code="file_mislabelled",
            field=field,
        )
    return kind


def clean_name(filename: str) -> str:
    """Return a file's name without folders and signs that mean something to file systems."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    plain = "".join("_" if char in '<>:"|?*' or unicodedata.category(char)[0] == "C" else char for char in base)
    stem, dot, end = plain.strip(" .").rpartition(".")
    return (stem[: MAX_NAME - len(end) - 1] + dot + end)[-MAX_NAME:] or "file"


def open_for(session: Session, *, actor: Actor, file_id: uuid.UUID) -> StoredFile:
    """Return a file that the actor may open, and note that it was opened. Raises NotFound otherwise."""
    file = session.scalars(select(StoredFile).where(StoredFile.id == file_id)).one_or_none()
    if file is None or not policy.can_open(session, actor, file):
        # Whether a hidden file exists is nobody's business.
        raise NotFound(NOT_THERE, code="file_not_found")
    audit.record_sealed(
        session,
        actor,
        "file.open",
        "file",
        file.id,
        label="" if file.sealed_by else file.filename,
        sealed_by=file.sealed_by,
        purpose=file.purpose,
    )
    return file


def forget(session: Session, *, actor: Actor, file: StoredFile) -> None:
    """Drop what is known of an upload, so that nobody can open it any more; its row must not be referred to."""
    audit.record_sealed(
        session,
        actor,
        "file.remove",
        "file",
        file.id,
        label="" if file.sealed_by else file.filename,
        sealed_by=file.sealed_by,
        purpose=file.purpose,
        sha256=file.sha256,
    )
    session.delete(file)
    session.flush()


def open_file(file: StoredFile) -> Iterator[bytes]:
    """Yield the content piece by piece. Raises NotFound when the store has lost it."""
    try:
        return storage.stream(file.sha256)
    except FileNotFoundError:
        raise NotFound(NOT_THERE, code="file_lost") from None


def read_file(file: StoredFile) -> bytes:
    """Return the whole content."""
    return b"".join(open_file(file))
