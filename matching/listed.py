"""What one listed value says: its name without the words around it, how many there are, whether it is there at all.

Sheets list "3路UART", "I2C(从机)", "USB2.0(不支持)", "支持SPI接口": the name counts, its number is kept apart, and what
is denied, planned or an option is not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from matching.numerals import number_of
from matching.text import normalise
from matching.values import as_bool

Presence = Literal["held", "open", "denied"]

_REMARK = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_SEPARATOR = re.compile(r"[|;；、,，\n]|\s或\s|\sor\s|\s\+\s|(?<=[A-Za-z0-9㐀-鿿])\+(?=[A-Za-z㐀-鿿]{2})")
_ALL_DENIED = re.compile(r"[均都皆]不")
_DENIED = re.compile(
    r"^(?:不|无(?![线刷源感铅卤缝])|没有|未|非(?![易接对隔])|除|暂[不无]|已?[去取][除掉消]"
    r"|(?:no|non|not|without|except|excluding)\b|w/o\b)"
    r"|(?:[不未]支[持援]|不含|不提供|[:：=]?\s*[无否]|没有|停产|以[下外]|除外"
    r"|\b(?:not supported|unsupported|n/a|no))$",
    re.IGNORECASE,
)
_DENIED_REMARK = re.compile(
    r"暂?[不未]支[持援]|不含|[暂没]?[无有]|停产|(?:not |un)supported|n/?a|no(?:ne)?", re.IGNORECASE
)
_OPTION = re.compile(
    r"选[配装]|可定制|规划|计划|目标|待[验测]|[未待]认证|认证中|外[接置挂扩]|[开研]发中|[适移][配植]中|即将|样品阶段|需授权|"
    r"仅.{0,12}(?:封装|型号|版本)|软件(?:实现|模拟)|"
    r"\b(?:optional|planned|roadmap|external|pending|target|in development|coming soon|on request)\b",
    re.IGNORECASE,
)
_OPTION_REMARK = re.compile(rf"可选|待定|\btbd\b|\bopt\b|{_OPTION.pattern}", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:仅|最多|支持|具备|带有?|集成|内置|包?含|提供|兼容|已|国密|采用|ieee\s*|arm\s+|with\s+|supports?\s+|"
    r"(?:8|16|32|64)\s?(?:位|-?bits?\b)\s*)+",
    re.IGNORECASE,
)
_TRAIL = re.compile(r"(?:\s+only|等|接口|总线|协议|功能|操作系统|系统|内核|处理器|认证|标准|模式|双频|规范)+$|\s*@.*$")
_ONE_OR_TWO = {"单": 1, "双": 2}
_COUNTED = r"\d{1,3}|[单双一二两三四五六七八九十]"
_COUNT = re.compile(
    rf"^(?P<before>{_COUNTED})\s*(?:(?:路|个|组|通道|条|核|-?\s*lanes?)\s*|[x×*]\s*(?=[^\s\d]))"
    r"|\s*(?:[x×*]\s*(?P<times>\d{1,3})|(?P<after>\d{1,2})\s*(?:路|个|组|通道|条)|[\s-](?P<lanes>\d{1,2})[\s-]*lanes?)$",
    re.IGNORECASE,
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.+\-]{1,15}")
_FIRST_WORD = re.compile(r"^([A-Za-z][A-Za-z0-9.\-]*)(?=[\s㐀-鿿])")
#: "LPDDR4/4X", "SM2/3/4", "PD2.0/3.0": later parts leave out what the first begins with. So do "802.11 b/g/n".
_NUMBERED = re.compile(r"([A-Za-z][A-Za-z\-]*?[\s-]?)\d\S*")
_LETTERED = re.compile(r"(.*\d\s?)[a-z]{1,2}")


@dataclass(frozen=True, slots=True)
class Listed:
    """One listed value: as written, the names it may go by, how many (None when not said), and whether it is there.

    begins : its first word where more follow, which says what it is a kind of, and names in brackets behind it.
    """

    text: str
    names: tuple[str, ...]
    begins: tuple[str, ...]
    count: int | None
    presence: Presence


@lru_cache(1 << 12)
def listed(text: str) -> tuple[Listed, ...]:
    """Return the listed values in order. Separators stand outside brackets; what is joined otherwise stays together."""
    plain = normalise(text)
    spared = _REMARK.sub(lambda remark: _SEPARATOR.sub(" ", remark[0]), plain)
    parts = [part.strip() for part in _SEPARATOR.split(spared)]
    is_denied = _ALL_DENIED.search(spared) is not None
    return tuple(read(part, is_denied=is_denied) for part in dict.fromkeys(filter(None, parts)))


@lru_cache(1 << 12)
def read(part: str, *, is_denied: bool = False) -> Listed:
    """Return what one listed value says; ``is_denied`` when words around it already say that it is not there."""
    part = re.sub("[®™]", "", part)
    remarks = _REMARK.findall(part)
    bare = _REMARK.sub(" ", part).strip() or part
    name, count = _counted(_TRAIL.sub("", _LEAD.sub("", bare)).strip())
    bracketed = next((int(remark) for remark in remarks if remark.strip().isdigit()), None)
    plain_name = _TRAIL.sub("", _LEAD.sub("", name)).strip()
    first, names = _FIRST_WORD.match(plain_name), [part, bare, name, plain_name]
    presence: Presence = "held"
    if (
        is_denied
        or count == 0
        or _DENIED.search(bare)
        or any(_DENIED_REMARK.fullmatch(remark.strip()) for remark in remarks)
    ):
        presence = "denied"
    elif _OPTION.search(bare) or any(map(_OPTION_REMARK.search, remarks)):
        presence = "open"
    begins = (*([first[1]] if first is not None else []), *filter(_NAME.fullmatch, remarks))
    return Listed(part, tuple(dict.fromkeys(filter(None, names))), begins, count or bracketed, presence)


def says_yes(text: str) -> bool | None:
    """Return whether a value says that something is there, None when it does not tell."""
    exactly, item = as_bool(text), read(normalise(text))
    if exactly is not None or item.presence == "open":
        return exactly
    return False if item.presence == "denied" else True if _LEAD.match(item.text) else None


def _counted(name: str) -> tuple[str, int | None]:
    """Return a name without the counts before and behind it, and the first of them."""
    count: int | None = None
    while match := _COUNT.search(name):
        said = next(filter(None, match.groups()))
        count = count if count is not None else _ONE_OR_TWO.get(said) or number_of(said) or int(said)
        name = (name[: match.start()] + name[match.end() :]).strip()
    return name, count


def completed(parts: list[str]) -> list[str]:
    """Return parts of what slashes join, each with what it leaves out of the first one added."""
    numbered, lettered = _NUMBERED.fullmatch(parts[0]), _LETTERED.fullmatch(parts[0])
    found = list(parts)
    for part in parts[1:]:
        if numbered is not None and part[:1].isdigit():
            found.append(numbered[1] + part)
        if lettered is not None and re.fullmatch("[a-z]{1,2}", part):
            found.append(lettered[1] + part)
    return found
