"""The time at which tests happen."""

from __future__ import annotations

import datetime as dt

NOON = dt.datetime(2026, 11, 24, 4, 0, tzinfo=dt.UTC)
"""Noon in Shanghai, a Tuesday."""
