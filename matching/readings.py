"""Numbers as people mean them: loose units, alternatives ("3.3V或5V"), counts that are words, and bare key figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from matching.mentions import Name, Number, compared
from matching.parameters import ParameterKind, parameter_kind
from matching.quantities import Quantity, parse_quantity
from matching.units import comparable, dimension_of, find_unit

#: What a loose unit means for some parameters: "64K" of flash are KB, "120度" an angle.
_MEMORY = ("flash", "ram", "psram", "dram_sip")
_RATES = ("speed", "rate", "phy_rate")
_LOOSE = (
    ("度", "°", ("fov",)),
    ("帧", "fps", ("fps",)),
    ("Hz", "fps", ("fps",)),
    ("点", "个", ("fingers",)),
    ("万", "万像素", ("resolution", "isp_mp")),
    ("T", "TOPS", ("npu",)),
    ("K", "KB", _MEMORY),
    ("k", "KB", _MEMORY),
    ("M", "MB", _MEMORY),
    ("M", "MHz", ("freq", "clk")),
    ("mV", "mVpp", ("ripple",)),
    ("M", "Mbps", _RATES),
    ("k", "kbps", _RATES),
    ("K", "kbps", _RATES),
)
_SUPPLIES = re.compile(r"\s*(?:/|的?(?:供电|输出|带载|负载|驱动)能力(?:为|是|要?达?到|达|[:=])?)\s*")
_BULK = re.compile(r"[千万百][颗片只]|每[千万百]|kpcs", re.IGNORECASE)
_OR = re.compile(r"\s*(?:/|或者?|\bor\b)\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:和|与|跟|\band\b)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:介于|\bbetween)\s*$", re.IGNORECASE)
_WITHIN = re.compile(r"\s*之?[间中]")
#: A standard whose version, not a count, is the number behind it.
_STANDARD = re.compile(
    r"(?<![A-Za-z0-9])(?:USB|HDMI|e?DP|DisplayPort|PCIe?|PCI-?e|BLE|BT|Bluetooth|蓝牙|eMMC|UFS|SATA|MIPI|CSI|DSI|D-PHY|C-PHY|QC|PD|Qi|Wi-?Fi|"
    r"Cat\.?|Gen|Rev\.?|[Vv]|[Vv]er(?:sion|\.)?|版本|LP?DDR|ONFI|Zigbee|Thread|Type-?C|CAN|LIN|SDIO?|ISO|IEC|Android|安卓|Linux)"
    r"[\s-]?$",
    re.IGNORECASE,
)
_DECIMAL = re.compile(r"[0-9]{1,15}\.[0-9]{1,12}")
#: A temperature behind these is measured, stored at or the junction's, not that of the surroundings.
_MEASURED = re.compile(
    r"(?:测[温量]?|感温|[探检]测|存储|储存|贮存|存放|运输|仓储|焊接?|回流|结温|measur|sens(?:e|ing)|storage|solder|junction)"
    r"(?:(?!工作|环境|使用|operat|ambient)[^,;。\n]){0,12}$",
    re.IGNORECASE,
)
#: Outputs that are fixed: around them is an accuracy, not a range.
_FIXED = frozenset({"vout", "fout"})
#: Of these, alternatives are versions to choose from: neither a range nor one value.
ONE_OF = frozenset({"vout", "band", "fout", "density", "flash", "ram", "wavelength", "range"})
#: Ranges that the need's own supply has; at most so much means that much must be endured.
ENDURED = frozenset({"vin", "vdd", "vcc", "cells", "bat_cells"})
_TOP = re.compile(r"(?:最高|最大|高达|可达)(?:为|到)?\s*$")
_BOTTOM = re.compile(r"(?:最低|低至|最小)(?:为|到)?\s*$")
#: A key figure without a name stands at the head of a list's part, or behind one of these.
_OPENS = re.compile(r"(?:^|[,，、。;；:\n(+]|\s|容量|速率|波长|频率|频段|覆盖|声道)\s*$")
_OTHERS = re.compile(
    r"\s?(?:过流|保护|限流|短路|浪涌|电池(?!充电)|电源(?!管理)|适配器|太阳能|负载(?!开关)|protection|limit|adapter|battery)"
)
_GUESSED = frozenset({"density", "pout_max", "po", "rate", "speed", "wavelength", "band", "sps", "vds", "bits", "fout"})
_SUMMED = frozenset({"speed", "rate"})
_GUESSED_CURRENT = frozenset({"iout_max", "charge_i_max"})
_TELLING = 5
"""How many of a category's parameters a number may mean without a name."""
_DIGITS = {"单": 1, "双": 2, "两": 2, "三": 3, "四": 4, "六": 6, "八": 8, "single": 1, "dual": 2, "quad": 4, "octal": 8}
_COUNTS = (
    (("tx_n", "rx_n"), re.compile(r"(?<![A-Za-z0-9])(\d{1,2})\s?(?:发|TX?)\s?(\d{1,2})\s?(?:收|RX?(?![A-Za-z]))")),
    (
        ("ch",),
        re.compile(
            r"(单|双|两|三|四|六|八)(?:通道|路)(?!供|电|最大|功耗|输出|开关)|\b(single|dual|quad|octal)[ -]channel",
            re.IGNORECASE,
        ),
    ),
    (("ports",), re.compile(r"(双|两|三|四|六|八)(?:端|网)?口|\b(dual|quad|\d{1,2})[ -]port\b", re.IGNORECASE)),
    (("dyn_range",), re.compile(r"(?<![\d.:])(\d{3,5})\s?:\s?1(?![\d.:])")),
)


