"""What a catalogue keeps of the analyses of many sheets, as arrays that travel well between processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.analysis import analyse
from matching.bags import Bags
from matching.intervals import Intervals
from matching.lexicon import Translator
from matching.records import Sheet
from matching.shelf import as_line, to_line
from matching.statements import Said

#: Parts of an analysis that are indexed.
VIEWS = ("words", "concepts", "pieces", "head", "phrases")


@dataclass(frozen=True, slots=True)
class Packed:
    """Some sheets in order: lines, statements, the terms of each view, which are Chinese, the quantities in them.

    written : how they write their words, as lines.
    """

    lines: list[bytes]
    written: list[bytes]
    said: Said
    bags: dict[str, Bags]
    chinese: NDArray[np.bool_]
    intervals: Intervals


def pack(sheets: Sequence[Sheet], translator: Translator) -> Packed:
    """Analyse sheets and keep what the indexes need."""
    analyses = [analyse(sheet, translator) for sheet in sheets]
    return Packed(
        [to_line(sheet) for sheet in sheets],
        [as_line(analysis.written).encode(errors="surrogatepass") for analysis in analyses],
        Said.of(sheets),
        {name: Bags.of([getattr(analysis, name) for analysis in analyses], np.uint16) for name in VIEWS},
        np.array([analysis.chinese for analysis in analyses], np.bool_),
        Intervals().add([analysis.intervals for analysis in analyses]),
    )
