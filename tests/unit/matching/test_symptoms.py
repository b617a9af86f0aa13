"""Needs in a terminal maker's own words, none of which stands in the lexicon, against the category meant."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matching.analysis import analyse
from matching.category import CategoryModel
from matching.lexicon import symptoms
from matching.records import Need
from matching.taxonomy import chip_categories

FILE = Path(__file__).parent / "data" / "symptom_needs.tsv"
RUN = 4
"""So many equal characters in a row would make a need known from the lexicon."""


@cache
def needs() -> list[tuple[str, str]]:
    """Return (category meant, text of the need)."""
    rows = (line.split("\t") for line in FILE.read_text(encoding="utf-8").splitlines())
    return [(code, text) for code, text in rows]


@cache
def places() -> list[int]:
    """Return the place of the category meant, from 0, told by the lexicon alone: no product is known."""
    model = CategoryModel().fit([], [])
    found = [(code, model.predict(analyse(Need("", text)))) for code, text in needs()]
    return [sum(p > predicted[code] for p in predicted.values()) for code, predicted in found]


def runs(text: str) -> set[str]:
    return {text[at : at + RUN] for at in range(len(text) - RUN + 1)}


def test_the_needs_are_of_real_categories() -> None:
    assert len(needs()) >= 60
    assert {code for code, _ in needs()} <= set(chip_categories())


def test_the_needs_are_not_written_in_the_words_of_the_lexicon() -> None:
    known = {code: set().union(*map(runs, phrases)) for code, phrases in symptoms().items()}

    assert [text for code, text in needs() if runs(text) & known[code]] == []


def test_symptoms_lead_to_the_category_meant() -> None:
    top_three = sum(place < 3 for place in places()) / len(places())

    assert top_three >= 0.78


def test_the_likeliest_category_is_mostly_the_one_meant() -> None:
    first = sum(place == 0 for place in places()) / len(places())

    assert first >= 0.66
