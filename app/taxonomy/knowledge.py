"""What the desk taught, for every process: categories and words, published as one file beside the model.

The rows of the database are the truth; the file lets each request see them without a query. It is written by jobs,
replaced in one step and read again when it changes.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.taxonomy import lists
from matching.taxonomy import Changes

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)
FILE = "knowledge.json"


@dataclass(frozen=True, slots=True)
class Taught:
    """Words of one meaning in either language, and the category they point to or ""."""

    zh: tuple[str, ...]
    en: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the desk taught."""

    changes: Changes = field(default_factory=Changes)
    words: tuple[Taught, ...] = ()


NOTHING = Knowledge()
_lock = threading.Lock()
_known: Knowledge = NOTHING
_seen: tuple[Path, int, int] | None = None


def taught_words() -> tuple[Taught, ...]:
    """Return the words the desk taught; the same object as long as nothing changes."""
    return _known.words


def publish(folder: Path, knowledge: Knowledge) -> None:
    """Replace what every process knows, and know it here at once."""
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "names": knowledge.changes.names,
        "merged": knowledge.changes.merged,
        "added": knowledge.changes.added,
        "keys": knowledge.changes.keys,
        "withdrawn": sorted(knowledge.changes.withdrawn),
        "words": [[one.zh, one.en, one.code] for one in knowledge.words],
    }
    fresh = folder / f"{FILE}.{uuid.uuid4().hex}"
    fresh.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, folder / FILE)  # noqa: PTH105 - atomic on every platform
    refresh(folder)


def refresh(folder: Path) -> None:
    """Read the file again if it has changed; without one, only what ships is known."""
    global _seen  # noqa: PLW0603 - one knowledge for the whole process
    mark = _mark(folder / FILE)
    if mark == _seen:
        return
    with _lock:
        if mark != _seen:
            know(_read(folder / FILE) if mark else NOTHING)
            _seen = mark


def know(knowledge: Knowledge) -> None:
    """Make this the knowledge of the process; unsound changes of categories are left out."""
    global _known  # noqa: PLW0603 - one knowledge for the whole process
    try:
        lists.lay_over(knowledge.changes)
    except ValueError:
        log.exception("changes of categories are unsound; the shipped ones are used")
        lists.lay_over(Changes())
    if knowledge.words != _known.words:
        _known = knowledge


def _mark(file: Path) -> tuple[Path, int, int] | None:
    try:
        found = file.stat()
    except FileNotFoundError:
        return None
    return file, found.st_mtime_ns, found.st_ino


def _read(file: Path) -> Knowledge:
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        words = (Taught(tuple(zh), tuple(en), str(code)) for zh, en, code in content["words"])
        return Knowledge(_changes_in(content), tuple(words))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        log.warning("published knowledge cannot be read; only what ships is known", exc_info=True)
        return NOTHING


def _changes_in(content: dict[str, Any]) -> Changes:
    """Return the changes of a file; one that an earlier release wrote adds no categories."""
    return Changes(
        _names_in(content["names"]),
        {str(code): str(into) for code, into in content["merged"].items()},
        _names_in(content.get("added", {})),
        {str(code): tuple(map(str, keys)) for code, keys in content.get("keys", {}).items()},
        frozenset(map(str, content.get("withdrawn", ()))),
    )


def _names_in(content: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {str(code): (str(zh), str(en)) for code, (zh, en) in content.items()}
