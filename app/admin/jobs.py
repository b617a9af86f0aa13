"""The page of jobs: what waits, what runs and how far, what failed and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.current import current_actor
from app.admin.access import guard
from app.core import clock
from app.db import current_session, transaction
from app.notifications.competition import TELLINGS
from app.outbox import labels, policy, queries, service
from app.outbox.models import JobState

if TYPE_CHECKING:
    import uuid

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_jobs", __name__, url_prefix="/desk/jobs")
bp.before_request(guard)

KINDS = {
    "taxonomy.apply": _l("Apply words and categories"),
    "matching.recompute": _l("Compute all suggestions"),
    "matching.refit_ranker": _l("Learn from decisions"),
    "need.changed": _l("Compute the suggestions of a need"),
    "product.changed": _l("Compute the suggestions of a product"),
    "products.check_import": _l("Check an import file"),
    "products.commit_import": _l("Import products"),
    "products.imported": _l("Compute after an import"),
    "searches.look": _l("Look for what is new in kept searches"),
    "mail.read_reports": _l("Read reports of undeliverable mail"),
    "digests.run": _l("Make digests"),
    "digests.desk": _l("Make the digests of the desk"),
    "digest.send": _l("Make one digest"),
    "challenges.close_due": _l("Close challenges at their deadline"),
    "challenges.publish_due": _l("Publish challenges at their moment"),
    "suggestions.resume": _l("Bring deferred suggestions back"),
    "matching.configuration": _l("Compute a configuration"),
    "pairings.expire": _l("End pairings that nobody answered"),
    "pairings.remind": _l("Remind of pairings that stand still"),
    "jobs.purge": _l("Forget old jobs"),
    "need.published": _l("Tell: need published"),
    "challenge.published": _l("Tell: challenge published"),
    "need.returned": _l("Tell: posting returned"),
    "organization.verified": _l("Tell: company verified"),
    "organization.rejected": _l("Tell: verification refused"),
    "pairing.proposed": _l("Tell: pairing proposed"),
    "pairing.accepted": _l("Tell: pairing accepted"),
    "pairing.introduced": _l("Tell: contacts opened"),
    "pairing.declined": _l("Tell: pairing declined"),
    "pairing.advanced": _l("Tell: pairing moved on"),
    "pairing.dropped": _l("Tell: pairing given up"),
    "pairing.reminded": _l("Tell: pairing stands still"),
    "pairing.expired": _l("Tell: pairing expired"),
    "pairing.message": _l("Tell: message"),
    "events.schedule": _l("Compute the schedule of an event"),
    "meetings.follow_up": _l("End events and ask what came of meetings"),
    "meeting.proposed": _l("Tell: meeting proposed"),
    "meeting.declined": _l("Tell: proposed meeting declined"),
    "meeting.set": _l("Tell: meeting fixed"),
    "meeting.moved": _l("Tell: meeting moved"),
    "meeting.cancelled": _l("Tell: meeting cancelled"),
    "meeting.next_day": _l("Ask: what came of a meeting"),
    "meeting.next_month": _l("Ask: a month after a meeting"),
    "event.cancelled": _l("Tell: event cancelled"),
    "bid.correction_asked": _l("Tell: correction asked for"),
    "bid.format_decided": _l("Tell: format check decided"),
    "bid.opened": _l("Tell: bid opened"),
    "bid.defence_set": _l("Tell: defence set"),
    "review.invited": _l("Tell: review to be done"),
    "review.reminded": _l("Tell: review waits"),
    "review.meeting": _l("Tell: discussion open"),
    "review.ranked": _l("Tell: bids ranked"),
    "robot.stopped": _l("Tell: group robot switched off"),
    "robots.post": _l("Post to a group chat"),
    "challenges.remind": _l("Remind of deadlines"),
    "reviews.remind": _l("Remind reviewers"),
    "reviews.expire_corrections": _l("End corrections that never came"),
    **{event.value: _l(telling.headline) for event, telling in TELLINGS.items()},
    "sealed.news": _l("Ask people to log in"),
    "sealed.disclose": _l("Disclose what is no longer sealed"),
    "files.purge": _l("Forget files that nothing points to"),
    "audit.check": _l("Check the audit trail"),
    "audit.fix_day": _l("Check and publish the audit trail"),
}


def _filter() -> queries.JobFilter:
    state, kind = request.args.get("state", ""), request.args.get("kind", "")
    return queries.JobFilter(
        state=JobState(state) if state in {one.value for one in JobState} else None,
        kind=kind if kind in KINDS else "",
    )


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of jobs: what runs first, then the newest."""
    session, actor, wanted = current_session(), current_actor(), _filter()
    policy.can_read_jobs(actor).enforce()
    counts = queries.state_counts(session, kind=wanted.kind)
    return render_template(
        "desk/jobs/list.html",
        page=queries.jobs(session, wanted=wanted, page=request.args.get("page", 1, int)),
        wanted=wanted,
        counts=counts,
        n_all=sum(counts.values()),
        is_busy=bool(counts.get(JobState.RUNNING) or counts.get(JobState.QUEUED)),
        decision=policy.can_retry(actor),
        kinds=KINDS,
        labels=labels,
    )


@bp.post("/<uuid:job_id>/retry")
def retry(job_id: uuid.UUID) -> ResponseReturnValue:
    """Run a job that was given up once more."""
    with transaction() as session:
        service.retry(session, actor=current_actor(), job_id=job_id, now=clock.now())
    flash(_("The job is in the queue again."), "success")
    return redirect(url_for(".list"), 303)
