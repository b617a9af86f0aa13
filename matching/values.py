"""Values that are no quantity: sets, resolutions, yes/no, packages; and how they are shown."""

from __future__ import annotations

import re
import unicodedata

_YES = frozenset(
    [
        "是",
        "有",
        "支持",
        "支援",
        "内置",
        "具备",
        "需要",
        "必须",
        "√",
        "✓",
        "yes",
        "true",
        "1",
        "y",
        "required",
        "supported",
    ]
)
_NO = frozenset({"否", "无", "不支持", "no", "false", "0", "n", "×", "none"})
_RATE = r"(\d{1,4}(?:\.\d{1,3})?)\s*(?:fps|hz|帧)?"
_RESOLUTION = re.compile(rf"^([1-9]\d{{0,5}})\s*[x×*]\s*([1-9]\d{{0,5}})(?:(?:\s*@\s*|\s){_RATE})?$", re.IGNORECASE)
#: What a picture is coded as, behind its size.
_CODEC = re.compile(r"\s+(?:h\.?26[456]|hevc|avc|av1|vp9|jpeg)\b.*$", re.IGNORECASE)
_NAMED_RESOLUTIONS = {
    "vga": (640, 480),
    "wvga": (800, 480),
    "720p": (1280, 720),
    "hd": (1280, 720),
    "1080p": (1920, 1080),
    "fhd": (1920, 1080),
    "2k": (2560, 1440),
    "qhd": (2560, 1440),
    "4k": (3840, 2160),
    "uhd": (3840, 2160),
    "8k": (7680, 4320),
}
_NAMED = re.compile(rf"^({'|'.join(_NAMED_RESOLUTIONS)})(?:\s*@?\s*{_RATE})?$")


def fold(text: str) -> str:
    """Return the form in which two values of a set are equal: NFKC, case-blind, without blanks, dashes, marks."""
    return re.sub(r"[\s\-_®™()]+", "", unicodedata.normalize("NFKC", text).casefold())


def split_set(text: str) -> tuple[str, ...]:
    """Return the listed values as written, in order, without repeats. Separators: | ; 、 or a comma."""
    parts = (part.strip() for part in re.split(r"[|;；、,，]|\s或\s|\sor\s", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def as_bool(text: str) -> bool | None:
    """Return what a yes/no text says, or None."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return True if folded in _YES else False if folded in _NO else None


def as_resolution(text: str) -> tuple[int, float | None] | None:
    """Return (pixels, frames per second or None) of "2560x1440@30", "1080p@60" or "4K60", or None."""
    plain = _CODEC.sub("", unicodedata.normalize("NFKC", text)).strip()
    match = _RESOLUTION.match(plain)
    if match:
        return int(match[1]) * int(match[2]), float(match[3]) if match[3] else None
    named = _NAMED.match(plain.casefold())
    if named is None:
        return None
    width, height = _NAMED_RESOLUTIONS[named[1]]
    return width * height, float(named[2]) if named[2] else None


def show_number(value: float) -> str:
    """Return a number as people write it: six significant digits, no trailing zeros, no exponent below 10^15."""
    if abs(value) >= 1e15 or (value and abs(value) < 1e-9):
        return f"{value:.6g}"
    text = f"{float(f'{value:.6g}'):.12f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def show(low: float | None, typical: float | None, high: float | None, unit: str) -> str:
    """Return min/typ/max with the unit, or "" when nothing is known."""
    if low is None and high is None:
        values = show_number(typical) if typical is not None else ""
    elif low is not None and high is not None:
        values = f"{show_number(low)}~{show_number(high)}" if low != high else show_number(low)
    else:
        values = f"≥{show_number(low)}" if low is not None else f"≤{show_number(high)}" if high is not None else ""
    if typical is not None and (low is not None or high is not None):
        values += f" (typ {show_number(typical)})"
    suffix = "" if unit in ("", "1") else unit if unit in ("%", "℃") else f" {unit}"
    return f"{values}{suffix}" if values else ""
