"""The canonical document of an edition."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from app.challenges.editions import canonical, differences, hash_of

DOCUMENT = {"b": 1, "a": {"名": "值", "x": [1, 2.5, None]}}


def test_the_hash_is_that_of_the_file() -> None:
    assert hash_of(DOCUMENT) == hashlib.sha256(canonical(DOCUMENT)).hexdigest()


def test_the_order_in_which_a_document_was_written_does_not_matter() -> None:
    turned = {"a": {"x": [1, 2.5, None], "名": "值"}, "b": 1}

    assert canonical(turned) == canonical(DOCUMENT)


def test_the_file_is_plain_json_in_utf8() -> None:
    assert json.loads(canonical(DOCUMENT)) == DOCUMENT
    assert "值".encode() in canonical(DOCUMENT)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, [{"path": "a", "before": 1, "after": 2}]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, [{"path": "a.c", "before": 2, "after": 3}]),
        ({}, {"a": 1}, [{"path": "a", "before": None, "after": 1}]),
        ({"a": [1]}, {"a": [1, 2]}, [{"path": "a", "before": [1], "after": [1, 2]}]),
    ],
)
def test_differences_name_the_deepest_place(before: Any, after: Any, found: list[dict[str, Any]]) -> None:
    assert differences(before, after) == found
