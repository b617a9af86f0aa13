"""What each kind of job does; every handler may be run twice and opens its own transactions."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from app.core import clock
from app.core.actor import SYSTEM, Actor
from app.core.errors import DomainError, NotFound
from app.db import current_session, transaction
from app.drafts.service import purge as purge_drafts
from app.jobs.digests import run_desk_digests, run_digests, send_one
from app.notifications.competition import TELLINGS
from app.notifications.events import EventKind
from app.notifications.service import tell, tell_competition, tell_sealed
from app.notifications.telling import CompetitionEvent
from app.outbox.service import NEWS, publish, purge
from app.robots.service import purge as purge_robot_messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.jobs.run import Running


class GivenUp(Exception):
    """The job can never succeed; trying again is of no use."""


def _id(running: Running, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(running.job.payload[name]))
    except (KeyError, ValueError) as error:
        raise GivenUp(f"The job names no {name}.") from error


def _event(subject: str) -> Callable[[Running], None]:
    """Return the handler that tells people about events of one kind of subject."""

    def handle(running: Running) -> None:
        kind, subject_id = EventKind(running.job.kind), _id(running, subject)
        with transaction() as session:
            tell(
                session,
                kind=kind,
                subject_id=subject_id,
                side=str(running.job.payload.get("side", "")),
                now=clock.now(),
            )
            if kind in (EventKind.NEED_PUBLISHED, EventKind.CHALLENGE_PUBLISHED):
                publish(
                    session,
                    "need.changed",
                    now=clock.now(),
                    key=f"need.changed:{subject_id}",
                    need_id=subject_id,
                )

    return handle


def _sealed_news(running: Running) -> None:
    job = running.job
    if job.sealed_by is None:
        raise GivenUp("The job names no competition.")
    with transaction() as session:
        tell_sealed(
            session,
            organization_id=_id(running, "organization_id"),
            sealed_by=job.sealed_by,
            key=f"{NEWS}:{job.id}",
            now=clock.now(),
        )


def _competition(running: Running) -> None:
    """Tell what has happened in a competition; one occurrence is one job, so its key is the job's."""
    job = running.job
    event = CompetitionEvent(job.kind)
    subject_id = _id(running, TELLINGS[event].subject)
    with transaction() as session:
        key = job.occasion or f"{event}:{subject_id}"
        tell_competition(session, event=event, subject_id=subject_id, key=key, now=clock.now())


def _need_changed(running: Running) -> None:
    from app.jobs import matching

    matching.need_changed(_id(running, "need_id"))


def _product_changed(running: Running) -> None:
    from app.jobs import matching

    matching.products_changed([_id(running, "product_id")])


def _recompute(running: Running, trigger: str) -> None:
    from app.jobs import matching

    asked_by = running.job.payload.get("requested_by") or running.job.requested_by
    actor = Actor(user_id=uuid.UUID(str(asked_by))) if asked_by else SYSTEM
    matching.recompute_all(running.progress, trigger=trigger, actor=actor)


def _products_imported(running: Running) -> None:
    _recompute(running, "import")


def _of_import(work: str) -> Callable[[Running], None]:
    """Return the handler that does one step of an import; what a person must put right is not tried again."""

    def handle(running: Running) -> None:
        from app.catalog.importing.source import UnreadableFile
        from app.jobs import imports

        do = {"check": imports.check_import, "commit": imports.commit_import}[work]
        try:
            do(running.job, _id(running, "import_id"), running.progress)
        except (UnreadableFile, DomainError) as error:
            raise GivenUp(error.message) from error

    return handle


def _configuration(running: Running) -> None:
    from app.jobs import matching

    try:
        matching.compute_configuration(_id(running, "configuration_id"))
    except DomainError as error:  # removed, or deployed since
        raise GivenUp(error.message) from error


def _matching_recompute(running: Running) -> None:
    _recompute(running, str(running.job.payload.get("trigger", "on_demand")))


