"""What operators read of errors: never the words of a bid."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from flask import Blueprint, Flask

from app.web.logs import JsonFormatter

PRICE = "1234.5" + " 万元"


@pytest.fixture
def app() -> Flask:
    """A portal of two pages."""
    app = Flask("test")
    for name in ("workspace_bids", "workspace_needs"):
        blueprint = Blueprint(name, __name__, url_prefix=f"/{name}")
        blueprint.add_url_rule("/", "list")
        app.register_blueprint(blueprint)
    return app


def exception(app: Flask, path: str) -> str:
    """Return what the log says of an error on a page."""
    with app.test_request_context(path):
        try:
            float(PRICE)
        except ValueError:
            record = logging.getLogger("app").makeRecord("app", 40, "f", 1, "failed", (), sys.exc_info())
            line: dict[str, Any] = json.loads(JsonFormatter().format(record))
            return str(line["exception"])


def test_an_error_on_a_page_of_bids_is_told_by_its_place_and_kind_only(app: Flask) -> None:
    told = exception(app, "/workspace_bids/")

    assert PRICE not in told
    assert "test_logs.py" in told
    assert told.endswith("ValueError")


def test_an_error_anywhere_else_is_told_in_full(app: Flask) -> None:
    assert PRICE in exception(app, "/workspace_needs/")
