"""Everything that an installation has written down: every row of every table, and every byte of every file."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy.orm import Session

OF_THE_TESTS = ("factory", "faker", "sqlalchemy")
OF_THE_PROCESS = frozenset({"created", "msecs", "process", "relativeCreated", "thread", "threadName"})


def dump_tables(session: Session) -> dict[str, bytes]:
    """Return every column of every row, by table; ids without dashes, so that both databases write them alike."""
    names = sa.inspect(session.connection()).get_table_names()
    return {name: b"\n".join(_rows(session, name)) for name in names}


def dump_files(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its name in front of its content; a database's own files are among them."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): str(path).encode() + b"\n" + path.read_bytes() for path in files}


def dump_log(records: Iterable[logging.LogRecord]) -> bytes:
    """Return what lines of the log hold, without the numbers of a process and addresses, which look like anything."""
    lines = [vars(record) for record in records if not record.name.startswith(OF_THE_TESTS)]
    return str([{name: line[name] for name in line.keys() - OF_THE_PROCESS} for line in lines]).encode()


def told(dump: dict[str, bytes], needles: Iterable[str]) -> dict[str, list[str]]:
    """Return which of the needles stand in which part of a dump: as text, or as JSON writes it."""
    found = {
        name: [needle for needle in needles if any(form in content for form in _forms(needle))]
        for name, content in dump.items()
    }
    return {name: some for name, some in found.items() if some}


def _rows(session: Session, table: str) -> Iterable[bytes]:
    for row in session.execute(sa.text(f'SELECT * FROM "{table}"')):
        yield b" ".join(_bytes(value) for value in row)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, uuid.UUID):
        return value.hex.encode()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str).replace("-", "").encode() + json.dumps(value).encode()
    return str(value).encode()


def _forms(needle: str) -> set[bytes]:
    return {needle.encode(), needle.encode("utf-16-le"), json.dumps(needle)[1:-1].encode()}
