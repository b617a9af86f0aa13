"""What everybody may know of a result: notices, and the archive."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request, send_file

from app.accounts.current import current_actor
from app.awards import labels, policy
from app.awards.passport import make_passport
from app.awards.queries import pages
from app.awards.queries import results as archive
from app.challenges import labels as challenge_labels
from app.challenges import queries as challenges
from app.challenges.queries import process
from app.core import clock
from app.core.errors import NotFound
from app.db import current_session, transaction
from app.demands import labels as need_labels
from app.taxonomy import lists

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

bp = Blueprint("awards", __name__)
MAX_QUERY = 100


@bp.get("/challenges/<uuid:challenge_id>/notice/")
def notice(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Show the public notices of a challenge, newest first, and the way to object."""
    session, actor = current_session(), current_actor()
    challenge = challenges.challenge_page(session, actor=actor, challenge_id=challenge_id, now=clock.now())
    notices = pages.public_notices(session, challenge_id)
    if not notices:
        raise NotFound("There is no public notice for this challenge yet.", code="no_notice")
    return render_template(
        "awards/notice.html",
        challenge=challenge,
        notices=notices,
        ended_bids=process.ended_bids(session, challenge_id),
        challenge_labels=challenge_labels,
        decision=policy.can_object(actor, owner_id=challenge.need.organization_id),
        labels=labels,
    )


@bp.get("/challenges/<uuid:challenge_id>/passport.zip")
def passport(challenge_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out the process passport as far as the reader may have it."""
    with transaction() as session:
        file = make_passport(session, actor=current_actor(), challenge_id=challenge_id, now=clock.now())
    return send_file(io.BytesIO(file.content), mimetype="application/zip", as_attachment=True, download_name=file.name)


@bp.get("/results/")
def results() -> ResponseReturnValue:
    """Show the archive: competitions in public notice, awarded, or ended without an award."""
    session, args = current_session(), request.args
    wanted = archive.ResultFilter(
        text=args.get("q", "").strip()[:MAX_QUERY],
        state=args.get("state", "") if args.get("state", "") in archive.SHOWN else "",
        year=args.get("year", None, int),
        programme_id=args.get("programme", None, uuid.UUID),
    )
    return render_template(
        "awards/results.html",
        page=archive.results(session, wanted=wanted, page=args.get("page", 1, int)),
        years=archive.years(session),
        programmes=archive.programmes(session),
        wanted=wanted,
        labels=labels,
        need_labels=need_labels,
        challenge_labels=challenge_labels,
        lists=lists,
    )
