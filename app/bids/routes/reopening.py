"""The reopening code in the browser that submitted: a cookie of one bid, kept nowhere on the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, request, session, url_for

if TYPE_CHECKING:
    import uuid

    from werkzeug.wrappers import Response

DAYS = 400
"""What browsers keep a cookie for at most."""
_FRESH = "fresh_receipt"


def code_of(bid_id: uuid.UUID) -> str:
    """Return the code that this browser holds for a bid, if any."""
    return request.cookies.get(_name(bid_id), "")


def keep_code(response: Response, bid_id: uuid.UUID, code: str) -> Response:
    """Give the browser the code of a bid; no script reads it, and no other page receives it."""
    response.set_cookie(
        _name(bid_id),
        code,
        max_age=DAYS * 86_400,
        path=_path(bid_id),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
    )
    return response


def drop_code(response: Response, bid_id: uuid.UUID) -> Response:
    """Let the browser forget a code that opens nothing any more."""
    response.delete_cookie(_name(bid_id), path=_path(bid_id))
    return response


def mark_fresh(bid_id: uuid.UUID) -> None:
    """Let the next view of this bid show its code, once."""
    session[_FRESH] = bid_id.hex


def is_fresh(bid_id: uuid.UUID) -> bool:
    """Return whether the bid was sealed a moment ago in this browser; true once."""
    return bool(session.pop(_FRESH, "") == bid_id.hex)


def _name(bid_id: uuid.UUID) -> str:
    return f"reopen_{bid_id.hex}"


def _path(bid_id: uuid.UUID) -> str:
    return url_for("workspace_bids.show", bid_id=bid_id)
