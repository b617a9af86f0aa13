"""Chinese numerals and signs in words as digits and signs: 两安 is 2安, 零下四十度 is -40度, 正负15V is ±15V."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_SIZES = {"万": 10_000, "千": 1_000, "百": 100, "十": 10}
#: Units that a numeral counts; before others it is as likely a part of a word.
_UNIT = (
    r"(?:[毫微纳千兆吉]?(?:安培?(?![全装卓静防排])|伏特?|瓦特?|欧姆?(?![洲盟])|赫兹?)|[毫微纳皮]?秒(?![杀表])|[厘毫微纳]米|"
    r"摄氏度|度(?![量角])|分贝|元|块钱?|串(?![口行联扰])|位(?![置于移])|年|周(?!期)|个?月|万?次|"
    r"[kMGmuµn]?(?:A|V|W|Hz|B|Ω)(?![A-Za-z]))"
)
_COUNT = r"(?:路|个)(?=\s?(?:[A-Z]|串口|网口))"
_WRITTEN = re.compile(
    r"(?<![第几每星零一二两三四五六七八九十百千万点])([一二两三四五六七八九十][零一二两三四五六七八九十百千万]{0,9})"
    rf"(?:点([零一二三四五六七八九]{{1,4}}))?(?=\s?{_UNIT}|{_COUNT}|[到至][一二三四五六七八九十百]{{1,5}}{_UNIT})"
)
#: Words that are the sign of the number behind them.
_BELOW_ZERO = re.compile(r"(?:零下|(?<!正)负)(?=[0-9])")
_EITHER_SIGN = re.compile(r"(?:正负|\+/-|\+-)(?=\s?[0-9])")


def respelt(plain: str, places: Sequence[int]) -> tuple[str, list[int]]:
    """Return text with numerals and signs in words as characters, and the place of each of its characters."""
    found = (plain, list(places))
    for pattern, spell in _SPELLINGS:
        found = _replaced(*found, pattern, spell)
    return found


def _replaced(
    plain: str, places: list[int], pattern: re.Pattern[str], spell: Callable[[re.Match[str]], str]
) -> tuple[str, list[int]]:
    """Return text with what a pattern finds spelt otherwise; what replaces has the place of where it begins."""
    parts, kept, end = [], [], 0
    for match in pattern.finditer(plain):
        new = spell(match)
        parts += [plain[end : match.start()], new]
        kept += [*places[end : match.start()], *[places[match.start()]] * len(new)]
        end = match.end()
    return "".join((*parts, plain[end:])), [*kept, *places[end:]]


def _digits(match: re.Match[str]) -> str:
    """Return a numeral in digits; as it is where it cannot be told (两三 is two or three)."""
    value = number_of(match[1])
    if value is None:
        return match[0]
    return f"{value}.{''.join(str(_DIGITS[digit]) for digit in match[2])}" if match[2] else str(value)


def number_of(numeral: str) -> int | None:
    """Return the number a Chinese numeral below a hundred million says, None where it says none."""
    for step, size in _SIZES.items():
        head, found, rest = numeral.rpartition(step)
        if found:
            many = number_of(head) if head else (1 if size == 10 else None)
            few = _rest(rest, size)
            is_one = many is not None and (size == _SIZES["万"] or many <= _DIGITS["九"])
            return many * size + few if is_one and many is not None and few is not None else None
    return _DIGITS.get(numeral)


def _rest(rest: str, size: int) -> int | None:
    """Return what is behind a step: 一百零五 is 105, 一百五 is 150; None where it is not smaller than the step."""
    if not rest:
        return 0
    if rest in _DIGITS and size > 10:
        return _DIGITS[rest] * size // 10
    few = number_of(rest.removeprefix("零"))
    return few if few is not None and few < size else None


_SPELLINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_WRITTEN, _digits),
    (_BELOW_ZERO, lambda _: "-"),
    (_EITHER_SIGN, lambda _: "±"),
)
