"""What the indexes see of a text: words, phrases, concepts, character pieces, quantities; the whole or its head."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import add, itemgetter

from matching.lexicon import Translator, translator_of
from matching.quantities import Quantity, find_quantities
from matching.records import Need, Sheet
from matching.text import is_chinese, normalise, spans
from matching.units import to_base

_SEPARATORS = re.compile(r"[\s,.;:!?()\[\]{}\"'，。；：、！？（）【】《》“”‘’·|]+")
_FIRST_SENTENCE = re.compile(r"(.{3,200}?)(?:[。！？\n]|[.!?](?:\s|$)|$)", re.DOTALL)
#: Length of the pieces of Latin runs; shorter runs are taken whole. Others give every two characters.
PIECE = 4
_PLACE = itemgetter(0, 1)

Counts = Counter[str]
#: Dimension, low and high end in base units.
Interval = tuple[str, float, float]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Counts of everything found in one text. ``head`` is the title or first sentence, where people say what it is.

    written : how words stand in the text, first of all; those that stand there as they are counted are left out.
    """

    words: Counts
    phrases: Counts
    concepts: Counts
    pieces: Counts
    quantities: Counts
    head: Counts
    chinese: bool
    plain: str
    tokens: tuple[str, ...]
    plain_head: str
    head_tokens: tuple[str, ...]
    intervals: tuple[Interval, ...]
    written: Mapping[str, str]

    def head_only(self) -> Analysis:
        """Return the analysis with the head in place of the whole."""
        return replace(self, plain=self.plain_head, tokens=self.head_tokens, words=self.head)


def analyse(item: Sheet | Need, translator: Translator | None = None) -> Analysis:
    """Analyse a sheet or a need; without a translator the shipped lexicon is used."""
    translator = translator or translator_of()
    text = full_text(item)
    plain = normalise(text)
    stated = find_quantities(plain)
    found = list(spans(plain, stated))
    tokens = tuple(token for _, _, token in sorted(found, key=_PLACE))
    plain_head = normalise(head_of(item))
    head_tokens = tuple(token for _, _, token in sorted(spans(plain_head), key=_PLACE))
    return Analysis(
        words=Counter(tokens),
        phrases=Counter([*tokens, *(f"{a} {b}" for a, b in pairwise(tokens) if a != b)]),
        concepts=Counter(translator.concepts(plain, tokens)),
        pieces=_pieces(plain),
        quantities=Counter(token for token in tokens if token[0].isdigit() or token[0] in "-." or token[:4] == "pkg-"),
        head=Counter(head_tokens),
        chinese=is_chinese(plain),
        plain=plain,
        tokens=tokens,
        plain_head=plain_head,
        head_tokens=head_tokens,
        intervals=_intervals(stated),
        written=_written(plain, found),
    )


def _written(plain: str, found: Sequence[tuple[int, int, str]]) -> dict[str, str]:
    """Return how tokens are first written; one cut from a longer Chinese run stands for itself."""
    first: dict[str, str] = {}
    for start, end, token in found:
        first.setdefault(token, plain[start:end])
    other = ((token, whole) for token, whole in first.items() if whole != token)
    return {token: whole for token, whole in other if whole.isascii() or token not in whole}


def intervals(plain: str) -> tuple[Interval, ...]:
    """Return the quantities of a normalised text as intervals in base units, without repeats."""
    return _intervals(find_quantities(plain))


def _intervals(stated: Iterable[tuple[int, int, Quantity]]) -> tuple[Interval, ...]:
    found: dict[Interval, None] = {}
    for _, _, quantity in stated:
        ends = [to_base(value, quantity.unit) for value in (quantity.values[0], quantity.values[-1])]
        found[(ends[0][1], ends[0][0], ends[1][0])] = None
    return tuple(found)


def words(text: str) -> Counts:
    """Return token counts."""
    return Counter(token for _, _, token in spans(normalise(text)))


def pieces(text: str) -> Counts:
    """Return counts of character pieces: 4 Latin characters inside a word, 2 Chinese ones."""
    return _pieces(normalise(text))


def _pieces(plain: str) -> Counts:
    found: list[str] = []
    for run in _SEPARATORS.split(plain.casefold()):
        if run.isascii():
            if len(run) <= PIECE:
                found += [run] if run else []
                continue
            padded = f" {run} "
            found += [padded[place : place + PIECE] for place in range(len(padded) - PIECE + 1)]
        else:
            found += map(add, run, run[1:]) if len(run) > 1 else [run]
    return Counter(found)


def head_of(item: Sheet | Need) -> str:
    """Return the title, or the first sentence of the text (3 to 200 characters)."""
    if item.title:
        return item.title
    match = _FIRST_SENTENCE.match(item.text.strip())
    return match[1] if match else item.text[:200]


def full_text(item: Sheet | Need) -> str:
    """Return title and text, the title once; for a sheet also its interfaces and package."""
    title = item.title if item.title and not item.text.startswith(item.title) else ""
    parts = [title, item.text]
    if isinstance(item, Sheet):
        parts += [" ".join(i for i in item.interfaces if i not in item.text)]
        parts += [item.package if item.package and item.package not in item.text else ""]
    return ". ".join(part for part in parts if part)
