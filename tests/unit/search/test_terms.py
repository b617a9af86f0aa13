"""From text to index terms, and from a query to the terms it asks for."""

from __future__ import annotations

import pytest

from app.search.terms import MAX_QUERY_WORDS, document_terms, query_words


def is_found(text: str, query: str) -> bool:
    """Return whether the text has every word of the query or its meaning, as both databases decide it."""
    terms = set(document_terms(text))
    return all(
        all(is_there(term, terms) for term in wanted.terms) or not terms.isdisjoint(wanted.meanings)
        for wanted in query_words(query)
    )


def is_there(wanted: str, terms: set[str]) -> bool:
    """Return whether a term, or one that begins so, is among the text's."""
    return any(term.startswith(wanted[:-1]) if wanted.endswith("*") else term == wanted for term in terms)


def spelt(query: str) -> list[str]:
    """Return the terms that a query asks for."""
    return [term for wanted in query_words(query) for term in wanted.terms]


@pytest.mark.parametrize(
    "query", ["采样", "芯片", "样芯", "电池采样", "18串", "BMS", "bms", "ＢＭＳ", "LT6811", "lt68"]
)
def test_words_of_the_text_are_found(query: str) -> None:
    assert is_found("储能电池采样芯片，18串，用于BMS，对标 LT6811HG-1", query)


@pytest.mark.parametrize("query", ["驱动", "电机", "LT7", "6811X", "采集"])
def test_other_words_are_not(query: str) -> None:
    assert not is_found("储能电池采样芯片，18串，用于BMS，对标 LT6811HG-1", query)


def test_one_character_is_the_beginning_of_a_word() -> None:
    assert spelt("采") == ["采*"]


@pytest.mark.parametrize("text", ["", "   ", "!?…", "，。、", "&|!():*", "'\""])
def test_punctuation_is_no_term(text: str) -> None:
    assert query_words(text) == []


@pytest.mark.parametrize(
    "query", ["采样' OR 1=1 --", "a & !b | (c)", 'NEAR("x", 2)', "tokens:abc", "x^2 {y} [z] \\ ''"]
)
def test_no_operator_survives(query: str) -> None:
    assert all(term.rstrip("*").replace("_", "a").isalnum() for term in spelt(query))


def test_a_long_query_is_cut() -> None:
    assert len(query_words(" ".join(f"a{n}" for n in range(99)))) <= MAX_QUERY_WORDS


def test_each_term_counts_once() -> None:
    terms = document_terms("采样 采样 采样")

    assert len(terms) == len(set(terms))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("单片机", "32-bit MCU for motor control"),
        ("microcontroller", "32位通用单片机"),
        ("buck converter", "三路 DC-DC 降压，QFN-40"),
        ("快充", "supports fast charge protocols"),
        ("fast charge", "快充协议芯片"),
        ("qfn40", "QFN-40 5×5"),
        ("QFN-40", "封装 QFN40"),
        ("qfn", "QFN-40"),
    ],
)
def test_what_means_the_same_is_found_in_either_language(query: str, text: str) -> None:
    assert is_found(text, query)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("单片机 车规", "32-bit MCU for motor control"),
        ("buck converter zzz", "三路 DC-DC 降压"),
        ("快充", "fast settling, charge pump"),
        ("qfn40", "QFN-48"),
        ("qfn40", "QFP-40"),
        ("单片机", "三相无刷电机驱动"),
    ],
)
def test_every_word_must_still_mean_something_in_the_text(query: str, text: str) -> None:
    assert not is_found(text, query)


def test_no_query_can_spell_a_meaning() -> None:
    assert not any(term.startswith("_") for term in spelt("_单片机_microcontroller _快充"))
