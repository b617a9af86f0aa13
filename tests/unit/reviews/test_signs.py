from __future__ import annotations

import random
import uuid

import pytest

from app.reviews.signs import Sign, Trace, signs

WORDS = ("采样", "通道", "校准", "温漂", "均衡", "菊花链", "隔离", "封装", "测试", "流片", "良率", "量产", "供货",
         "误差", "基准", "滤波", "功耗", "唤醒", "诊断", "安全", "车规", "认证", "台架", "热失控")  # fmt: skip


def _text(seed: int, n: int = 160) -> str:
    return "".join(random.Random(seed).choices(WORDS, k=n))


def _trace(text: str = "", **marks: frozenset[str]) -> Trace:
    return Trace(uuid.uuid4(), text, **marks)


@pytest.mark.parametrize("seed", range(20))
def test_a_copy_with_a_few_changes_is_found(seed: int) -> None:
    original = _text(seed)
    copy = _text(seed + 900, 12) + original[:120] + "，另行补充。" + original[120:]

    assert [one.sign for one in signs([_trace(original), _trace(copy)])] == [Sign.TEXT]


@pytest.mark.parametrize("seed", range(50))
def test_texts_of_one_trade_are_no_copies(seed: int) -> None:
    assert signs([_trace(_text(seed)), _trace(_text(seed + 500))]) == []


def test_what_stands_in_the_challenge_is_nobodys_own() -> None:
    common = _text(1)

    assert signs([_trace(common + _text(2, 60)), _trace(common + _text(3, 60))], common) == []


def test_short_texts_tell_nothing() -> None:
    assert signs([_trace("同意参加"), _trace("同意参加")]) == []


@pytest.mark.parametrize(
    ("mark", "sign"),
    [("contacts", Sign.CONTACT), ("domains", Sign.MAIL_DOMAIN), ("addresses", Sign.ADDRESS), ("leaders", Sign.LEADER)],
)
def test_what_two_firms_share_is_a_sign(mark: str, sign: Sign) -> None:
    same = {mark: frozenset({"x"})}

    assert [one.sign for one in signs([_trace(**same), _trace(**same), _trace()])] == [sign]
