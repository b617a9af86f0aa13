"""Uploads that were stored, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.catalog.importing.reader import read
from app.catalog.importing.source import open_source
from app.files import sniff
from app.files.service import read_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.catalog.importing.reader import Reading
    from app.catalog.importing.source import Source
    from app.catalog.importing.survey import Mapping, Survey
    from app.files.models import StoredFile


def open_stored(file: StoredFile) -> Source:
    """Open an upload. Raises UnreadableFile, or NotFound when the store has lost it."""
    return open_source(read_file(file), is_workbook=file.media_type == sniff.XLSX)


def read_stored(
    file: StoredFile,
    survey: Survey,
    mapping: Mapping,
    *,
    uscc: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Reading:
    """Read a stored upload whole, before any transaction begins. Raises UnreadableFile or NotFound."""
    return read(open_stored(file), survey, mapping, uscc=uscc, progress=progress)
