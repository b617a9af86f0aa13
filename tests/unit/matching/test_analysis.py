"""What an analysis keeps of how a text writes its words."""

from __future__ import annotations

import pytest

from matching.analysis import analyse
from matching.records import Need


@pytest.mark.parametrize(
    ("text", "token", "written"),
    [
        ("Two Bluetooth radios", "bluetooth", "Bluetooth"),
        ("draws 2000 nA asleep", "2ua", "2000 nA"),
        ("gauges and a gauge", "gaug", "gauges"),
        ("支持 USB3.1 接口", "usb3.1", "USB3.1"),
    ],
)
def test_a_word_counted_in_another_form_is_kept_as_first_written(text: str, token: str, written: str) -> None:
    analysis = analyse(Need("", text))

    assert token in analysis.words
    assert analysis.written[token] == written


@pytest.mark.parametrize(("text", "token"), [("支持锂电池组", "电池"), ("a radio", "radio")])
def test_a_word_that_stands_there_as_counted_is_not_kept_again(text: str, token: str) -> None:
    analysis = analyse(Need("", text))

    assert token in analysis.words
    assert token not in analysis.written
