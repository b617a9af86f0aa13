"""Boxes and tags."""

from __future__ import annotations

import pytest

from app.core import box

SECRET = "a secret of the installation"


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "_Keys", type("Keys", (), {}))
    box.register_secret(SECRET)


def test_a_box_gives_back_what_was_locked() -> None:
    assert box.unlock(box.lock(b"21.5", about="price"), about="price") == b"21.5"


def test_a_box_tells_nothing_of_its_content() -> None:
    assert b"21.5" not in box.lock(b"21.5", about="price")


def test_the_same_content_never_looks_the_same() -> None:
    assert box.lock(b"21.5", about="price") != box.lock(b"21.5", about="price")


def test_a_box_about_something_else_stays_shut() -> None:
    with pytest.raises(box.BoxError):
        box.unlock(box.lock(b"21.5", about="price"), about="other price")


def test_a_changed_box_stays_shut() -> None:
    locked = box.lock(b"21.5", about="price")

    with pytest.raises(box.BoxError):
        box.unlock(locked[:-1] + bytes([locked[-1] ^ 1]), about="price")


@pytest.mark.parametrize("wrong", [b"", b"short", bytes(40)])
def test_what_is_no_box_stays_shut(wrong: bytes) -> None:
    with pytest.raises(box.BoxError):
        box.unlock(wrong, about="price")


def test_another_secret_opens_no_box() -> None:
    locked = box.lock(b"21.5", about="price")
    box.register_secret("another secret")

    with pytest.raises(box.BoxError):
        box.unlock(locked, about="price")


def test_a_box_of_json_gives_the_same_value_back() -> None:
    value = {"价格": "21.5", "n": [1, None, True]}

    assert box.unlock_json(box.lock_json(value, about="x"), about="x") == value


def test_the_length_of_a_box_does_not_tell_two_names_apart() -> None:
    assert len(box.lock_json("甲", about="x")) == len(box.lock_json("广东乙丙丁半导体有限公司", about="x"))


def test_a_tag_is_the_same_for_the_same_parts_only() -> None:
    assert box.tag("a", "bc") == box.tag("a", "bc")
    assert box.tag("a", "bc") != box.tag("ab", "c")


def test_a_tag_depends_on_the_secret() -> None:
    before = box.tag("firm")
    box.register_secret("another secret")

    assert box.tag("firm") != before
