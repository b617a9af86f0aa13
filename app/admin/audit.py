"""The audit explorer."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import uuid
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request, stream_with_context

from app.accounts.current import current_actor
from app.admin.access import guard
from app.audit import queries, service
from app.core import clock
from app.core.text import csv_safe
from app.db import current_session, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

bp = Blueprint("desk_audit", __name__, url_prefix="/desk/audit")
bp.before_request(guard)

# No running number: gaps between numbers would count the rows that a running competition keeps back.
COLUMNS = (
    "created_at",
    "actor_name",
    "capacity",
    "action",
    "subject_type",
    "subject_id",
    "subject_label",
    "details",
    "request_id",
)


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
        "desk/audit/list.html", page=page, wanted=wanted, actions=queries.actions(session), dumps=_dumps
    )


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
    yield "\ufeff" + _line(COLUMNS)
    for event in queries.stream(current_session(), wanted=wanted):
        values = (getattr(event, column) for column in COLUMNS)
        yield _line([_dumps(value) if isinstance(value, dict) else str(value or "") for value in values])


def _line(values: object) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([csv_safe(str(value)) for value in values])  # type: ignore[attr-defined]
    return buffer.getvalue()


def _dumps(details: object) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True)
