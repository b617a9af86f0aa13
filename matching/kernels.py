"""The inner loops, compiled by numba where it is installed; retrieve.py and view.py do without otherwise."""

from __future__ import annotations

import importlib
from functools import cache
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


@cache
def compiled() -> Kernels | None:
    """Return the compiled loops, or None without numba."""
    try:
        numba = importlib.import_module("numba")
    except ImportError:
        return None
    plain, loose = numba.njit(cache=True, nogil=True), numba.njit(cache=True, nogil=True, fastmath=True)
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
