"""Where the bytes of uploads are: a folder or an S3 bucket, each content once under its SHA-256."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import obstore
from obstore.store import from_url

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

CHUNK_BYTES = 256 * 1024
LISTED = 500
_HASH = re.compile(r"[0-9a-f]{64}")


class _Current:
    store: Any = None


def init_storage(files_url: str) -> None:
    """Keep files at ``file:///PATH`` or ``s3://BUCKET[/PREFIX]`` from now on."""
    options: dict[str, Any] = {"mkdir": True} if files_url.startswith("file:") else {}
    _Current.store = from_url(files_url, **options)


def keep(sha256: str, content: bytes) -> None:
    """Store content under its hash, whole or not at all; content that is there already becomes young again."""
    obstore.put(_store(), _path(sha256), content, mode="overwrite")


def stream(sha256: str) -> Iterator[bytes]:
    """Yield the content piece by piece. Raises FileNotFoundError when the store has lost it."""
    found = obstore.get(_store(), _path(sha256))
    return (bytes(chunk) for chunk in found.stream(min_chunk_size=CHUNK_BYTES))


def older_than(instant: dt.datetime) -> Iterator[set[str]]:
    """Yield the hashes of content that was stored before, some hundreds at a time."""
    for batch in obstore.list(_store(), chunk_size=LISTED):
        names = {entry["path"].rpartition("/")[2] for entry in batch if entry["last_modified"] < instant}
        yield {name for name in names if _HASH.fullmatch(name)}


def remove(hashes: Iterable[str], *, before: dt.datetime) -> int:
    """Delete content unless it was stored anew since ``before``; return how many."""
    n_removed = 0
    for path in map(_path, hashes):
        if obstore.head(_store(), path)["last_modified"] < before:
            obstore.delete(_store(), path)
            n_removed += 1
    return n_removed


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _store() -> Any:
    if _Current.store is None:
        raise RuntimeError("init_storage() has not been called")
    return _Current.store
