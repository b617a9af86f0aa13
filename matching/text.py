"""One analyser for search and matching: normalise, then cut Chinese and English into comparable tokens.

Part numbers, standards and quantities stay whole; a compound yields its parts as well. Quantities are written in one
form whatever the unit they came in (2000 nA and 2 µA are both ``2ua``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import opencc
import rjieba
import snowballstemmer

from matching.labelled import channels, labelled
from matching.quantities import Quantity, find_quantities
from matching.resources import read_text
from matching.units import LEVEL_DIMENSIONS, find_unit, to_base
from matching.values import show_number

#: Longer texts are cut: nobody describes a chip in more, and nobody shall make the analyser work for more.
MAX_CHARACTERS = 20_000

#: A bus whose name is a stop word unless it is written in capitals.
BUS = "CAN"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]")
_MARKUP = re.compile(r"<[^<>\s][^<>]{0,200}>|https?://\S+")
_RUN = re.compile(r"[㐀-鿿]+|[a-z0-9]+(?:[-_.+#][a-z0-9]+)*\+{0,2}", re.IGNORECASE)
_HAN, _LATIN = re.compile("[㐀-鿿]+"), re.compile("[a-zA-Z]+")
_PARTS = re.compile(r"[-_.+#]")
_LETTERS_DIGITS = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
# Each of these long patterns begins with a look at the next character, which spares most places the rest.
_STANDARD = re.compile(
    r"(?=[abcdeghijlpquw])(?<![a-z0-9])(?:(aec)[-\s]?(q\d{3})(?:[-\s]*(?:grade|g)[-\s]?([0-3]))?(?![a-z0-9])|"
    r"(asil)[-\s]?([a-d])(?![a-z0-9])|(iso|iec|en|gb/t|gb|gm/t|ieee|ul|jesd)[-\s]?(\d[\d.\-]{2,9}\d)(?![a-z0-9])|"
    r"(usb[-\s]?pd|ble|bluetooth|wi-?fi|usb|hdmi|pcie|emmc|ufs|dp|lpddr|ddr|pd|qc|can)[-\s]?v?(\d(?:\.\d)?x?)(?![a-z0-9.]))",
    re.IGNORECASE,
)
PACKAGE = re.compile(
    r"(?=[cdhlmpqstuvwxµμ]|[a-z]?bga)(?<![a-z])(p?dip|cdip|soic|so|sop|soj|tssop|htssop|ssop|qsop|msop|vssop|[uµμ]max|v?qfn|wqfn|tqfn|lfcsp|mlf|qfn|"
    r"[vwtux]?dfn|[wvx]?son|lqfp|tqfp|pqfp|qfp|plcc|sot-?23|sot-?223|sot-?89|sc-?70|to-?92|to-?220|to-?252|to-?263|"
    r"t?sot-?23|sot-?\d{3}|[a-z]?bga|wlcsp|csp|lga)[-\s]?(\d{1,4})?(?:-(\d{1,2}))?(?![a-z0-9.])",
    re.IGNORECASE,
)
_PACKAGE_FAMILIES = {
    "so": "so soic sop soj",
    "dip": "dip pdip cdip",
    "tssop": "tssop htssop",
    "msop": "msop vssop umax µmax μmax",
    "qfn": "qfn vqfn wqfn tqfn lfcsp mlf",
    "dfn": "dfn vdfn wdfn tdfn udfn xdfn son wson vson xson",
    "qfp": "qfp lqfp tqfp pqfp",
    "csp": "csp wlcsp",
}
_PACKAGE_FAMILY = {name: family for family, names in _PACKAGE_FAMILIES.items() for name in names.split()}
_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "u", -3: "m", 0: "", 3: "k", 6: "meg", 9: "g", 12: "t"}
_UNPREFIXED = frozenset({"dimensionless", "ratio", "temperature", "multiple", "time", "money", "unit_price", "length"})


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("tw2sp")


@cache
def _traditional() -> frozenset[str]:
    """Return the characters only traditional writing uses."""
    convert = _by_character().convert
    return frozenset(ch for ch in map(chr, range(0x4E00, 0x9FA6)) if convert(ch) != ch) - frozenset("乾著覆藉瞭")


@cache
def _by_character() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Return simplified Chinese, character for character: the length stays."""
    if _traditional().isdisjoint(text):
        return text
    converted = _by_character().convert(text)
    return converted if len(converted) == len(text) else text


def normalise(text: str) -> str:
    """Return NFKC text in simplified Chinese, without control characters, mark-up and addresses; case is kept."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    plain = _MARKUP.sub(" ", _CONTROL.sub(" ", plain)).replace("℃", "°C").replace("−", "-").replace("–", "-")
    if not _traditional().isdisjoint(plain):
        plain = _to_simplified().convert(plain)
    return plain


@cache
def stop_words() -> frozenset[str]:
    """Return the words that carry no meaning for matching, English stemmed and as written."""
    words = read_text("stopwords.txt").split()
    return frozenset(words) | frozenset(stem(word) for word in words if word.isascii())


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the English stem of a lower-case word; words with digits stay as they are."""
    return str(_stemmer().stemWord(word)) if word.isalpha() and word.isascii() and len(word) > 2 else word


@cache
def _segmenter() -> rjieba.Jieba:
    """Return the Chinese segmenter with the domain's own words."""
    from matching.lexicon import chinese_words

    segmenter = rjieba.Jieba()
    for word in chinese_words():
        segmenter.add_word(word, 20_000, "n")
    return segmenter


def segment(chinese: str) -> list[str]:
    """Return the words of a Chinese run, long words followed by the shorter ones they hold."""
    return list(_segmenter().cut_for_search(chinese))


