"""Marking the words that two texts share."""

from __future__ import annotations

import pytest

from app.matchmaking.cards import Passage, marked


@pytest.mark.parametrize(
    ("text", "words", "passage"),
    [
        ("18串电池采样", ["采样"], [("18串电池", False), ("采样", True)]),
        ("电池采样芯片", ["采样", "采样芯片"], [("电池", False), ("采样芯片", True)]),
        ("CAN-FD and can-fd", ["CAN-FD"], [("CAN-FD", True), (" and ", False), ("can-fd", True)]),
        ("a.c and abc", ["a.c"], [("a.c", True), (" and abc", False)]),
        ("采样采样", ["采样"], [("采样", True), ("采样", True)]),
        ("nothing", ["采样"], [("nothing", False)]),
        ("nothing", [], [("nothing", False)]),
        ("nothing", [""], [("nothing", False)]),
        ("", ["采样"], []),
    ],
)
def test_shared_words_are_marked_the_longest_first(text: str, words: list[str], passage: Passage) -> None:
    assert marked(text, words) == passage


def test_the_pieces_are_the_text() -> None:
    text = "<b>18串</b>电池采样，18串"

    assert "".join(piece for piece, _ in marked(text, ["18串", "<b>"])) == text
