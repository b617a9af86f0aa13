"""From refusals to pages: one template, the reader's language, never a stack trace."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flask import g, render_template, request, session
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.core.errors import DomainError
from app.db import db

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)

TITLES = {
    400: _l("The request could not be understood"),
    401: _l("Please log in"),
    403: _l("You may not do this"),
    404: _l("There is nothing here"),
    405: _l("This address does not work that way"),
    409: _l("This has changed meanwhile"),
    413: _l("The upload is too large"),
    422: _l("Please correct the form"),
    429: _l("Too many requests"),
    500: _l("Something went wrong on our side"),
    503: _l("The portal is busy"),
}
MESSAGES = {
    400: _l("Go back, reload the page and try again."),
    401: _l("This page is for people who are logged in."),
    403: _l("Your account does not have this right. If you think it should, ask your organisation's owner."),
    404: _l("The page does not exist, or it is not open to you."),
    405: _l("Go back and use the buttons of the page."),
    409: _l("The item has changed since you opened the page. Reload it to see where it stands."),
    413: _l("Choose a smaller file. What you typed is still in the form: go back in your browser."),
    422: _l("Something in the request breaks a rule of the portal. Go back and correct it."),
    429: _l("Please wait a minute before you try again."),
    500: _l("The incident has been recorded. Please try again; if it happens again, send us the request id."),
    503: _l("Many people are writing at this moment. Please try again in a few seconds."),
}
CONFLICTS = {
    "uq_chip_products_organization_id_part_number": _l("Your company already has a product with this part number."),
    "uq_organizations_uscc": _l("An organisation with this unified social credit code is already registered."),
    "uq_bids_one_per_firm": _l("Your company already has a bid for this challenge."),
    "uq_verifications_open": _l("A verification request is already waiting for a decision."),
    "uq_memberships_user_id": _l("This person already belongs to an organisation."),
    "uq_event_seats_slot_id_organization_id": _l("One of the two has another meeting in this slot."),
    "uq_event_seats_slot_id_table_no_role": _l("The table is taken in this slot."),
}
"""Constraints that people can run into, and what to tell them."""


def init_errors(app: Flask) -> None:
    """Register the handlers of every kind of refusal and failure."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _operational)
    app.register_error_handler(Exception, _unexpected)


def page(status: int, message: str | None = None) -> tuple[str, int]:
    """Render the error page of ``status``; ``message`` replaces the general explanation."""
    title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    text = message or MESSAGES.get(status, MESSAGES[500 if status >= 500 else 400])
    return render_template(
        "errors/error.html",
        status=status,
        title=title,
        message=text,
        request_id=g.get("request_id", ""),
        next_url=_safe_referrer(),
    ), status


def _safe_referrer() -> str:
    referrer = request.referrer or ""
    return referrer if referrer.startswith(request.host_url) else ""


def _domain(error: DomainError) -> ResponseReturnValue:
    log.info("refused", extra={"code": error.code, "status": error.status})
    return page(error.status, gettext(error.message))


def _csrf(error: CSRFError) -> ResponseReturnValue:
    log.info("refused", extra={"code": "csrf", "status": 400})
    if "_user_id" not in session and request.path.startswith(("/workspace/", "/desk/")):
        told = gettext(
            "You are logged out. Log in and open the form again; what it kept while you typed is still there."
        )
        return page(400, told)
    return page(400, gettext("The page was open for too long or was sent twice. Reload it and send it again."))


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        # The rest of the upload is not read, so the connection cannot be used again.
        body, status = page(413)
        return body, status, {"Connection": "close"}
    if error.response is not None or status < 400:
        return error
    body, status = page(status)
    allowed = error.get_headers() if status == 405 else []
    return body, status, [(name, value) for name, value in allowed if name == "Allow"]


def _integrity(error: IntegrityError) -> ResponseReturnValue:
    db.session.rollback()
    text = str(error.orig)
    for constraint, message in CONFLICTS.items():
        if constraint in text or _columns(constraint) in text:
            return page(409, str(message))
    log.error("unexpected constraint violation", exc_info=error)
    return page(409)


def _columns(constraint: str) -> str:
    """Return how SQLite names the same unique constraint: by its columns."""
    table, _, columns = {
        "uq_chip_products_organization_id_part_number": "chip_products|organization_id,part_number",
        "uq_organizations_uscc": "organizations|uscc",
        "uq_bids_one_per_firm": "bids|challenge_id,firm_tag",
        "uq_verifications_open": "verifications|organization_id",
        "uq_memberships_user_id": "memberships|user_id",
        "uq_event_seats_slot_id_organization_id": "event_seats|slot_id,organization_id",
        "uq_event_seats_slot_id_table_no_role": "event_seats|slot_id,table_no,role",
    }[constraint].partition("|")
    return ", ".join(f"{table}.{column}" for column in columns.split(","))


def _stale(error: StaleDataError) -> ResponseReturnValue:
    db.session.rollback()
    log.info("refused", extra={"code": "stale", "status": 409})
    return page(409)


def _operational(error: OperationalError) -> ResponseReturnValue:
    db.session.rollback()
    log.error("database unavailable", exc_info=error)
    return page(503)


def _unexpected(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.error("unhandled error", exc_info=error)
    return page(500)
