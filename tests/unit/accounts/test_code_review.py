from __future__ import annotations

from app.accounts.queries.desk import review_code
from app.taxonomy.uscc import UsccResult
from tests.unit.accounts.test_views import company


def test_a_code_that_agrees_with_the_profile_raises_no_question() -> None:
    review = review_code(company(uscc="914403001922038216", org_type="enterprise", city_code="440300"))

    assert review is not None
    assert review.result is UsccResult.VALID
    assert review.is_inner_digit_right
    assert review.is_type_right
    assert review.is_city_same


def test_a_wrong_check_character_is_seen() -> None:
    review = review_code(company(uscc="914403001922038217"))

    assert review is not None
    assert review.result is UsccResult.CHECKSUM_MISMATCH


def test_another_city_and_another_type_are_seen() -> None:
    review = review_code(company(uscc="12440000MB2XX0063G", org_type="enterprise", city_code="440600"))

    assert review is not None
    assert not review.is_type_right
    assert not review.is_city_same


def test_without_a_code_there_is_nothing_to_review() -> None:
    assert review_code(company(uscc="")) is None
