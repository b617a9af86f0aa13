"""The HTML part of a message inside a page: apart from the portal, without scripts, pictures and forms."""

from __future__ import annotations

from flask import Response

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-popups allow-popups-to-escape-sandbox",
    ]
)
"""Mails carry their styles inline; this policy allows that for them alone."""


def framed(html: str) -> Response:
    """Return a message's HTML for a sandboxed frame; its links open beside the portal."""
    answer = Response(html.replace("<head>", '<head><base target="_blank">', 1), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return answer
