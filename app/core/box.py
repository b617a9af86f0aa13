"""What is stored but not to be read in the database: boxes, and tags instead of names.

The key comes from the environment and is never stored beside what it locks, so that a dump, a backup or a reader
of the database learns nothing. Whoever runs the portal's process can open a box; sealed bids have keys of their own.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32
PADDED_BYTES = 512
"""Boxes of JSON are filled up to a multiple of this: the length of a name would tell whose it is."""


class BoxError(Exception):
    """The box was locked with another key, about something else, or has been changed."""


class _Keys:
    box: bytes | None = None
    tag: bytes | None = None


def register_secret(secret: str) -> None:
    """Derive the keys of boxes and tags from the installation's secret."""
    _Keys.box, _Keys.tag = _derive(secret, b"chipbridge box"), _derive(secret, b"chipbridge tag")


def lock(content: bytes, *, about: str) -> bytes:
    """Return the content under AES-256-GCM; ``about`` must be named again to open it, so boxes cannot be swapped."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(_key(_Keys.box)).encrypt(nonce, content, about.encode())


def unlock(box: bytes, *, about: str) -> bytes:
    """Return the content of a box. Raises BoxError."""
    try:
        return AESGCM(_key(_Keys.box)).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], about.encode())
    except (InvalidTag, ValueError):
        raise BoxError("This box cannot be opened.") from None


def lock_json(content: Any, *, about: str) -> bytes:
    """Return anything JSON can say as a box whose length tells next to nothing."""
    told = json.dumps(content, ensure_ascii=False).encode()
    return lock(told.ljust(-(-len(told) // PADDED_BYTES) * PADDED_BYTES), about=about)


def unlock_json(box: bytes, *, about: str) -> Any:
    """Return what a box made by ``lock_json`` holds. Raises BoxError."""
    return json.loads(unlock(box, about=about))


def tag(*parts: object) -> str:
    """Return 64 hexadecimal digits that stand for the parts: the same every time, and of no use without the key."""
    told = json.dumps([str(part) for part in parts]).encode()
    return hmac.new(_key(_Keys.tag), told, hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret.encode())


def _key(key: bytes | None) -> bytes:
    if key is None:
        raise RuntimeError("the installation's secret has not been registered")
    return key
