from __future__ import annotations

from pathlib import Path

from matching.vocabulary import Vocabulary


def test_terms_are_numbered_in_order_of_arrival() -> None:
    words = Vocabulary()

    assert [words.add(term) for term in ("b", "a", "b", "电池")] == [0, 1, 0, 2]
    assert len(words) == 3


def test_stored_terms_keep_their_numbers_and_new_ones_follow(tmp_path: Path) -> None:
    words = Vocabulary()
    [words.add(term) for term in ("b", "a", "电池")]
    words.save(tmp_path, "words")

    again = Vocabulary.load(tmp_path, "words")

    assert [again.add(term) for term in ("电池", "new", "b", "new")] == [2, 3, 0, 3]


def test_terms_added_to_stored_ones_are_stored_with_them(tmp_path: Path) -> None:
    words = Vocabulary()
    words.add("b")
    words.save(tmp_path, "first")
    grown = Vocabulary.load(tmp_path, "first")
    grown.add("a")

    grown.save(tmp_path, "second")

    again = Vocabulary.load(tmp_path, "second")
    assert (again.get("b"), again.get("a"), again.get("c")) == (0, 1, None)
    assert "a" in again
    assert "c" not in again
