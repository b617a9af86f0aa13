"""What is posted: one short line an event and where to read on, several events in one message."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BYTES = 4096
"""What 企业微信 takes as one message."""
MAX_TOGETHER = 10
PARTING = "\n\n"
PLAIN = str.maketrans(
    {
        "<": "＜", ">": "＞", "[": "［", "]": "］", "*": "＊", "`": "｀", "#": "＃", "@": "＠", "\\": "＼",
    }
)  # fmt: skip
"""What would be markup, a mention or a link becomes its full-width twin: titles are written by anybody."""


def plain(text: str) -> str:
    """Return a line in which nothing is markup."""
    return " ".join(text.translate(PLAIN).replace("://", "：//").split())


def paragraph(text: str, link: str, link_words: str) -> str:
    """Return one event as it is posted."""
    return f"{plain(text)}\n[{link_words}]({link})"


def pack(paragraphs: Iterable[str]) -> tuple[str, int]:
    """Return as many paragraphs as one message takes, joined, and how many they are; the first is always among them."""
    kept: list[str] = []
    size = 0
    for one in paragraphs:
        more = len((PARTING if kept else "").encode()) + len(one.encode())
        if kept and (size + more > MAX_BYTES or len(kept) == MAX_TOGETHER):
            break
        kept.append(one)
        size += more
    return PARTING.join(kept), len(kept)
