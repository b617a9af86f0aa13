"""What an upload really is: judged by its content, never by its name or what the browser says."""

from __future__ import annotations

import io
import zipfile
from typing import Final

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV: Final = "text/csv"
ZIP: Final = "application/zip"
UNKNOWN: Final = "application/octet-stream"

EXTENSIONS: Final[dict[str, tuple[str, ...]]] = {
    PDF: ("pdf",),
    JPEG: ("jpg", "jpeg"),
    PNG: ("png",),
    XLSX: ("xlsx",),
    DOCX: ("docx",),
    CSV: ("csv", "txt"),
    ZIP: ("zip",),
}
_OOXML: Final = {"xl/workbook.xml": XLSX, "word/document.xml": DOCX}
_HEAD_BYTES: Final = 64 * 1024


def media_type(content: bytes) -> str:
    """Return the media type of some content, ``application/octet-stream`` for anything unknown."""
    import pylibmagic  # noqa: F401, I001 - first: it shows python-magic the library inside the wheel
    import magic

    guess = str(magic.from_buffer(content[:_HEAD_BYTES], mime=True))
    if content.startswith(b"PK\x03\x04"):
        return _archive(content)
    if guess.startswith("text/") or guess == "application/csv":
        return CSV if _is_text(content) else UNKNOWN
    return guess


def suits(filename: str, kind: str) -> bool:
    """Return whether the end of a file's name tells the truth about its content."""
    return filename.rpartition(".")[2].lower() in EXTENSIONS.get(kind, ())


def _archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return UNKNOWN
    return next((kind for name, kind in _OOXML.items() if name in names), ZIP)


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "\x00" not in text
    return False
