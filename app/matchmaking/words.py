"""What makes an entry of the lexicon sound."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.taxonomy import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.matchmaking.commands import SaveLexiconEntry

MAX_FORMS, MAX_LENGTH = 12, 60
_SEPARATORS = re.compile(r"[,，;；\r\n]+")
_HAN = re.compile(r"[㐀-鿿]")


def split_forms(text: str) -> tuple[str, ...]:
    """Return the forms typed one a line or with commas between, without repeats, in order."""
    forms = (" ".join(form.split()) for form in _SEPARATORS.split(text))
    return tuple({form.casefold(): form for form in forms if form}.values())


def faults(command: SaveLexiconEntry) -> Iterator[tuple[str, str]]:
    """Yield (field, what is wrong)."""
    if not command.zh and not command.en:
        yield "zh", "Write at least one word or phrase."
    elif not command.code and not (command.zh and command.en):
        yield "code", "Choose a category, or give the words in both languages."
    if command.code and command.code not in lists.chip_categories and command.code not in lists.terminal_categories:
        yield "code", "Choose a category of the list."
    for field, forms in (("zh", command.zh), ("en", command.en)):
        if len(forms) > MAX_FORMS:
            yield field, "At most 12 words or phrases in one entry."
        if any(len(form) > MAX_LENGTH for form in forms):
            yield field, "At most 60 characters in one word or phrase."
        if any(len(form) < (1 if _HAN.search(form) else 2) for form in forms):
            yield field, "A single letter means too much. Write the whole word."
    if not all(_HAN.search(form) for form in command.zh):
        yield "zh", "Chinese words have Chinese characters. Put the others under English."
    if any(_HAN.search(form) for form in command.en):
        yield "en", "English words have no Chinese characters. Put them under Chinese."
