"""The fitted model on disk: one folder a version, one pointer to the current one."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import threading
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.matchmaking import sheets
from app.matchmaking.service.learn import ranker_for
from app.matchmaking.service.taxonomy import load_knowledge
from app.taxonomy import knowledge

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from matching.engine import Matcher

log = logging.getLogger(__name__)
POINTER = "current"
_lock = threading.RLock()
_held: list[bool] = []
_loaded: dict[Path, tuple[str, Matcher]] = {}


def current_matcher(session: Session, model_dir: Path) -> Matcher:
    """Return the current model, fitted first when there is none yet or its files do not load."""
    with _lock:
        matcher = _stored(model_dir)
        return matcher if matcher is not None else refit(session, model_dir)


def make_ready(model_dir: Path) -> None:
    """Load the current model, if there is one, and ask it something: the first question reads the dictionaries, too."""
    from matching.records import Need

    with _lock:
        matcher = _stored(model_dir)
    if matcher is not None and len(matcher):
        matcher.recommend(Need("", "电池电压检测 battery monitor"))


def _stored(model_dir: Path) -> Matcher | None:
    """Return the current model, None when there is none yet or its files do not load."""
    name, known = _current_name(model_dir), _loaded.get(model_dir)
    if known is not None and known[0] == name:
        return known[1]
    matcher = _load(model_dir / name) if name else None
    if matcher is not None:
        _loaded[model_dir] = (name, matcher)
    return matcher


def refit(session: Session, model_dir: Path) -> Matcher:
    """Fit the model on every matchable product and what the desk taught, and make it the current one."""
    from matching.engine import Matcher

    with _alone(model_dir):
        knowledge.publish(model_dir, load_knowledge(session))
        matcher = Matcher(lexicon=sheets.load_lexicon(session)).fit(list(sheets.load_sheets(session)))
        matcher.ranker_ = ranker_for(session)
        return _swap_in(matcher, model_dir)


@contextmanager
def _alone(model_dir: Path) -> Iterator[None]:
    """Keep the other threads, and the other processes of this machine, from changing the model meanwhile."""
    model_dir.mkdir(parents=True, exist_ok=True)
    with _lock:
        if _held:  # this thread, further up
            yield
            return
        with (model_dir / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _held.append(True)
            try:
                yield
            finally:
                _held.pop()


def update(session: Session, model_dir: Path, product_ids: Iterable[uuid.UUID]) -> Matcher:
    """Bring the named products up to date in the model: changed, added or gone."""
    ids = list(product_ids)
    with _alone(model_dir):
        name = _current_name(model_dir)
        # Others may be computing with the current model: a copy is changed and takes its place.
        matcher = _load(model_dir / name) if name else None
        if matcher is None:
            return refit(session, model_dir)
        changed = list(sheets.load_sheets(session, ids))
        gone = {str(product_id) for product_id in ids} - {sheet.id for sheet in changed}
        if changed:
            matcher.update(changed)
        if gone:
            matcher.remove(sorted(gone))
        return _swap_in(matcher, model_dir)


def _current_name(model_dir: Path) -> str:
    try:
        return (model_dir / POINTER).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _load(folder: Path) -> Matcher | None:
    from matching.engine import Matcher

    try:
        return Matcher.load(folder)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        log.warning("stored model cannot be loaded; fitting again", exc_info=True)
        return None


def _swap_in(matcher: Matcher, model_dir: Path) -> Matcher:
    """Save beside the current version, then move the pointer in one step; older versions go."""
    with _lock:
        before = _current_name(model_dir)
        name = uuid.uuid4().hex
        matcher.save(model_dir / name)
        fresh = model_dir / f"{POINTER}.{name}"
        fresh.write_text(name, encoding="ascii")
        os.replace(fresh, model_dir / POINTER)  # noqa: PTH105 - atomic on every platform
        _loaded[model_dir] = (name, matcher)
        # The version before stays for readers that have just read the pointer.
        for folder in model_dir.iterdir():
            if folder.is_dir() and folder.name not in (name, before):
                shutil.rmtree(folder, ignore_errors=True)
        return matcher
