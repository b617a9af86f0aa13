"""Logs for operators: one JSON line each, ids only, no names, prices or addresses."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
import uuid
from typing import TYPE_CHECKING, Any

from flask import g, has_request_context, request

from app.audit.service import ORIGIN, Origin

if TYPE_CHECKING:
    from flask import Flask, Response

    from config import Settings

_STANDARD = frozenset(vars(logging.makeLogRecord({})))
SEALED = frozenset({"workspace_bids"})
"""Blueprints whose endpoints would tell, before the deadline, how many bids there are."""
QUIET = SEALED | {"drafts"}
"""Blueprints whose errors may quote what somebody writes in a bid; of those the place is logged, not the words."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class JsonFormatter(logging.Formatter):
    """Formats a record and its ``extra`` as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _STANDARD and key != "message"}
        if has_request_context():
            line["request_id"] = g.get("request_id", "")
        if record.exc_info:
            line["exception"] = _told(record.exc_info) if _is_quiet() else self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def _is_quiet() -> bool:
    return has_request_context() and request.blueprint in QUIET


def _told(error: tuple[Any, ...]) -> str:
    kind, _, trace = error
    return "".join([*traceback.format_tb(trace), getattr(kind, "__name__", "")])


def init_logs(app: Flask, settings: Settings) -> None:
    """Send the portal's logs to standard error as JSON and give every request an id."""
    logger = logging.getLogger("app")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    # Before everything else, the check of tokens too: a refused request has an id.
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_finish)


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
    g.started = time.monotonic()
    ORIGIN.set(Origin(request_id=g.request_id, ip=request.remote_addr or ""))


def _finish(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if request.endpoint not in ("static", "bootstrap.static"):
        logging.getLogger("app.request").info(
            "request",
            extra={
                "method": request.method,
                "endpoint": request.blueprint if request.blueprint in SEALED else request.endpoint,
                "status": response.status_code,
                "milliseconds": round((time.monotonic() - g.get("started", time.monotonic())) * 1000, 1),
            },
        )
    return response
