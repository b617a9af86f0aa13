"""Which passwords are too easy to guess; judged here, nothing is sent anywhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

COMMON_FILE: Final = Path(__file__).with_name("common_passwords.txt")
_LOOKALIKES: Final = str.maketrans("@$0!3457", "asoieast")
_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "01234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_RUN: Final = 6
_MIN_KINDS: Final = 5
"""Fewer different characters than this are no password."""


@cache
def _common() -> frozenset[str]:
    """Return the words that leaked passwords are built from."""
    return frozenset(COMMON_FILE.read_text(encoding="utf-8").split())


def is_guessable(password: str, *personal: str) -> bool:
    """Return whether a password is a common one, a run of keys, or made of what is known of the person.

    ``personal`` are the name, the e-mail address and the like.
    """
    folded = password.casefold()
    if len(set(folded)) < _MIN_KINDS or _is_run(folded):
        return True
    plain = folded.translate(_LOOKALIKES)
    cores = {folded, plain, _core(folded), _core(plain), _core(folded).translate(_LOOKALIKES)}
    if cores & _common():
        return True
    rest = _without(folded, _words(personal))
    return rest != folded and len(set(rest)) < _MIN_KINDS


def _core(text: str) -> str:
    """Return a password without the digits and signs that people put around a word."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


def _words(personal: tuple[str, ...]) -> set[str]:
    parts = re.split(r"[\W_]+", " ".join(personal).casefold())
    return {part for part in parts if len(part) > 3} | {"chipbridge", "xinduanqiao"}


def _without(text: str, words: set[str]) -> str:
    """Return what remains of a text without these words, the longest taken first."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _is_run(text: str) -> bool:
    """Return whether hardly anything remains when runs of neighbouring keys are taken away."""
    left = text
    for row in _ROWS:
        for keys in (row, row[::-1]):
            for size in range(len(keys), _RUN - 3, -1):
                for start in range(len(keys) - size + 1):
                    left = left.replace(keys[start : start + size], "")
    return len(left) < _RUN - 2
