from __future__ import annotations

import datetime as dt
import uuid

import pytest
import time_machine

from app.core.errors import NotFound
from app.notifications import tokens
from tests.support.clock import NOON

USER = uuid.UUID(int=7)
KEY = "a signing key"


def test_a_word_names_its_person() -> None:
    assert tokens.read(KEY, tokens.issue(KEY, USER)) == USER


def test_a_word_is_made_of_characters_that_addresses_hold() -> None:
    assert tokens.issue(KEY, USER).replace(".", "").replace("-", "").replace("_", "").isalnum()


def test_a_word_works_a_year_later() -> None:
    word = tokens.issue(KEY, USER)

    with time_machine.travel(NOON + dt.timedelta(days=399), tick=False):
        assert tokens.read(KEY, word) == USER


def test_a_word_that_is_too_old_says_so() -> None:
    word = tokens.issue(KEY, USER)

    with time_machine.travel(NOON + dt.timedelta(days=401), tick=False), pytest.raises(NotFound) as refusal:
        tokens.read(KEY, word)

    assert refusal.value.code == "token_expired"


@pytest.mark.parametrize("spoil", [lambda word: word[:-1], lambda word: word + "x", lambda word: "", lambda word: "ä"])
def test_a_word_that_was_cut_or_changed_says_so(spoil) -> None:
    with pytest.raises(NotFound) as refusal:
        tokens.read(KEY, spoil(tokens.issue(KEY, USER)))

    assert refusal.value.code == "token_garbled"


def test_a_word_of_another_portal_is_refused() -> None:
    with pytest.raises(NotFound):
        tokens.read("another key", tokens.issue(KEY, USER))
