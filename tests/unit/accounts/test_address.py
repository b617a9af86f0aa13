from __future__ import annotations

import pytest

from app.accounts.mail import normal_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a@example.com", "a@example.com"),
        ("  A.B@Example.COM ", "a.b@example.com"),
        ("Ｎｅｗ＠ｅｘａｍｐｌｅ．ｃｏｍ", "new@example.com"),
        ("+tag.user+news@example.com", "+tag.user+news@example.com"),
    ],
)
def test_an_address_is_kept_in_one_way(typed, kept) -> None:
    assert normal_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "a", "@example.com", "a@", "a b@example.com", "a@b@c.com", "a@example..com", "<script>@example.com",
        "x" * 65 + "@example.com", "a@" + "x" * 250 + ".com", "a@example.com\nBcc: b@example.com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(typed) -> None:
    with pytest.raises(ValueError, match=r"."):
        normal_address(typed)
