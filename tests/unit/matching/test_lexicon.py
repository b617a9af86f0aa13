from __future__ import annotations

import pytest

from matching.lexicon import (
    Concept,
    Translator,
    concepts,
    n_surface_forms,
    parse_concepts,
    parse_symptoms,
    symptoms,
    translator_of,
)
from matching.taxonomy import chip_categories, terminal_categories
from matching.text import tokenize


def test_the_lexicon_knows_enough_surface_forms() -> None:
    assert n_surface_forms() >= 7500


def test_every_code_of_the_lexicon_is_a_category() -> None:
    codes = {code for concept in concepts() for code in concept.codes} | set(symptoms())

    assert codes <= set(chip_categories()) | set(terminal_categories())


def test_every_second_level_category_has_words_of_terminal_makers() -> None:
    assert {code for code, c in chip_categories().items() if c.parent} <= set(symptoms())


@pytest.mark.parametrize("line", ["no separator", "= english", "中文 =", "= @C0101"])
def test_a_broken_line_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse_concepts(f"# comment\n{line}")


def test_a_broken_line_of_phrases_is_named() -> None:
    with pytest.raises(ValueError, match="line 1"):
        parse_symptoms("C0101")


def test_the_longest_form_is_translated() -> None:
    found = translator_of().from_chinese("低压差稳压器")

    assert [form for form, _ in found] == ["低压差稳压器"]


def test_a_word_and_its_translation_are_one_concept() -> None:
    translator = translator_of()

    chinese = translator.concepts("库仑计", ())
    english = translator.concepts("", tokenize("fuel gauge"))

    assert set(chinese) & set(english)


def test_an_administrators_own_words_are_understood() -> None:
    translator = Translator([Concept(("小电驴",), ("e-scooter",))])

    assert translator.from_chinese("给小电驴用") == [("小电驴", [tuple(tokenize("e-scooter"))])]
