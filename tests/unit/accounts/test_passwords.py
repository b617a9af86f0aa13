from __future__ import annotations

import pytest

from app.accounts.passwords import is_guessable


@pytest.mark.parametrize(
    "password",
    [
        "password123", "P@ssw0rd2026!", "1234567890", "0987654321", "qwertyuiop", "asdfghjkl1", "1qaz2wsx3edc",
        "aaaaaaaaaaaa", "abababababab", "abcdefghijkl", "chipbridge2026", "ChipBridge!!1", "xinduanqiao88",
    ],
)  # fmt: skip
def test_what_guessers_try_first_is_guessable(password) -> None:
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    [
        "Nine quiet herons",
        "correct horse battery staple",
        "v7#Lq2!xTzp9",
        "芯片终端对接平台的密码很长",
        "tr0ub4dor&3Xk",
    ],
)
def test_unrelated_words_and_random_signs_are_not(password) -> None:
    assert not is_guessable(password)


@pytest.mark.parametrize(
    ("password", "known"),
    [
        ("linjianshan1", "Lin Jianshan linjianshan@example.com"),
        ("jianshan2026", "jianshan.lin@example.com"),
        ("known@example", "known@example.com"),
        ("JIANSHAN-lin", "jianshan@example.com"),
    ],
)
def test_a_password_made_of_what_is_known_of_the_person_is_guessable(password, known) -> None:
    assert is_guessable(password, *known.split())


def test_a_long_password_may_contain_the_name() -> None:
    assert not is_guessable("jianshan rows nine quiet boats", "jianshan@example.com")
