"""Many texts or needs at once, as joblib tasks: threads, processes or a cluster, as joblib is told.

Sequential unless the caller opens a ``joblib.parallel_config``. With the Dask backend of joblib the same calls spread
over a cluster. A worker maps a saved matcher once and keeps it, so only its path, needs and answers travel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from matching.lexicon import Concept, Translator, translator_of
from matching.packing import Packed, pack
from matching.records import Need, Sheet
from matching.results import FirmMatch, Match

if TYPE_CHECKING:
    from matching.engine import Matcher

Item = TypeVar("Item")

#: Items of one task: enough to be worth sending, few enough to spread well.
TEXTS, NEEDS = 512, 25


def pack_all(sheets: Sequence[Sheet], lexicon: Sequence[Concept], translator: Translator) -> list[Packed]:
    """Return what a catalogue keeps of every sheet, in order and in parts of TEXTS sheets."""
    if _is_sequential():
        return [pack(part, translator) for part in chunks(sheets)]
    return _spread(_pack_some, [(part, tuple(lexicon)) for part in chunks(sheets)])


def recommend_all(directory: str | Path, needs: Sequence[Need], k: int = 10) -> list[list[Match]]:
    """Return ``Matcher.recommend`` of every need, in order, by the matcher saved in a directory all workers see.

    Raises ValueError when there is none.
    """
    return _spread(_match_some, [(str(directory), part, "recommend", k) for part in chunks(needs, NEEDS)])


def firms_all(directory: str | Path, needs: Sequence[Need], k: int = 10) -> list[list[FirmMatch]]:
    """Return ``Matcher.firms`` of every need, in order; see ``recommend_all``."""
    return _spread(_match_some, [(str(directory), part, "firms", k) for part in chunks(needs, NEEDS)])


def _is_sequential() -> bool:
    from joblib import Parallel

    return bool(Parallel().n_jobs == 1)


def chunks(items: Sequence[Item], size: int = TEXTS) -> Iterable[Sequence[Item]]:
    """Return items in parts, as tasks get them."""
    return (items[start : start + size] for start in range(0, len(items), size))


def _spread(work: Callable[..., list[Any]], tasks: Sequence[tuple[Any, ...]]) -> list[Any]:
    from joblib import Parallel, delayed

    return [answer for part in Parallel()(delayed(work)(*task) for task in tasks) for answer in part]


def _pack_some(sheets: Sequence[Sheet], lexicon: tuple[Concept, ...]) -> list[Packed]:
    return [pack(sheets, translator_of(lexicon))]


def _match_some(directory: str, needs: Sequence[Need], kind: Literal["recommend", "firms"], k: int) -> list[Any]:
    manifest = Path(directory) / "manifest.json"
    changed = manifest.stat().st_mtime_ns if manifest.exists() else 0
    matcher = _matcher(directory, changed)
    return [getattr(matcher, kind)(need, k) for need in needs]


@lru_cache(1)
def _matcher(directory: str, changed: int) -> Matcher:
    """Return the saved matcher, read again when its files have changed."""
    from matching.engine import Matcher

    return Matcher.load(directory)
