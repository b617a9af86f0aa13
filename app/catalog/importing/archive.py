"""Excel workbooks from outside: size before content, no macros, no passwords."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from app.catalog.importing.source import UnreadableFile

MEBIBYTE: Final = 1024 * 1024
MAX_UNPACKED: Final = 400 * MEBIBYTE
"""Of all parts together; Python never unpacks more of a part than the archive announces."""
MAX_STRINGS: Final = 64 * MEBIBYTE
"""Of the texts, which are held in memory."""
MAX_RATIO: Final = 200
MAX_PARTS: Final = 2000
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
DAMAGED: Final = "The workbook is damaged. Open it in your spreadsheet program and save it again as .xlsx."


def refuse_unsafe(content: bytes) -> None:
    """Look at a workbook from outside. Raises UnreadableFile when it is better not opened."""
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise UnreadableFile(
                "The workbook is protected by a password. Remove the password and upload it again.",
                code="workbook_encrypted",
            )
        raise UnreadableFile(
            "This is a workbook of the old format .xls. Save it as .xlsx and upload it again.", code="workbook_old"
        )
    if content.startswith(b"PK\x03\x04"):
        _refuse_archive(content)


def _refuse_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            types = _content_types(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        raise UnreadableFile(DAMAGED, code="workbook_damaged") from None
    _refuse_bomb(parts)
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts) or b"macroEnabled" in types:
        raise UnreadableFile(
            "Workbooks with macros are not accepted. Save it as .xlsx without macros.", code="workbook_macros"
        )


def _content_types(archive: zipfile.ZipFile) -> bytes:
    name = "[Content_Types].xml"
    if name not in archive.namelist() or archive.getinfo(name).file_size > MEBIBYTE:
        return b""
    return archive.read(name)


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    swollen = any(
        part.file_size > 10 * MEBIBYTE and part.file_size > MAX_RATIO * max(1, part.compress_size) for part in parts
    )
    if len(parts) > MAX_PARTS or total > MAX_UNPACKED or strings > MAX_STRINGS or swollen:
        raise UnreadableFile(
            "Unpacked, the workbook is too large. Split it into several files.", code="workbook_too_large"
        )
