from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.taxonomy import uscc
from app.taxonomy.uscc import UsccResult

VALID = (
    "914403001922038216", "9144030071526726XG", "91440300MA5XX00149", "91440400MA4XX0020W", "91440101MA9XX0038L",
    "91441900MA7XX0042X", "91441300MA6XX0059F", "12440000MB2XX0063G",
)  # fmt: skip
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", VALID)
def test_genuine_codes_are_valid(code) -> None:
    assert uscc.check(code) is UsccResult.VALID


@pytest.mark.parametrize("code", ["914403001922038217", "91350203M0001QAY9B"])
def test_a_wrong_check_character_is_a_mismatch_and_no_refusal(code) -> None:
    assert uscc.check(code) is UsccResult.CHECKSUM_MISMATCH


@pytest.mark.parametrize(
    "code",
    ["", "91440300", "9144030019220382166", "91440300192203821I", "91440300192203821O", "ABCDEFGHJKLMNPQRTU",
     "<script>alert(1)</script>", "９１４４０３００１９２２０３８２１Z"],
)  # fmt: skip
def test_what_has_another_shape_is_malformed(code) -> None:
    assert uscc.check(code) is UsccResult.MALFORMED


@pytest.mark.parametrize("typed", [" 9144 0300 1922 0382 16 ", "91440300-192203821-6", "91440300ma5xx00149"])
def test_blanks_hyphens_and_small_letters_do_not_matter(typed) -> None:
    assert uscc.check(typed) is UsccResult.VALID


@given(st.sampled_from(VALID), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_no_single_wrong_character_goes_unnoticed(code, place, character) -> None:
    changed = code[:place] + character + code[place + 1 :]

    assert (uscc.check(changed) is UsccResult.VALID) == (changed == code)


def test_the_code_tells_the_place_of_the_first_registration() -> None:
    assert uscc.region_of("91441300MA6XX0059F") == "441300"


def test_a_malformed_code_tells_no_place() -> None:
    assert uscc.region_of("hello") == ""


@pytest.mark.parametrize(
    ("code", "kind", "fits"),
    [
        ("914403001922038216", "enterprise", True),
        ("12440000MB2XX0063G", "enterprise", False),
        ("12440000MB2XX0063G", "public_institution", True),
        ("914403001922038216", "public_institution", False),
    ],
)
def test_the_first_two_characters_agree_with_the_type(code, kind, fits) -> None:
    assert uscc.suits(code, kind) is fits


def test_the_organisation_code_inside_has_a_check_character_of_its_own() -> None:
    assert uscc.organization_code_digit("19220382") == "1"
    assert uscc.has_valid_organization_code("914403001922038216")


def test_an_organisation_code_has_eight_characters() -> None:
    with pytest.raises(ValueError, match="eight characters"):
        uscc.organization_code_digit("1234567")