def _taxonomy_apply(running: Running) -> None:
    from app.jobs.taxonomy import apply_taxonomy

    apply_taxonomy(str(running.job.payload.get("code", "")), running.progress)


def _refit_ranker(running: Running) -> None:
    from app.jobs import ranker

    asked_by = running.job.payload.get("requested_by") or running.job.requested_by
    ranker.refit_ranker(actor=Actor(user_id=uuid.UUID(str(asked_by))) if asked_by else SYSTEM)


def _close_due(running: Running) -> None:
    from app.challenges.service import close_due_challenges

    with transaction() as session:
        close_due_challenges(session, clock.now())


def _publish_due(running: Running) -> None:
    from app.challenges.service import publish_due_challenges

    with transaction() as session:
        publish_due_challenges(session, clock.now())


def _expire_pairings(running: Running) -> None:
    from app.matchmaking.service import expire_pairings

    n_expired = -1
    while n_expired:
        with transaction() as session:
            n_expired = expire_pairings(session, now=clock.now())


def _remind_of_pairings(running: Running) -> None:
    from app.matchmaking.service import remind_of_pairings

    n_reminded = -1
    while n_reminded:
        with transaction() as session:
            n_reminded = remind_of_pairings(session, now=clock.now())


def _resume_suggestions(running: Running) -> None:
    from app.matchmaking.service import resume_due

    n_resumed = -1
    while n_resumed:
        with transaction() as session:
            n_resumed = resume_due(session, now=clock.now())


def _make_schedule(running: Running) -> None:
    from app.jobs import scheduling

    asked_by = running.job.requested_by
    actor = Actor(user_id=asked_by) if asked_by else SYSTEM
    scheduling.make_schedule(_id(running, "run_id"), running.progress, actor=actor)


def _follow_up(running: Running) -> None:
    from app.jobs import scheduling

    scheduling.follow_up()


def _disclose(running: Running) -> None:
    from app.jobs import trail

    trail.disclose()


def _check_trail(running: Running) -> None:
    from app.jobs import trail

    trail.check(actor=trail.asker(running.job.requested_by))


def _fix_day(running: Running) -> None:
    from app.jobs import trail

    trail.fix_day()


def _remind_of_deadlines(running: Running) -> None:
    from app.clarifications.service.remind import remind_of_deadlines

    with transaction() as session:
        remind_of_deadlines(session, now=clock.now())


def _remind_reviewers(running: Running) -> None:
    from app.reviews.service import remind

    with transaction() as session:
        remind(session, clock.now())


def _expire_corrections(running: Running) -> None:
    from app.reviews.service import expire_corrections

    with transaction() as session:
        expire_corrections(session, clock.now())


def _look_at_searches(running: Running) -> None:
    from app.jobs import searches

    searches.look_at_all(running.progress)


def _read_reports(running: Running) -> None:
    from flask import current_app

    from app.jobs import reports

    url = current_app.extensions["chipbridge_settings"].mail_reports_url
    if url:
        reports.read_box(url, running.progress)


def _post_to_group(running: Running) -> None:
    from flask import current_app

    from app.jobs import robots
    from app.robots.guard import Rules

    robots.post_all(_id(running, "robot_id"), Rules.of(current_app.extensions["chipbridge_settings"]))


def _purge_jobs(running: Running) -> None:
    with transaction() as session:
        purge(session, now=clock.now())
        purge_drafts(session, now=clock.now())
        purge_robot_messages(session, now=clock.now())


def _purge_files(running: Running) -> None:
    from app.files.purge import purge as purge_files

    purge_files(current_session(), now=clock.now())


def _run_digests(running: Running) -> None:
    payload = running.job.payload
    run_digests(
        running.progress,
        frequency=str(payload.get("frequency", "daily")),
        period=str(payload.get("period", "")),
    )


def _run_desk_digests(running: Running) -> None:
    run_desk_digests(running.progress)


