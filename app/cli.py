"""Commands of the operator: ``flask --app wsgi GROUP COMMAND``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask.cli import AppGroup

if TYPE_CHECKING:
    from flask import Flask

system = AppGroup("system", help="Prepare and upgrade an installation.")


def init_cli(app: Flask) -> None:
    """Register every group."""
    app.cli.add_command(system)
