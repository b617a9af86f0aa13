from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import vocabulary
from matching.vocabulary import Vocabulary, hashed


def test_terms_are_numbered_in_order_of_arrival() -> None:
    words = Vocabulary()

    assert [words.add(term) for term in ("b", "a", "b", "电池")] == [0, 1, 0, 2]
    assert len(words) == 3


def test_terms_that_come_together_are_numbered_by_their_first_place() -> None:
    assert Vocabulary().extend(hashed(["z", "b", "z", "a"])).tolist() == [0, 1, 0, 2]


def test_stored_parts_keep_their_numbers_and_new_terms_follow() -> None:
    words = Vocabulary()
    words.extend(hashed(["b", "a", "电池"]))

    again = Vocabulary(words.parts)

    assert [again.add(term) for term in ("电池", "new", "b", "new")] == [2, 3, 0, 3]


def test_a_term_looked_up_before_it_came_is_found_afterwards() -> None:
    words = Vocabulary()
    assert words.get("late") is None

    words.add("late")

    assert words.get("late") == 0
    assert "late" in words


@given(batches=st.lists(st.lists(st.text(max_size=3), max_size=30), max_size=12))
def test_numbers_do_not_depend_on_how_terms_are_grouped(batches: list[list[str]]) -> None:
    grouped, single = Vocabulary(), Vocabulary()

    found = [grouped.extend(hashed(batch)).tolist() for batch in batches]

    assert found == [[single.add(term) for term in batch] for batch in batches]
    assert grouped.hashes().tolist() == single.hashes().tolist()
    sizes = [len(hashes) for hashes, _ in grouped.parts]
    assert all(one >= 2 * two for one, two in pairwise(sizes))


def test_what_others_look_up_stays_while_the_store_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "REMEMBERED", 4)
    terms = vocabulary.Vocabulary()
    terms.places(["a", "b"])
    read_by_another = terms._looked_up

    terms.places(["c", "d"])

    assert set(read_by_another) == {"a", "b"}
