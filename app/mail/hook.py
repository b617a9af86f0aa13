"""The address at which a mail service hands in its reports: a shared word opens it, no log-in."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, request

from app.core import clock
from app.core.errors import NotAllowed, NotFound
from app.core.forms import csrf
from app.db import transaction
from app.mail.intake import take_in

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("mail_reports", __name__, url_prefix="/mail/reports")
blueprints = (bp,)


@bp.post("")
@csrf.exempt
def take() -> ResponseReturnValue:
    """Take in one report, a whole message as body; ``Authorization: Bearer WORD`` with the word of the settings."""
    word = current_app.extensions["chipbridge_settings"].mail_reports_secret
    if not word:
        raise NotFound("The page does not exist, or it is not open to you.", code="no_reports")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), word.encode()):
        raise NotAllowed("The word that opens this address is missing or wrong.", code="wrong_word")
    with transaction() as session:
        n_new = take_in(session, raw=request.get_data(), now=clock.now())
    return {"new": n_new}