def measures(quantity: Quantity, kind: ParameterKind) -> bool:
    """Tell whether a quantity's unit measures a parameter."""
    return kind.kind in ("num", "range") and any(comparable(quantity.unit, own) for own in kind.units or ("1",))


def as_meant(plain: str, number: Number, kind: ParameterKind) -> Quantity | None:
    """Return what a number says of a parameter, in a loose unit too; None when it does not measure it."""
    if measures(number.quantity, kind):
        return number.quantity
    if kind.key == "price":
        return _price(plain, number)
    written = plain[slice(*number.core)]
    for loose, unit, keys in _LOOSE:
        if loose == "M" and kind.key in _MEMORY and not _is_memory_size(number.quantity):
            continue
        if kind.key in keys and written.endswith(loose) and not plain.startswith("/", number.core[1]):
            try:
                return compared(parse_quantity(written.removesuffix(loose) + unit), number.quantity.comparator)
            except ValueError:
                return None
    return None


def is_version(plain: str, name: Name, number: Number, kind: ParameterKind) -> bool:
    """Tell whether a number is no count, but the version of a standard before it: HDMI 2.0, USB 3.0."""
    unit = find_unit(number.quantity.unit or "1")
    is_count = kind.unit != "1" and all(dimension_of(own) == "count" for own in kind.units or ("1",))
    if not is_count or unit is None or unit.factor != 1:
        return False
    start, end = number.core
    decimal = _DECIMAL.match(plain, start, end)
    is_part = any(value != int(value) for value in number.quantity.values)
    if is_part or (decimal is not None and float(decimal[0]) in number.quantity.values):
        return True
    return not number.quantity.unit and name.start >= end and _STANDARD.search(plain[:start]) is not None


def is_measured(plain: str, number: Number) -> bool:
    """Tell whether a temperature is one to measure, of storage or of the junction."""
    return _MEASURED.search(plain[max(0, number.start - 30) : number.start]) is not None


def nominal(kind: ParameterKind, quantity: Quantity) -> Quantity:
    """Return what is needed of a fixed output without its accuracy: 12V±1% are 12 V."""
    if kind.key not in _FIXED or None in (quantity.min, quantity.typ, quantity.max):
        return quantity
    return Quantity(None, quantity.typ, None, quantity.unit)


def _is_memory_size(quantity: Quantity) -> bool:
    """Tell whether millions are a size that memories have; 120M is rather their clock."""
    eighths = [value / 1e6 * 8 for value in quantity.values]
    return all(size.is_integer() and int(size).bit_count() == 1 for size in eighths)


def _price(plain: str, number: Number) -> Quantity | None:
    """Return an amount of yuan as the price of a piece, unless it is that of many."""
    start, end = number.core
    quantity = number.quantity
    yuan = quantity.unit == "元" or (not quantity.unit and plain[:start].rstrip().endswith("¥"))
    if not yuan or plain.startswith("/", end) or _BULK.search(plain[max(0, start - 8) : start]):
        return None
    return Quantity(quantity.min, quantity.typ, quantity.max, "元/颗", quantity.comparator)


def joined(plain: str, numbers: Sequence[Number]) -> list[Number]:
    """Return numbers with alternatives of one unit ("3.3V/5V", "3.3V或5V") as one range."""
    found: list[Number] = []
    for number in reversed(numbers):
        behind = found[-1] if found else None
        both = _either(plain, number, behind) if behind is not None else None
        if both is not None:
            found.pop()
        found.append(both or number)
    return found[::-1]


def _either(plain: str, left: Number, right: Number) -> Number | None:
    """Return two alternatives as one number; None when they are none."""
    a, b = left.quantity, right.quantity
    single = a.typ is not None and a.values == (a.typ,)
    if not single or a.unit not in ("", b.unit) or not b.unit:
        return None
    if _is_between(plain, left, right):
        behind = _WITHIN.match(plain, right.end)
        end = behind.end() if behind is not None else right.end
        return Number(left.start, end, (left.core[0], right.core[1]), _span(a, b))
    if not _OR.fullmatch(plain, left.end, right.start):
        return None
    if not right.is_choice and (b.typ is None or b.values != (b.typ,)):
        return None
    return Number(left.start, right.end, (left.core[0], right.core[1]), _span(a, b), is_choice=True)


def _span(a: Quantity, b: Quantity) -> Quantity:
    values = (*a.values, *b.values)
    return Quantity(min(values), None, max(values), b.unit)


