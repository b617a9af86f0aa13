"""Uploads."""

from __future__ import annotations

import factory

from app.files.models import StoredFile
from tests.factories.base import Factory


class StoredFileFactory(Factory):
    """What is known of a small PDF; its content is not in the store."""

    class Meta:
        model = StoredFile

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size_bytes, media_type, filename, purpose = 1024, "application/pdf", "scan.pdf", "licence"
