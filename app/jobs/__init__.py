"""What runs outside requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings


def init_jobs(app: Flask, settings: Settings) -> None:
    """Attach the broker that carries "look at job N"."""
