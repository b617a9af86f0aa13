"""Databases beside another one: empty, or a copy of one that has been prepared."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from tests.support.postgres import database_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def database_beside(url: str, file: Path, template: str = "") -> Iterator[str]:
    """Give a database of the same kind, gone afterwards: a copy of the one at ``template``, or an empty one."""
    if not url.startswith("sqlite"):
        with database_on(url, template=make_url(template).database or "" if template else "template0") as own:
            yield own
        return
    if template:
        shutil.copyfile(template.removeprefix("sqlite:///"), file)
    yield f"sqlite:///{file}"
