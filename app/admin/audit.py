"""The audit explorer."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _

from app.accounts.current import current_actor
from app.admin.access import guard
from app.audit import heads, labels, policy, queries, service
from app.core import clock
from app.core.text import csv_line
from app.db import current_session, transaction
from app.outbox.service import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from app.audit.models import AuditEvent

bp = Blueprint("desk_audit", __name__, url_prefix="/desk/audit")
bp.before_request(guard)

HEADER = (
    "number", "created_at", "actor_name", "capacity", "action", "action_code", "subject_type", "subject_id",
    "subject_label", "details", "request_id", "ip", "hash",
)  # fmt: skip
N_DAYS, N_CHECKS = 60, 10


def _filter() -> queries.AuditFilter:
    arguments = request.args
    subject = arguments.get("subject", "")
    try:
        subject_id = uuid.UUID(subject) if subject else None
    except ValueError:
        subject_id = None
    until = _day("until")
    return queries.AuditFilter(
        text=arguments.get("q", "").strip()[:100],
        action=arguments.get("action", "")[:60],
        subject_type=arguments.get("type", "")[:40],
        subject_id=subject_id,
        since=_day("since"),
        until=until + dt.timedelta(days=1) if until else None,
    )


def _day(name: str) -> dt.datetime | None:
    """Return the start of a day of the query string in Shanghai, or None."""
    try:
        day = dt.date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return dt.datetime.combine(day, dt.time.min, tzinfo=clock.SHANGHAI)


@bp.get("/")
def list() -> ResponseReturnValue:
    """Show one page of the trail, newest first."""
    session, wanted = current_session(), _filter()
    page = queries.events(session, wanted=wanted, page=request.args.get("page", 1, int))
    return render_template(
        "desk/audit/list.html",
        page=page,
        wanted=wanted,
        actions=queries.actions(session),
        dumps=_dumps,
        labels=labels,
    )


@bp.get("/chain")
def chain() -> ResponseReturnValue:
    """Show what was published day by day, and what the latest checks have found."""
    session = current_session()
    return render_template(
        "desk/audit/chain.html",
        days=heads.published(session, limit=N_DAYS),
        checks=queries.checks(session, limit=N_CHECKS),
        labels=labels,
    )


@bp.post("/chain/check")
def check() -> ResponseReturnValue:
    """Have the whole trail checked; the result is an entry of it."""
    actor = current_actor()
    policy.can_read(actor).enforce()
    with transaction() as session:
        enqueue(session, "audit.check", now=clock.now(), key="audit.check", requested_by=actor.user_id)
    flash(_("The check has been started. Its result appears here."), "success")
    return redirect(url_for(".chain"), 303)


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    """Send the filtered trail as CSV, oldest first; the export itself is on the trail."""
    wanted = _filter()
    with transaction() as session:
        service.record(
            session,
            current_actor(),
            "audit.export",
            "audit",
            None,
            text=wanted.text,
            action_filter=wanted.action,
        )
    answer = Response(stream_with_context(_lines(wanted)), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=chipbridge-audit.csv"
    return answer


def _lines(wanted: queries.AuditFilter) -> Iterator[str]:
    yield "\ufeff" + csv_line(HEADER)
    for event in queries.stream(current_session(), wanted=wanted):
        yield csv_line(_values(event))


def _values(event: AuditEvent) -> tuple[object, ...]:
    link = event.link
    return (
        link.number if link else "",
        event.created_at.isoformat(),
        event.actor_name,
        labels.capacity(event.capacity),
        labels.action(event.action),
        event.action,
        labels.subject(event.subject_type),
        event.subject_id or "",
        event.subject_label,
        _dumps(event.details),
        event.request_id,
        event.ip,
        link.hash if link else "",
    )


def _dumps(details: object) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True)
