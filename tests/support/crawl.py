"""Reading the whole portal as one person: every page without arguments, and every link on them."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask import Flask
    from flask.testing import FlaskClient

MAX_PAGES = 400
MAX_VARIANTS = 2
"""Of a list: the same page under other filters, sorts and numbers."""
MAX_ALIKE = 8
"""Of pages that differ only in what they are about, such as one for each category."""
_LINK = re.compile(r'(?:href|data-get)="(/[^"#]*)')
_CHANGING = re.compile(r'(name="csrf_token"[^>]*value=|name="csrf-token" content=)"[^"]*"|[0-9a-f]{32}')
_LEFT_OUT = ("/static/", "/bootstrap/", "/account/logout", "/dev/")


def crawl(app: Flask, client: FlaskClient, *, leaving_out: Iterable[str] = ()) -> dict[str, str]:
    """Return every page that the person can reach, by address, without what differs between two readings."""
    refused = (*_LEFT_OUT, *leaving_out)
    waiting = deque(sorted(_addresses(app)))
    pages: dict[str, str] = {}
    variants: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    kind_of = _kinds(app)
    while waiting and len(pages) < MAX_PAGES:
        address = waiting.popleft()
        path = address.partition("?")[0]
        kind = kind_of(path)
        is_known = address in pages or variants[path] == MAX_VARIANTS or alike[kind] == MAX_ALIKE
        if is_known or address.startswith(refused):
            continue
        variants[path] += 1
        alike[kind] += 1
        answer = client.get(address)
        text = answer.get_data(as_text=True) if answer.mimetype.startswith("text/") else ""
        pages[address] = f"{answer.status_code} {_CHANGING.sub('', text)}"
        waiting.extend(unescape(link) for link in _LINK.findall(text))
    return pages


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """Return the lines that only one of two readings has, by address."""
    found = {
        address: sorted(set(before.get(address, "").splitlines()) ^ set(after.get(address, "").splitlines()))
        for address in before.keys() | after.keys()
    }
    return {address: lines for address, lines in found.items() if lines}


def _kinds(app: Flask) -> Callable[[str], str]:
    """Return a function that tells what kind of page stands at a path."""
    adapter = app.url_map.bind("")

    def kind(path: str) -> str:
        try:
            return str(adapter.match(path)[0])
        except HTTPException:  # nothing is there, or only a redirect
            return path

    return kind


def _addresses(app: Flask) -> list[str]:
    rules = app.url_map.iter_rules()
    return [rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments]