@lru_cache(1 << 14)
def quantity_tokens(quantity: Quantity) -> tuple[str, ...]:
    """Return one token per stated number in a form independent of the unit's prefix."""
    found = find_unit(quantity.unit)
    if found is None:
        return ()
    tokens = [_quantity_token(value, found.symbol) for value in dict.fromkeys(quantity.values)]
    if quantity.typ is None and quantity.min is not None and quantity.max is not None:
        tokens.append("~".join(tokens))
    return tuple(tokens)


def _quantity_token(value: float, unit: str) -> str:
    base, dimension = to_base(value, unit)
    if dimension == "count":
        return f"{show_number(value)}{unit}"
    symbol = _base_symbol(dimension)
    if dimension in LEVEL_DIMENSIONS or dimension in _UNPREFIXED or base == 0:
        return f"{show_number(base)}{symbol}"
    if dimension == "information":
        return f"{show_number(base / 1024)}kbit" if base % 1024 == 0 else f"{show_number(base)}bit"
    exponent = max(-15, min(12, 3 * int(f"{abs(base):.5e}".split("e")[1]) // 3 // 3 * 3))
    return f"{show_number(base / 10.0**exponent)}{_PREFIXES[exponent]}{symbol}"


@cache
def _base_symbol(dimension: str) -> str:
    from matching.units import known_units

    if dimension == "sample_rate":
        return "hz"
    units = [unit for unit in map(find_unit, known_units()) if unit and unit.dimension == dimension]
    best = next((unit for unit in units if unit.factor == 1.0), units[0])
    folded = best.symbol.replace("℃", "c").replace("Ω", "ohm").replace("µ", "u").replace("%", "pct").replace("√", "rt")
    return "" if best.symbol == "1" else folded.lower().replace("/", "per")


def tokenize(text: str) -> list[str]:
    """Return the tokens of a text in reading order: words (stemmed), Chinese words, standards, quantities."""
    plain = normalise(text)
    return [token for _, _, token in sorted(spans(plain), key=lambda span: span[:2])]


def spans(plain: str, stated: Iterable[tuple[int, int, Quantity]] | None = None) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, token) of a normalised text; the numbers of a range share its place.

    stated : what ``find_quantities`` found in it, where that is known already.
    """
    rest = plain
    for start, end, quantity in find_quantities(plain) if stated is None else stated:
        tokens = quantity_tokens(quantity)
        for token in tokens:
            yield start, end, token
        if tokens:
            rest = rest[:start] + " " * (end - start) + rest[end:]
    yield from _stated_apart(plain)
    for match in _STANDARD.finditer(plain):
        groups = [group.casefold().replace(" ", "") for group in match.groups() if group]
        yield match.start(), match.end(), "-".join(groups)
    yield from _packages(plain)
    for match in _RUN.finditer(rest):
        start, end = match.span()
        for token in _run_tokens(match[0]):
            yield start, end, token


@lru_cache(maxsize=100_000)
def _run_tokens(run: str) -> tuple[str, ...]:
    """Return the tokens of one run of Chinese or Latin characters; catalogues repeat most of them."""
    stop = stop_words()
    tokens = segment(run) if not run[0].isascii() else _latin_tokens(run.casefold())
    return tuple(token for token in tokens if token not in stop or run == BUS)


def _stated_apart(plain: str) -> Iterator[tuple[int, int, str]]:
    """Yield tokens of what is stated without a unit behind the number, in the form of quantities with one."""
    for start, end, count in channels(plain):
        yield start, end, f"{count}路"
    for start, end, quantity in labelled(plain):
        for token in quantity_tokens(quantity):
            yield start, end, token


def _packages(plain: str) -> Iterator[tuple[int, int, str]]:
    """Yield one token per package outline; makers' names of one outline are equal ("SOIC-16", "SO16" -> pkg-so16)."""
    for match in PACKAGE.finditer(plain):
        name = match[1].casefold().replace("-", "")
        family = _PACKAGE_FAMILY.get(name, name)
        pins = "-".join(number for number in match.groups()[1:] if number)
        if pins or family not in ("so", "dip", "csp"):
            yield match.start(), match.end(), f"pkg-{family}{pins}"


def _latin_tokens(run: str) -> list[str]:
    """Return the tokens of one run of Latin letters and digits: its parts, and the whole where it is a name."""
    parts = [part for part in _PARTS.split(run.rstrip("+")) if part]
    if len(parts) == 1:
        return [stem(run)] if run.isalpha() or run.isdigit() else _mixed(run)
    whole = "".join(parts)
    tokens = [token for part in parts for token in ([stem(part)] if part.isalpha() or part.isdigit() else _mixed(part))]
    is_name = any(ch.isdigit() for ch in run) or min(map(len, parts)) <= 3
    return [*tokens, run if any(ch.isdigit() for ch in run) else whole] if is_name else tokens


def _mixed(run: str) -> list[str]:
    """Return a run of letters and digits whole, and its leading letters when they are a word ("usb3" → usb)."""
    pieces = _LETTERS_DIGITS.findall(run)
    return [run, *(piece for piece in pieces[:1] if piece.isalpha() and len(piece) > 2)] if len(pieces) == 2 else [run]


def is_chinese(text: str) -> bool:
    """Tell whether a text is mainly Chinese: one Han character weighs as much as three Latin letters."""
    han = sum(map(len, _HAN.findall(text[:5000])))
    latin = sum(map(len, _LATIN.findall(text[:5000])))
    return han * 3 > latin


def han(text: str) -> str:
    """Return the Han characters of a text."""
    return "".join(_HAN.findall(text))


def has_han(text: str) -> bool:
    """Tell whether a text holds a Han character."""
    return not text.isascii() and _HAN.search(text) is not None
