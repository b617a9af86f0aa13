"""What datasheets state without a unit behind the number: how many channels, and values whose unit is in the label."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matching.quantities import Quantity
from matching.units import find_unit

_NUMBERS = {
    "single": 1, "dual": 2, "double": 2, "two": 2, "triple": 3, "three": 3, "quad": 4, "quadruple": 4, "four": 4,
    "hex": 6, "six": 6, "octal": 8, "eight": 8, "单": 1, "双": 2, "两": 2, "三": 3, "四": 4, "六": 6, "八": 8,
}  # fmt: skip
_ADJECTIVES = r"single|dual|triple|quad|quadruple|hex|octal"
_OF_ANOTHER = r"ended|supply|supplies|chip|phase|cell|core|mode|wire|axis|side|band|point|precision|pole|bit|spi|rail"
_WORDS = "|".join(sorted((word for word in _NUMBERS if word.isascii()), key=len, reverse=True))
_COUNTED = r"channels?|circuits?|elements?|gates?|amplifiers?|comparators?|outputs?|drivers?|receivers?|transceivers?"
_CHANNELS = re.compile(
    rf"(?=[\dncsdtqfhoe单双两三四六八])(?:\bnumber of (?:{_COUNTED}|bits per element)\s*[:：]\s*(\d{{1,3}})\b|"
    rf"\bchannels per circuit\s*[:：]\s*(\d{{1,3}})\b|"
    rf"(?<![\w.-])(\d{{1,3}}|{_WORDS})[-\s]?(?:channels?|ch)\b(?!\s*[:：])|"
    rf"\b({_ADJECTIVES})\b(?![-\s]?(?:channels?|ch|{_OF_ANOTHER})\b)|"
    r"(单|双|两|三|四|六|八)(?:通道|路))",
    re.IGNORECASE,
)
#: Found from its bracket, so that long English texts are not tried letter by letter.
_LABEL = re.compile(r"\(\s*([^()\s]{1,8})\s*\)\s*[:：]\s*([+-]?\d+(?:\.\d+)?)(?=\s*(?:[;；,，|]|$|\.\s))")
_LABEL_NAME = re.compile(r"[A-Za-z][A-Za-z \-]{2,40}\Z")
_LONGEST_NAME = 41
_VOLTAGE = re.compile(r"(?=v)\bvoltage\s*[:：]\s*([+-]?\d+(?:\.\d+)?)(?=\s*(?:[;；,，|]|$|\.\s))", re.IGNORECASE)


def channels(plain: str) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, how many) of every count of channels, circuits or gates."""
    for match in _CHANNELS.finditer(plain):
        word = next(group for group in match.groups() if group).casefold()
        yield match.start(), match.end(), _NUMBERS.get(word) or int(word)


def labelled(plain: str) -> Iterator[tuple[int, int, Quantity]]:
    """Yield (start, end, quantity) of every "Resolution (bits): 12"; a voltage without unit is in volts."""
    for match in _LABEL.finditer(plain):
        start, unit = match.start(), find_unit(match[1])
        if unit is not None and _LABEL_NAME.search(plain[max(0, start - _LONGEST_NAME) : start]):
            yield match.start(2), match.end(2), Quantity(None, float(match[2]), None, unit.symbol)
    for match in _VOLTAGE.finditer(plain):
        yield match.start(1), match.end(1), Quantity(None, float(match[1]), None, "V")
