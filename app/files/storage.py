"""Where the bytes of uploads are: a folder or an S3 bucket, each content once under its SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import from_url

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK_BYTES = 256 * 1024


class _Current:
    store: Any = None


def init_storage(files_url: str) -> None:
    """Keep files at ``file:///PATH`` or ``s3://BUCKET[/PREFIX]`` from now on."""
    options: dict[str, Any] = {"mkdir": True} if files_url.startswith("file:") else {}
    _Current.store = from_url(files_url, **options)


def keep(sha256: str, content: bytes) -> None:
    """Store content under its hash, whole or not at all; content that is there already stays as it is."""
    try:
        obstore.put(_store(), _path(sha256), content, mode="create")
    except AlreadyExistsError:
        return


def stream(sha256: str) -> Iterator[bytes]:
    """Yield the content piece by piece. Raises FileNotFoundError when the store has lost it."""
    found = obstore.get(_store(), _path(sha256))
    return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK_BYTES))


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _store() -> Any:
    if _Current.store is None:
        raise RuntimeError("init_storage() has not been called")
    return _Current.store
