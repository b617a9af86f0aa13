"""What experts read of a bid: names of firms and people, and ways to reach them, are covered."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

COVER = "■■"
_PLACES = re.compile(
    r"^(中国|广东|深圳|广州|珠海|东莞|佛山|惠州|中山|江门|汕头|湛江|肇庆|茂名|梅州|汕尾|河源|阳江|清远|潮州|揭阳|云浮|韶关|"
    r"北京|上海|南京|苏州|无锡|杭州|成都|西安|武汉|合肥|厦门)(省|市)?"
)
_FORMS = re.compile(r"(股份有限公司|有限责任公司|有限公司|集团公司|集团|公司|研究院|研究所)$")
_TRADES = re.compile(
    r"(科技|技术|电子|半导体|微电子|集成电路|芯片|信息|智能|通信|系统|实业|控股|创新|传感|光电|新能源|设备|精密|器件|材料)+$"
)
_REACH = re.compile(
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"  # e-mail addresses
    r"|https?://[!-~]+|www\.[A-Za-z0-9./-]+"
    r"|(?<!\d)1[3-9]\d{9}(?!\d)"  # mobile numbers
    r"|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"  # credit codes
)
MIN_SHORT = 2


def short_names(legal_name: str) -> list[str]:
    """Return the ways a firm is called in running text: the full name, without its legal form, place and trade."""
    plain = unicodedata.normalize("NFKC", legal_name).strip()
    no_form = _FORMS.sub("", re.sub(r"[(（][^)）]*[)）]", "", plain))
    no_place = _PLACES.sub("", no_form)
    core = _TRADES.sub("", no_place)
    found = [plain, no_form, no_place, core]
    return [name for name in dict.fromkeys(found) if len(name) >= MIN_SHORT]


def cover(text: str, names: Iterable[str]) -> str:
    """Return a text with every name and every way to reach somebody covered; longer names go first."""
    told = _REACH.sub(COVER, text)
    wanted = sorted({name.strip() for name in names if len(name.strip()) >= MIN_SHORT}, key=len, reverse=True)
    if not wanted:
        return told
    return re.sub("|".join(map(_pattern, wanted)), COVER, told, flags=re.IGNORECASE)


def _pattern(name: str) -> str:
    """Return the name as it may be written: blanks anywhere between Chinese characters, whole words in Latin."""
    if name.isascii():
        return rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
    return r"\s*".join(map(re.escape, re.sub(r"\s+", "", name)))
