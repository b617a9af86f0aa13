"""The first look at an upload, before anything is stored."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from app.catalog.importing.archive import refuse_unsafe
from app.catalog.importing.source import MAX_BYTES, UnreadableFile, open_source
from app.catalog.importing.survey import survey
from app.core.errors import RuleViolation
from app.files import sniff

if TYPE_CHECKING:
    from app.catalog.importing.survey import Survey

ALLOWED = frozenset({sniff.XLSX, sniff.CSV})
FIELD = "file"


@dataclass(slots=True)
class Examined:
    """An upload that can be imported, and what it holds."""

    filename: str | None
    content: bytes
    survey: Survey

    @property
    def stream(self) -> BinaryIO:
        """The content, once more from its beginning."""
        return io.BytesIO(self.content)


def examine(filename: str, stream: BinaryIO) -> Examined:
    """Look at an upload. Raises RuleViolation beside the file when it cannot be imported."""
    content = stream.read(MAX_BYTES + 1)
    if not content:
        raise RuleViolation("The file is empty.", code="file_empty", field=FIELD)
    if len(content) > MAX_BYTES:
        raise RuleViolation("The file is larger than 30 MB. Split it.", code="file_too_large", field=FIELD)
    try:
        refuse_unsafe(content)
        kind = sniff.media_type(content)
        _refuse_other_types(filename, kind)
        source = open_source(content, is_workbook=kind == sniff.XLSX)
        return Examined(filename, content, survey(source))
    except UnreadableFile as error:
        raise RuleViolation(error.message, code=error.code, field=FIELD) from error


def _refuse_other_types(filename: str, kind: str) -> None:
    if kind not in ALLOWED:
        raise UnreadableFile(
            "This is neither an Excel workbook (.xlsx) nor a table as text (.csv in UTF-8 or GB18030).",
            code="file_type",
        )
    if not sniff.suits(filename, kind):
        raise UnreadableFile(
            "The content of the file is not what its name says. Export it again in the right format.",
            code="file_mislabelled",
        )
