"""What a receipt says: a code that nobody can guess and a hash that anybody can compute again."""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CODE_BYTES = 8
SCHEMA = "chipbridge-receipt-1"


def new_code() -> str:
    """Return a fresh receipt code: sixteen hexadecimal digits."""
    return secrets.token_hex(CODE_BYTES).upper()


def shown_code(code: str) -> str:
    """Return a receipt code in groups of four, as people read it out."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def to_file(**told: str) -> bytes:
    """Return a receipt as the file that the firm keeps: JSON that people can read, too."""
    kept = {
        "schema": SCHEMA,
        **told,
        "algorithm": "SHA-256 of the canonical statement: JSON in UTF-8, keys sorted, no blanks, Unicode form C",
        "check_offline": "sha256sum STATEMENT.json",
    }
    return json.dumps(kept, ensure_ascii=False, indent=2).encode()


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return the one form of some content: JSON in UTF-8, keys sorted, no blanks, texts in Unicode form C.

    Raises ValueError for numbers that are not whole: they have no single way of being written.
    """
    plain = _normal(content)
    text = json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def content_hash(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal digits."""
    return hash_of(canonical(content))


def hash_of(statement: bytes) -> str:
    """Return the SHA-256 of a canonical form as it is downloaded, in hexadecimal digits."""
    return hashlib.sha256(statement).hexdigest()


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.replace("\r\n", "\n"))
    if isinstance(value, dict):
        return {_normal(key): _normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(item) for item in value]
    if isinstance(value, float):
        raise ValueError("write numbers that are not whole as texts")  # noqa: TRY004 - the value is what is wrong
    return value
