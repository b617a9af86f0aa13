"""The published commitments of a challenge, and checking a receipt against them; for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.accounts.throttle import throttled
from app.bids import checking, labels
from app.bids.forms import CheckForm
from app.bids.queries import openings as queries
from app.db import current_session
from app.keys import labels as key_labels

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

    from app.bids.checking import Claim, Verdict

bp = Blueprint("commitments", __name__, url_prefix="/challenges")


@bp.get("/<uuid:challenge_id>/commitments/")
def show(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show what was sealed at the deadline; before it, when that will be."""
    return _page(challenge_id, CheckForm(formdata=None))


@bp.get("/<uuid:challenge_id>/commitments.json")
def download(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Send the list, byte for byte what its hash is computed over."""
    told = queries.listing(current_session(), actor=current_actor(), challenge_id=challenge_id)
    response = Response(told, mimetype="application/json")
    response.headers["Content-Disposition"] = f"attachment; filename=commitments-{challenge_id}.json"
    return response


def _check(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Compare a receipt, a receipt code or a commitment with the list; nothing is stored."""
    form = CheckForm()
    if not form.validate_on_submit():
        return _page(challenge_id, form), 422
    try:
        claim = _claim(form)
    except checking.Unreadable:
        form.code.errors = [_("This is neither a receipt code nor a commitment nor a downloaded receipt.")]
        return _page(challenge_id, form), 422
    session = current_session()
    found = queries.published(session, actor=current_actor(), challenge_id=challenge_id)
    known = queries.commitment_of(session, challenge_id=challenge_id, receipt_code=claim.receipt_code)
    verdict = checking.check(claim, challenge_id=str(challenge_id), known=known, listed=found.lines)
    return _page(challenge_id, form, verdict if found.is_published else None)


bp.add_url_rule("/<uuid:challenge_id>/commitments/", "check", throttled(_check, "60 per hour"), methods=["POST"])


def _claim(form: CheckForm) -> Claim:
    upload = form.receipt.data
    if upload and upload.filename:
        return checking.claim_of_file(upload.stream.read(checking.MAX_BYTES))
    return checking.claim_of_text(form.code.data or "")


def _page(challenge_id: uuid.UUID, form: CheckForm, verdict: Verdict | None = None) -> str:
    return render_template(
        "challenges/commitments.html",
        published=queries.published(current_session(), actor=current_actor(), challenge_id=challenge_id),
        form=form,
        verdict=verdict,
        labels=labels,
        key_labels=key_labels,
    )