def _send_digest(running: Running) -> None:
    try:
        send_one(_id(running, "user_id"), period=str(running.job.payload.get("period", "")))
    except NotFound as error:  # left the company since
        raise GivenUp(error.message) from error


HANDLERS: dict[str, Callable[[Running], None]] = {
    EventKind.NEED_PUBLISHED: _event("need_id"),
    EventKind.CHALLENGE_PUBLISHED: _event("need_id"),
    EventKind.NEED_RETURNED: _event("need_id"),
    EventKind.ORGANIZATION_VERIFIED: _event("organization_id"),
    EventKind.ORGANIZATION_REJECTED: _event("organization_id"),
    EventKind.PAIRING_PROPOSED: _event("pairing_id"),
    EventKind.PAIRING_ACCEPTED: _event("pairing_id"),
    EventKind.PAIRING_INTRODUCED: _event("pairing_id"),
    EventKind.PAIRING_DECLINED: _event("pairing_id"),
    EventKind.PAIRING_ADVANCED: _event("step_id"),
    EventKind.PAIRING_DROPPED: _event("step_id"),
    EventKind.PAIRING_REMINDED: _event("pairing_id"),
    EventKind.PAIRING_EXPIRED: _event("pairing_id"),
    EventKind.PAIRING_MESSAGE: _event("message_id"),
    EventKind.MEETING_PROPOSED: _event("meeting_id"),
    EventKind.MEETING_DECLINED: _event("meeting_id"),
    EventKind.MEETING_SET: _event("meeting_id"),
    EventKind.MEETING_MOVED: _event("meeting_id"),
    EventKind.MEETING_CANCELLED: _event("meeting_id"),
    EventKind.MEETING_NEXT_DAY: _event("meeting_id"),
    EventKind.MEETING_NEXT_MONTH: _event("meeting_id"),
    EventKind.EVENT_CANCELLED: _event("event_id"),
    EventKind.BID_CORRECTION_ASKED: _event("bid_id"),
    EventKind.BID_FORMAT_DECIDED: _event("bid_id"),
    EventKind.BID_OPENED: _event("bid_id"),
    EventKind.BID_DEFENCE_SET: _event("bid_id"),
    EventKind.REVIEW_INVITED: _event("seat_id"),
    EventKind.REVIEW_REMINDED: _event("seat_id"),
    EventKind.REVIEW_MEETING: _event("seat_id"),
    EventKind.REVIEW_RANKED: _event("panel_id"),
    EventKind.ROBOT_STOPPED: _event("robot_id"),
    "robots.post": _post_to_group,
    "challenges.remind": _remind_of_deadlines,
    "reviews.remind": _remind_reviewers,
    "reviews.expire_corrections": _expire_corrections,
    **dict.fromkeys(CompetitionEvent, _competition),
    NEWS: _sealed_news,
    "need.changed": _need_changed,
    "product.changed": _product_changed,
    "products.imported": _products_imported,
    "products.check_import": _of_import("check"),
    "products.commit_import": _of_import("commit"),
    "taxonomy.apply": _taxonomy_apply,
    "matching.configuration": _configuration,
    "matching.recompute": _matching_recompute,
    "matching.refit_ranker": _refit_ranker,
    "challenges.close_due": _close_due,
    "challenges.publish_due": _publish_due,
    "suggestions.resume": _resume_suggestions,
    "pairings.expire": _expire_pairings,
    "pairings.remind": _remind_of_pairings,
    "events.schedule": _make_schedule,
    "meetings.follow_up": _follow_up,
    "jobs.purge": _purge_jobs,
    "searches.look": _look_at_searches,
    "mail.read_reports": _read_reports,
    "files.purge": _purge_files,
    "sealed.disclose": _disclose,
    "audit.check": _check_trail,
    "audit.fix_day": _fix_day,
    "digests.run": _run_digests,
    "digests.desk": _run_desk_digests,
    "digest.send": _send_digest,
}
