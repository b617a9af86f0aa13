"""A picture of a licence for the sample: drawn here, and marked as fictional."""

from __future__ import annotations

import struct
import zlib

WIDTH, HEIGHT = 1000, 640
_PAPER, _INK = b"\xff", b"\x1c"
_MARGIN, _FRAME = 56, 6
_GLYPH_WIDTH, _GLYPH_HEIGHT = 5, 7
_GLYPHS = {
    "A": "7c1211127c", "B": "7f49494936", "C": "3e41414122", "D": "7f4141413e", "E": "7f49494941", "F": "7f09090901",
    "G": "3e41415173", "H": "7f0808087f", "I": "00417f4100", "J": "2040413f01", "K": "7f08142241", "L": "7f40404040",
    "M": "7f021c027f", "N": "7f0408107f", "O": "3e4141413e", "P": "7f09090906", "Q": "3e4151215e", "R": "7f09192946",
    "S": "2649494932", "T": "01017f0101", "U": "3f4040403f", "V": "1f2040201f", "W": "3f4038403f", "X": "6314081463",
    "Y": "0304780403", "Z": "6159494d43", "0": "3e5149453e", "1": "00427f4000", "2": "4261514946", "3": "2141454b31",
    "4": "1814127f10", "5": "2745454539", "6": "3c4a494930", "7": "0171090503", "8": "3649494936", "9": "064949291e",
    "-": "0808080808", ".": "0060600000", ",": "0050300000", ":": "0036360000",
}  # fmt: skip
"""Five columns of seven dots, the lowest bit on top; what is missing stays blank."""


def licence_png(*, name: str, code: str, founded: str) -> bytes:
    """Return a page that shows a name in Latin letters, a credit code and the day of foundation."""
    page = [bytearray(_PAPER * WIDTH) for _ in range(HEIGHT)]
    for edge in range(_FRAME):
        page[_MARGIN // 2 + edge][:] = page[-_MARGIN // 2 - edge][:] = _INK * WIDTH
    lines = (
        ("SAMPLE - FICTIONAL - NOT A LICENCE", 4, 70),
        ("BUSINESS LICENCE", 8, 140),
        ("UNIFIED SOCIAL CREDIT CODE", 3, 250),
        (code, 7, 285),
        ("NAME", 3, 380),
        (name.upper(), 3, 415),
        ("FOUNDED", 3, 480),
        (founded, 4, 515),
    )
    for text, scale, top in lines:
        _write(page, text, scale=scale, top=top)
    return _png(page)


def _write(page: list[bytearray], text: str, *, scale: int, top: int) -> None:
    """Write a line from the left margin on; ``scale`` is the size of a dot in pixels."""
    advance = (_GLYPH_WIDTH + 1) * scale
    for place, sign in enumerate(text):
        columns = bytes.fromhex(_GLYPHS.get(sign, ""))
        for x, column in enumerate(columns):
            for y in range(_GLYPH_HEIGHT):
                if column >> y & 1:
                    _dot(page, left=_MARGIN + place * advance + x * scale, top=top + y * scale, size=scale)


def _dot(page: list[bytearray], *, left: int, top: int, size: int) -> None:
    if left + size <= WIDTH:
        for row in page[top : top + size]:
            row[left : left + size] = _INK * size


def _png(page: list[bytearray]) -> bytes:
    """Return rows of grey pixels as a PNG picture (ISO/IEC 15948)."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\x00" + row for row in page), 9)
    parts = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
