"""Needs in a terminal maker's own words against the category meant, told by the lexicon alone: no product is known.

The lexicon was widened with the needs of ``symptom_needs.tsv`` in view, so they only keep it from getting worse.
Those of ``unseen_needs.tsv`` were written afterwards, and those of ``fresh_needs.tsv``, which avoid every usual word,
after that; they are what to expect: never mend the lexicon with them. The phrases of ``situations.txt`` are later than
all of them: their writer had read two of the fresh needs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from matching.analysis import analyse
from matching.category import CategoryModel
from matching.lexicon import symptoms
from matching.records import Need
from matching.taxonomy import chip_categories

DATA = Path(__file__).parent / "data"
SEEN, UNSEEN, FRESH = "symptom_needs.tsv", "unseen_needs.tsv", "fresh_needs.tsv"
RUN = 4
"""So many equal characters in a row would make a need known from the lexicon."""


@cache
def needs(file: str) -> list[tuple[str, str]]:
    """Return (category meant, text of the need)."""
    rows = (line.split("\t") for line in (DATA / file).read_text(encoding="utf-8").splitlines())
    return [(code, text) for code, text in rows]


@cache
def places(file: str) -> list[int]:
    """Return the place of the category meant, from 0."""
    model = CategoryModel().fit([], [])
    found = [(code, model.predict(analyse(Need("", text)))) for code, text in needs(file)]
    return [sum(p > predicted[code] for p in predicted.values()) for code, predicted in found]


def share_within(file: str, best: int) -> float:
    return sum(place < best for place in places(file)) / len(places(file))


def runs(text: str) -> set[str]:
    return {text[at : at + RUN] for at in range(len(text) - RUN + 1)}


@pytest.mark.parametrize("file", [SEEN, UNSEEN, FRESH])
def test_the_needs_are_of_real_categories(file: str) -> None:
    assert len(needs(file)) >= 50
    assert {code for code, _ in needs(file)} <= set(chip_categories())


@pytest.mark.parametrize("file", [SEEN, UNSEEN, FRESH])
def test_the_needs_are_not_written_in_the_words_of_the_lexicon(file: str) -> None:
    known = {code: set().union(*map(runs, phrases)) for code, phrases in symptoms().items()}

    assert [text for code, text in needs(file) if runs(text) & known[code]] == []


@pytest.mark.parametrize(("file", "first", "three"), [(SEEN, 0.9, 0.97), (UNSEEN, 0.65, 0.85), (FRESH, 0.5, 0.75)])
def test_symptoms_lead_to_the_category_meant(file: str, first: float, three: float) -> None:
    assert share_within(file, 1) >= first
    assert share_within(file, 3) >= three
