"""A digest as a message: its context, its headers, and its looks for a preview."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.mail import letterhead
from app.mail.render import Rendered, link, render
from app.notifications import clicks, links, tokens

if TYPE_CHECKING:
    from app.notifications.digest_content import DigestContent
    from app.notifications.recipients import Reader

TEMPLATE = "digest"


def context(reader: Reader, content: DigestContent, *, unsubscribe_path: str) -> dict[str, Any]:
    """Return what the templates of the digest need; links are counted for who has allowed it."""
    content = clicks.counted(content) if reader.counts_clicks else content
    return {
        "name": reader.name,
        "organization": reader.organization_name,
        "frequency": reader.frequency.value,
        "entries": content.entries,
        "deadlines": content.deadlines,
        "has_more": content.has_more,
        "finds": content.finds,
        "searches_path": links.SEARCHES,
        "pairings_path": links.PAIRINGS,
        "preferences_path": links.PREFERENCES,
        "unsubscribe_path": unsubscribe_path,
    }


def unsubscribe_path(reader: Reader) -> str:
    """Return the reader's own signed way out."""
    return links.unsubscribe(tokens.issue(letterhead.current().signing_key, reader.user_id))


def headers(path: str) -> dict[str, str]:
    """Return the headers by which mail programs show "unsubscribe" (RFC 2919, 2369, 8058)."""
    return {
        "List-Id": f"Chipbridge digest <digest.{letterhead.current().domain}>",
        "List-Unsubscribe": f"<{link(path)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def preview(reader: Reader, content: DigestContent) -> Rendered:
    """Return the digest as the reader would get it; its unsubscribe link leads nowhere, and nothing is counted."""
    return render(
        TEMPLATE,
        locale=reader.locale,
        context=context(
            replace(reader, counts_clicks=False), content, unsubscribe_path=links.unsubscribe(links.PREVIEW_TOKEN)
        ),
    )
