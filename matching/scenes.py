"""Everyday words that mean the same, or belong to the same scene, whatever chip they lead to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from matching.lexicon import everyday
from matching.text import has_han, tokenize

Form = str | tuple[str, ...]


@cache
def _forms() -> tuple[dict[Form, list[str]], dict[str, list[int]]]:
    """Return the scenes of each form, and how long the forms are that begin with a character or a token."""
    meanings: dict[Form, list[str]] = {}
    for number, scene in enumerate(everyday()):
        named: list[Form] = [*scene.zh, *(tuple(tokenize(phrase)) for phrase in scene.en)]
        for form in dict.fromkeys(named):
            if form:
                meanings.setdefault(form, []).append(f"s{number}")
    sizes: dict[str, set[int]] = {}
    for form in meanings:
        sizes.setdefault(form[0], set()).add(len(form))
    return meanings, {first: sorted(lengths) for first, lengths in sizes.items()}


def scenes(plain: str, tokens: Sequence[str]) -> Counter[str]:
    """Return how often a normalised text and its tokens name each scene; forms inside longer ones count, too."""
    text = plain.casefold()
    runs: list[Form] = [text[at : at + size] for at, size in _starts(text)]
    runs += [tuple(tokens[at : at + size]) for at, size in _starts(tokens)]
    meanings = _forms()[0]
    return Counter(scene for run in runs for scene in meanings.get(run, ()))


def _starts(items: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Yield where a form may begin and how long it may be; single Latin letters begin none in running text."""
    sizes, is_text = _forms()[1], isinstance(items, str)
    for at, first in enumerate(items):
        if first in sizes and (not is_text or has_han(first)):
            for size in sizes[first]:
                yield at, size
