"""Spellings of one cell of a sheet brought to those that quantities are read in: numerals, currencies, products."""

from __future__ import annotations

import re

from matching.numerals import number_of
from matching.parameters import ParameterKind, parameter_kind
from matching.quantities import tidied
from matching.units import dimension_of
from matching.values import show_number

_NUMERAL = re.compile(r"^(?:[一二两三四五六七八九十百千零]+|双)(?=[^一二两三四五六七八九十百千零级\s])")
_NUMBER = r"\d+(?:\.\d+)?"
_MONEY = {"¥": "元", "rmb": "元", "cny": "元", "$": "USD", "usd": "USD", "us$": "USD"}
_PRICE = re.compile(rf"^(¥|RMB|CNY|US\$|\$|USD)\s*({_NUMBER})(.*)$", re.IGNORECASE)
_SIDES = re.compile(
    rf"(?:^|(?<=[\s(]))({_NUMBER})\s*(?:mm)?\s*[x×*]\s*({_NUMBER})\s*(?:mm)?(?:\s*[x×*]\s*{_NUMBER})?\s*mm(?:²|2)?$",
    re.IGNORECASE,
)
_DATE = re.compile(r"^(?:供货)?(?:至|到|until)?\s*((?:19|20|21)\d\d)\s*(?:年(?:\d{1,2}月)?底?|[-/.]\d{1,2}){0,3}$")
_BETWEEN = re.compile(rf"^(.*?\d[^<≤]*?)\s*(?:<|≤|<=)\s*[A-Za-z_]+\s*(?:<|≤|<=)\s*([+-]?{_NUMBER}.*)$")
_TEN_THOUSANDS = re.compile(r"(?<=\d)\s?万$")
_SQUARE = re.compile(r"^(\d.*?)\s*[x×*]\s*\1$")
_POWERS = {"thousand": "e3", "million": "e6", "billion": "e9"}
_LARGE = re.compile(r"(?<=\d)\s*(thousand|million|billion)\b", re.IGNORECASE)
_BETTER = re.compile(r"^(?:优于|好于|better than)\s*", re.IGNORECASE)
_MAINS = re.compile(r"(?<=[Vv])\s?(?:AC|ac|DC|dc)\b|^(?:DC|AC)\s?(?=\d)")


def spelt(text: str, key: str) -> str:
    """Return a value in the spelling in which quantities are read."""
    kind = parameter_kind(key)
    plain = tidied(text).strip(" ,;。.").replace("=<", "≤").replace("零下", "-")
    plain = _MAINS.sub("", _PRICE.sub(_priced, plain))
    plain = _NUMERAL.sub(_in_digits, plain)
    plain = _LARGE.sub(lambda match: _POWERS[match[1].casefold()], plain)
    plain = _BETWEEN.sub(r"\1~\2", plain)
    return plain if kind is None else _of_its_kind(plain, kind)


def _of_its_kind(plain: str, kind: ParameterKind) -> str:
    """Return what a spelling means for one parameter: sides of an area, the year of a date, what is better."""
    sides = _SIDES.search(plain) if dimension_of(kind.unit) == "area" else None
    if sides:
        return f"{show_number(float(sides[1]) * float(sides[2]))}mm²"
    if dimension_of(kind.unit) == "length":
        plain = _SQUARE.sub(r"\1", plain)
    if dimension_of(kind.unit) == "pixel_count":
        plain = _TEN_THOUSANDS.sub("万像素", plain)
    dated = _DATE.match(plain) if dimension_of(kind.unit) == "calendar_year" else None
    if dated:
        return f"{dated[1]}年份"
    return _BETTER.sub("≤" if kind.op == "<=" else "≥", plain)


def _priced(match: re.Match[str]) -> str:
    return f"{match[2]}{_MONEY[match[1].casefold()]}{match[3]}"


def _in_digits(match: re.Match[str]) -> str:
    value = 2 if match[0] == "双" else number_of(match[0])
    return match[0] if value is None else str(value)
