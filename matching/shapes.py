"""Values with a shape of their own in running text: packages with their size, and picture sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from matching.text import PACKAGE
from matching.values import show_number

_SIZE = re.compile(
    r"(?<![A-Za-z0-9])(\d{1,3}(?:\.\d{1,3})?)\s?(?:mm)?\s?[x×*X]\s?(\d{1,3}(?:\.\d{1,3})?)\s?(mm)?(?![\d.])"
)
#: Behind these the size is that of another package.
_OTHER = re.compile(r"[或和/、]|\b(?:or|and)\b", re.IGNORECASE)
_PICTURE = re.compile(
    r"(?<![A-Za-z0-9_.])(?:(\d{3,4})\s?[x×*X]\s?(\d{3,4})|([248]K|1080[pP]|720[pP]))"
    r"(?:\s?(?:@|\bat\b)?\s?(\d{1,3})\s?(?:fps|帧|Hz)|(?<=[KPp])(24|25|30|50|60|90|120)(?!\d))?(?:@(\d{1,3}))?"
)
_NAMED = {"2k": "2560x1440", "4k": "3840x2160", "8k": "7680x4320", "1080p": "1920x1080", "720p": "1280x720"}
_USES = (
    ("decode", re.compile(r"解码|播放|decod|playback", re.IGNORECASE)),
    ("encode", re.compile(r"编码|录像|录制|压缩|encod|record", re.IGNORECASE)),
    ("res", re.compile(r"屏|显示|面板|分辨率|display|panel|screen|resolution", re.IGNORECASE)),
)
_PART = re.compile(r"[,，;；。、]")
_AROUND = 14
_LARGEST_SIDE = 60.0
"""Millimetres; no chip package is longer."""

Shape = tuple[int, int, str, str]


def find_shapes(plain: str, categories: Sequence[str] = ()) -> Iterator[Shape]:
    """Yield (start, end, key, value) of packages, their area in mm², and resolutions in folded text."""
    yield from _packages(plain)
    yield from _pictures(plain, categories)


def _packages(plain: str) -> Iterator[Shape]:
    """Yield packages with pins, and the area where the text gives one size only."""
    areas: dict[str, Shape] = {}
    for match in PACKAGE.finditer(plain):
        if match[2]:
            yield match.start(), match.end(), "package", "-".join(filter(None, (match[1].upper(), match[2], match[3])))
        size = _size_of(plain, match.end())
        if size is not None:
            areas.setdefault(size[3], size)
    if len(areas) == 1:
        yield from areas.values()


def _size_of(plain: str, end: int) -> Shape | None:
    """Return the area of a package that ends at a place, None where the next size is none or another one's."""
    size = _SIZE.search(plain, end, end + _AROUND)
    if size is None or _OTHER.search(plain, end, size.start()):
        return None
    area = show_number(float(size[1]) * float(size[2]))
    is_one = 0 < max(float(size[1]), float(size[2])) <= _LARGEST_SIDE and area != "0"
    return (size.start(), size.end(), "area", area) if is_one else None


def _pictures(plain: str, categories: Sequence[str]) -> Iterator[Shape]:
    """Yield picture sizes where the words around them, or the category, say what for."""
    for match in _PICTURE.finditer(plain):
        size = f"{match[1]}x{match[2]}" if match[1] else _NAMED[match[3].casefold()]
        rate = match[4] or match[5] or match[6]
        key = _use(plain[max(0, match.start() - _AROUND) : match.start()], plain[match.end() : match.end() + _AROUND])
        if not key and any(code.startswith("C12") for code in categories):
            key = "res"
        if key:
            yield match.start(), match.end(), key, f"{size}@{rate}" if rate and key != "res" else size


def _use(before: str, behind: str) -> str:
    """Return what a picture size is for: the nearest word tells, one of its own part of the sentence before others."""
    gaps = [(before[match.end() :], key) for key, pattern in _USES for match in pattern.finditer(before)]
    gaps += [(behind[: match.start()], key) for key, pattern in _USES for match in pattern.finditer(behind)]
    return min(((_PART.search(gap) is not None, len(gap.strip()), key) for gap, key in gaps), default=(False, 0, ""))[2]
