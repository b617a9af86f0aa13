"""From text to index terms, and from a query to the terms it asks for."""

from __future__ import annotations

import pytest

from app.search.terms import MAX_QUERY_TERMS, document_terms, query_terms


def is_found(text: str, query: str) -> bool:
    """Return whether every term of the query is one of the text's, as both databases decide it."""
    terms = document_terms(text)
    return all(
        any(term.startswith(wanted[:-1]) if wanted.endswith("*") else term == wanted for term in terms)
        for wanted in query_terms(query)
    )


@pytest.mark.parametrize(
    "query", ["采样", "芯片", "样芯", "电池采样", "18串", "BMS", "bms", "ＢＭＳ", "LT6811", "lt68"]
)
def test_words_of_the_text_are_found(query: str) -> None:
    assert is_found("储能电池采样芯片，18串，用于BMS，对标 LT6811HG-1", query)


@pytest.mark.parametrize("query", ["驱动", "电机", "LT7", "6811X", "采集"])
def test_other_words_are_not(query: str) -> None:
    assert not is_found("储能电池采样芯片，18串，用于BMS，对标 LT6811HG-1", query)


def test_one_character_is_the_beginning_of_a_word() -> None:
    assert query_terms("采") == ["采*"]


@pytest.mark.parametrize("text", ["", "   ", "!?…", "，。、", "&|!():*", "'\""])
def test_punctuation_is_no_term(text: str) -> None:
    assert query_terms(text) == []


@pytest.mark.parametrize(
    "query", ["采样' OR 1=1 --", "a & !b | (c)", 'NEAR("x", 2)', "tokens:abc", "x^2 {y} [z] \\ ''"]
)
def test_no_operator_survives(query: str) -> None:
    assert all(term.rstrip("*").replace("_", "a").isalnum() for term in query_terms(query))


def test_a_long_query_is_cut() -> None:
    assert len(query_terms("电池采样芯片用于储能系统的从控板" * 50)) <= MAX_QUERY_TERMS


def test_each_term_counts_once() -> None:
    terms = document_terms("采样 采样 采样")

    assert len(terms) == len(set(terms))
