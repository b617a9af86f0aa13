"""The inner loops, compiled by numba where it is installed; retrieve.py, view.py and stage.py do without otherwise."""

from __future__ import annotations

import importlib
import threading
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from matching import loops

#: What other loops call.
_PLAIN = (
    *("_worse", "_replace_worst", "_finish", "_spread", "_no_columns", "_offer", "_seed"),
    *("_place_of", "_block", "_open", "_close", "_spread_sides", "_picked", "_fetch", "_fetch_postings"),
    *("_settle", "_bound", "_lead", "_floor", "_compete"),
)
#: No bound is ever NaN, so the order of a maximum does not matter here and it can be taken eight by eight.
_LOOSE = ("_tops", "_sweep", "_sweep_sides", "_peaks")


_lock = threading.Lock()


class Kernels(NamedTuple):
    """The compiled loops.

    A block's best rows; where blocks hold terms, what their rows can reach, scores of some; bounds of sums over views;
    rows with the best bounds, and those whose bounds reach a floor.
    """

    search_block: Any
    place_terms: Any
    survey_blocks: Any
    finish_rows: Any
    mix_rows: Any
    lead_rows: Any
    reaching_rows: Any


def compiled() -> Kernels | None:
    """Return the compiled loops, or None without numba."""
    with _lock:  # a second thread must not compile what is compiled
        return _compiled()


@cache
def _compiled() -> Kernels | None:
    try:
        numba = importlib.import_module("numba")
    except ImportError:
        return None
    is_kept = _can_be_kept(numba)
    plain = numba.njit(cache=is_kept, nogil=True)
    loose = numba.njit(cache=is_kept, nogil=True, fastmath=True)
    loops.pointer, loops.carray = numba.extending.intrinsic(loops.point), numba.carray
    for compiler, names in ((plain, _PLAIN), (loose, _LOOSE)):
        for name in names:
            setattr(loops, name, compiler(getattr(loops, name)))
    return Kernels(
        plain(loops.search_block),
        plain(loops.place_terms),
        plain(loops.survey_blocks),
        plain(loops.finish_rows),
        loose(loops.mix_rows),
        plain(loops.lead_rows),
        plain(loops.reaching_rows),
    )


def _can_be_kept(numba: ModuleType) -> bool:
    """Tell whether what is compiled can be written beside the loops or to the user's folder, for the next start."""
    try:
        numba.njit(cache=True)(loops.point)
    except RuntimeError:
        return False
    return True
