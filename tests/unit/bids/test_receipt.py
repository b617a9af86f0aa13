"""The canonical form and what is computed from it."""

from __future__ import annotations

import hashlib

import pytest

from app.bids import receipt


def test_the_canonical_form_is_json_with_sorted_keys_and_no_blanks() -> None:
    content = {"price": "1200", "approach": "采样", "kpis": [{"b": 1, "a": None}]}

    assert receipt.canonical(content) == '{"approach":"采样","kpis":[{"a":null,"b":1}],"price":"1200"}'.encode()


def test_the_order_of_keys_does_not_matter() -> None:
    assert receipt.content_hash({"a": 1, "b": 2}) == receipt.content_hash({"b": 2, "a": 1})


def test_the_order_of_a_list_matters() -> None:
    assert receipt.content_hash({"a": [1, 2]}) != receipt.content_hash({"a": [2, 1]})


@pytest.mark.parametrize(("one", "other"), [("e\u0301", "\u00e9"), ("a\r\nb", "a\nb")])
def test_the_same_text_written_otherwise_has_the_same_hash(one: str, other: str) -> None:
    assert receipt.content_hash({"text": one}) == receipt.content_hash({"text": other})


def test_one_sign_more_has_another_hash() -> None:
    assert receipt.content_hash({"price": "1200"}) != receipt.content_hash({"price": "1200.0"})


def test_the_hash_is_the_sha256_of_the_canonical_form() -> None:
    content = {"price": "1200"}

    assert receipt.content_hash(content) == hashlib.sha256(b'{"price":"1200"}').hexdigest()


@pytest.mark.parametrize("number", [0.5, float("nan"), float("inf")])
def test_a_number_that_can_be_written_in_several_ways_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="texts"):
        receipt.canonical({"price": number})


def test_receipt_codes_are_sixteen_digits_and_never_the_same() -> None:
    codes = {receipt.new_code() for _ in range(1000)}

    assert len(codes) == 1000
    assert {len(code) for code in codes} == {16}


def test_a_code_is_shown_in_groups() -> None:
    assert receipt.shown_code("0123456789ABCDEF") == "0123-4567-89AB-CDEF"
