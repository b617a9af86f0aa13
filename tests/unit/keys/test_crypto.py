"""The seal: who opens it, who does not, and what a changed byte does."""

from __future__ import annotations

from itertools import combinations

import pytest

from app.keys import crypto
from app.keys.crypto import CannotOpen, Cost, Share

KEY, PRICE = bytes(range(32)), "报价 1234.5 万元".encode()
CHEAP = Cost(n=2**4)
SALT = b"s" * 16


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_what_is_locked_is_read_with_the_key() -> None:
    box = crypto.encrypt(KEY, PRICE, about="bid 1")

    assert PRICE not in box
    assert crypto.decrypt(KEY, box, about="bid 1") == PRICE


def test_the_same_content_never_looks_the_same() -> None:
    assert crypto.encrypt(KEY, PRICE, about="bid 1") != crypto.encrypt(KEY, PRICE, about="bid 1")


def test_a_box_of_one_bid_does_not_pass_for_another() -> None:
    box = crypto.encrypt(KEY, PRICE, about="bid 1")

    with pytest.raises(CannotOpen):
        crypto.decrypt(KEY, box, about="bid 2")


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_one_flipped_bit_anywhere_opens_nothing(place: int) -> None:
    box = crypto.encrypt(KEY, PRICE, about="bid 1")

    with pytest.raises(CannotOpen):
        crypto.decrypt(KEY, flipped(box, place % len(box)), about="bid 1")


@pytest.mark.parametrize("box", [b"", b"short", bytes(28)])
def test_what_is_no_box_opens_nothing(box: bytes) -> None:
    with pytest.raises(CannotOpen):
        crypto.decrypt(KEY, box, about="bid 1")


@pytest.mark.parametrize("chosen", list(combinations(range(3), 2)))
def test_any_two_of_three_holders_restore_the_key(chosen: tuple[int, int]) -> None:
    shares = crypto.split(KEY, holders=3, threshold=2)

    assert crypto.combine([shares[place] for place in chosen]) == KEY


@pytest.mark.parametrize("place", range(3))
def test_one_holder_cannot_open(place: int) -> None:
    shares = crypto.split(KEY, holders=3, threshold=2)
    box = crypto.encrypt(KEY, PRICE, about="bid 1")

    assert crypto.combine([shares[place]]) != KEY
    with pytest.raises(CannotOpen):
        crypto.decrypt_with_shares([shares[place]], 2, box, about="bid 1")


def test_two_of_five_do_not_reach_a_threshold_of_three() -> None:
    shares = crypto.split(KEY, holders=5, threshold=3)

    assert crypto.combine(shares[:2]) != KEY


def test_shares_of_one_key_are_new_each_time() -> None:
    assert crypto.split(KEY, holders=3, threshold=2) != crypto.split(KEY, holders=3, threshold=2)


@pytest.mark.parametrize(("holders", "threshold"), [(3, 1), (3, 0), (1, 2), (0, 0)])
def test_a_split_that_lets_one_person_open_is_refused(holders: int, threshold: int) -> None:
    with pytest.raises(ValueError, match="at least two"):
        crypto.split(KEY, holders=holders, threshold=threshold)


def test_a_damaged_share_is_passed_over_when_others_suffice() -> None:
    first, second, third = crypto.split(KEY, holders=3, threshold=2)
    damaged = Share(first.index, flipped(first.value, 3))
    box = crypto.encrypt(KEY, PRICE, about="bid 1")

    assert crypto.decrypt_with_shares([damaged, second, third], 2, box, about="bid 1") == PRICE


def test_a_share_is_read_by_its_holder_only() -> None:
    public, private = crypto.new_pair()
    _other_public, other_private = crypto.new_pair()
    sealed = crypto.seal_to(public, KEY, about="share 1")

    assert crypto.open_sealed(private, sealed, about="share 1") == KEY
    with pytest.raises(CannotOpen):
        crypto.open_sealed(other_private, sealed, about="share 1")


def test_a_share_of_one_bid_does_not_pass_for_that_of_another() -> None:
    public, private = crypto.new_pair()
    sealed = crypto.seal_to(public, KEY, about="share 1")

    with pytest.raises(CannotOpen):
        crypto.open_sealed(private, sealed, about="share 2")


@pytest.mark.parametrize("place", [0, 31, 32, 50, -1])
def test_a_changed_share_opens_nothing(place: int) -> None:
    public, private = crypto.new_pair()
    sealed = crypto.seal_to(public, KEY, about="share 1")

    with pytest.raises(CannotOpen):
        crypto.open_sealed(private, flipped(sealed, place % len(sealed)), about="share 1")


@pytest.mark.parametrize("sealed", [b"", bytes(31), bytes(32), bytes(80)])
def test_what_was_never_sealed_opens_nothing(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        crypto.open_sealed(crypto.new_pair()[1], sealed, about="share 1")


def test_a_private_key_is_opened_with_its_passphrase_only() -> None:
    _public, private = crypto.new_pair()
    box = crypto.lock_private(private, "four words nobody guesses", salt=SALT, cost=CHEAP)

    assert private not in box
    assert crypto.unlock_private(box, " four words nobody guesses ", salt=SALT, cost=CHEAP) == private
    with pytest.raises(CannotOpen):
        crypto.unlock_private(box, "four words somebody guesses", salt=SALT, cost=CHEAP)


def test_a_passphrase_typed_in_full_width_is_the_same_passphrase() -> None:
    box = crypto.lock_private(KEY, "口令 ２０２６", salt=SALT, cost=CHEAP)

    assert crypto.unlock_private(box, "口令 2026", salt=SALT, cost=CHEAP) == KEY


def test_the_reopening_code_gives_the_key_back_however_it_is_typed() -> None:
    code = crypto.new_code()
    box = crypto.lock_with_code(code, KEY, about="bid 1")

    assert crypto.unlock_with_code(f" {code.lower().replace('-', ' ')}", box, about="bid 1") == KEY


def test_the_code_of_one_bid_opens_no_other() -> None:
    code = crypto.new_code()
    box = crypto.lock_with_code(code, KEY, about="bid 1")

    with pytest.raises(CannotOpen):
        crypto.unlock_with_code(code, box, about="bid 2")
    with pytest.raises(CannotOpen):
        crypto.unlock_with_code(crypto.new_code(), box, about="bid 1")


def test_the_length_of_a_content_is_hidden_within_a_block() -> None:
    assert len(crypto.padded(b"{}")) == len(crypto.padded(b"{}" * 1000))
    assert crypto.padded(b"{}" * 2048) == b"{}" * 2048
