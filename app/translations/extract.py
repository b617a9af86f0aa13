"""Collects texts from Python for translation: the calls of gettext, and every sentence that stands in the code.

Rules, policies and services say what is wrong in plain English sentences and know nothing of translation; so a
sentence is recognised by its looks. Docstrings, log lines and what only programmers read are left out.
"""

from __future__ import annotations

import ast
import re
from typing import IO, TYPE_CHECKING, Any, cast

from babel.messages.extract import extract_python

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Message = tuple[int, str, Any, list[str]]

_SENTENCE = re.compile(r"[A-Z“][^\n]*\s[^\n]*[.?!…]")
_FOR_PROGRAMMERS = ("log.", "ValueError", "RuntimeError", "SettingsError", "KeyError", "GivenUp", "click.")


def python_texts(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Yield (line, function, text, comments) of everything to translate in a Python file."""
    source = file.read()
    file.seek(0)
    known: set[str] = set()
    # Babel's hints name other parts than its function yields.
    called = cast("Iterator[Message]", extract_python(cast("Any", file), keywords, comment_tags, cast("Any", options)))
    for line, function, texts, comments in called:
        known |= {texts} if isinstance(texts, str) else {text for text in texts or () if text}
        yield line, function, texts, comments
    for line, text in sentences(source.decode("utf-8")):
        if text not in known:
            yield line, "gettext", text, []


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of every sentence in Python source that people may read."""
    tree = ast.parse(source)
    unread = _unread(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in unread:
            continue
        if _SENTENCE.fullmatch(node.value):
            yield node.lineno, node.value


def _unread(tree: ast.Module) -> set[int]:
    """Return the constants that no reader of the portal sees."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr | ast.JoinedStr):
            found |= {id(part) for part in ast.walk(node) if isinstance(part, ast.Constant) and _is_own(node, part)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).startswith(_FOR_PROGRAMMERS):
            found |= {id(part) for part in ast.walk(node) if isinstance(part, ast.Constant)}
    return found


def _is_own(node: ast.Expr | ast.JoinedStr, part: ast.Constant) -> bool:
    """Return whether a constant is the docstring itself, or a piece of a composed text."""
    return node.value is part if isinstance(node, ast.Expr) else True