def _is_between(plain: str, left: Number, right: Number) -> bool:
    """Tell whether two numbers are the ends of one range: 介于9V和36V, between 9 V and 36 V."""
    if right.quantity.values != (right.quantity.typ,) or not _AND.fullmatch(plain, left.end, right.start):
        return False
    return bool(_BETWEEN.search(plain[max(0, left.start - 10) : left.start]) or _WITHIN.match(plain, right.end))


def one_end(plain: str, number: Number, kind: ParameterKind, quantity: Quantity) -> Quantity:
    """Return a single value of a range as the end that the words before it say: 最高30V, 低至0.6V."""
    if kind.kind != "range" or quantity.values != (quantity.typ,):
        return quantity
    before = plain[max(0, number.start - 6) : number.start]
    if _TOP.search(before):
        return Quantity(None, None, quantity.typ, quantity.unit)
    return Quantity(quantity.typ, None, None, quantity.unit) if _BOTTOM.search(before) else quantity


def _pairs(plain: str, numbers: Sequence[Number]) -> list[int]:
    """Return the places of voltages that a current follows which they supply: 5V/3A, 5V供电能力3A."""
    found: list[int] = []
    for place in range(len(numbers) - 1):
        left, right = numbers[place], numbers[place + 1]
        units = (dimension_of(left.quantity.unit), dimension_of(right.quantity.unit))
        if units == ("voltage", "current") and _SUPPLIES.fullmatch(plain, left.end, right.start):
            found.append(place)
    return found


def listed_pairs(plain: str, numbers: Sequence[Number]) -> frozenset[int]:
    """Return the places of a list's pairs ("5V/3A、9V/2A"): several outputs are not one value."""
    pairs = _pairs(plain, numbers)
    return frozenset(place + side for place in pairs for side in (0, 1)) if len(pairs) > 1 else frozenset()


def paired(
    plain: str, numbers: Sequence[Number], named: Mapping[int, str], usual: Sequence[str]
) -> dict[int, ParameterKind]:
    """Return the parameters of "5V/3A" without a name: a supply's output, a switch's rating.

    named : places of numbers with a name, and the keys that it means; a current may be called what it is.
    """
    found: dict[int, ParameterKind] = {}
    for place in _pairs(plain, numbers):
        for index, key in zip((place, place + 1), _pair_keys(usual), strict=False):
            kind = parameter_kind(key)
            is_free = place not in named and named.get(place + 1, "iout_max") == "iout_max"
            if kind is not None and is_free and index not in named:
                found[index] = kind
    return found


def _pair_keys(usual: Sequence[str]) -> tuple[str, ...]:
    """Return what voltage and current mean side by side; a load switch's voltage is not told, "" for none."""
    if "vds" in usual:
        return "vds", min((key for key in ("id", "ic") if key in usual), key=usual.index, default="")
    if usual and "vout" not in usual:
        return ()
    is_switch = "rdson" in usual and usual.index("rdson") < usual.index("vout")
    return "" if is_switch else "vout", "iout_max"


def guessed(
    plain: str, numbers: Sequence[Number], named: Collection[int], said: Collection[str], usual: Sequence[str]
) -> dict[int, ParameterKind]:
    """Return the parameters of key figures without a name ("128Mbit NOR", "3A Buck"), where only one stands there.

    named : places of numbers with a name; said : keys that are named; usual : the category's, most telling first.
    """
    found: dict[int, ParameterKind] = {}
    for place, number in enumerate(numbers):
        if place in named or _OTHERS.match(plain, number.end):
            continue
        kinds = (kind for key in usual[:_TELLING] if (kind := parameter_kind(key)) is not None)
        kind = next((kind for kind in kinds if _tells(number.quantity, kind)), None)
        if kind is not None and kind.key not in said:
            found[place] = kind
    often = Counter(kind.key for kind in found.values())
    return {
        place: kind
        for place, kind in found.items()
        if often[kind.key] == 1 and _is_one(numbers[place], kind) and _OPENS.search(plain[: numbers[place].start][-6:])
    }


def _tells(quantity: Quantity, kind: ParameterKind) -> bool:
    """Tell whether a quantity alone may be a category's key figure."""
    if kind.key not in _GUESSED | _GUESSED_CURRENT or not quantity.unit or not measures(quantity, kind):
        return False
    if kind.key in _SUMMED:
        return True
    is_span = quantity.min is not None and quantity.max is not None
    return is_span == (kind.kind == "range")


def _is_one(number: Number, kind: ParameterKind) -> bool:
    """Tell whether a number is one value; of rates all that are listed are supported."""
    return not number.is_choice or kind.key in _SUMMED


def counts(plain: str, usual: Collection[str]) -> Iterator[tuple[int, int, ParameterKind, Quantity]]:
    """Yield counts that are words or shapes: 双通道, 3发4收, 10000:1."""
    for keys, pattern in _COUNTS:
        if keys[0] not in usual:
            continue
        for match in pattern.finditer(plain):
            for key, written in zip(keys, filter(None, match.groups()), strict=False):
                kind = parameter_kind(key)
                if kind is not None:
                    value = float(_DIGITS.get(written.casefold()) or written)
                    yield match.start(), match.end(), kind, Quantity(None, value, None, kind.unit)
