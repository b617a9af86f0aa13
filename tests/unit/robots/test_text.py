"""What a group reads."""

from __future__ import annotations

from app.robots.text import MAX_BYTES, pack, paragraph, plain


def test_a_title_cannot_carry_markup_a_mention_or_a_link() -> None:
    assert plain("<@all> [here](https://evil.example.com) **now** `x`") == (
        "＜＠all＞ ［here］(https：//evil.example.com) ＊＊now＊＊ ｀x｀"
    )


def test_a_title_stays_on_its_line() -> None:
    assert plain("one\n> two\t three") == "one ＞ two three"


def test_an_event_is_a_line_and_a_link() -> None:
    assert paragraph("新配对", "https://portal.example.com/x", "去看") == "新配对\n[去看](https://portal.example.com/x)"


def test_events_are_posted_together() -> None:
    assert pack(["one", "two"]) == ("one\n\ntwo", 2)


def test_one_message_is_never_too_long() -> None:
    text, n_packed = pack(["字" * 500] * 9)

    assert (len(text.encode()) <= MAX_BYTES, n_packed) == (True, 2)


def test_ten_events_are_enough_for_one_message() -> None:
    assert pack(["x"] * 12)[1] == 10
